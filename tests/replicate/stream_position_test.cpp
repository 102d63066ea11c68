#include "replicate/stream_position.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama::replicate {
namespace {

// A reader of a stream: all that it was given, each piece once.
struct Reader {
  StreamPosition position;
  std::string known;

  bool take(const std::string& id, const std::string& data) {
    const auto fresh = position.take(id, data, known);
    if (fresh) known += *fresh;
    return fresh.has_value();
  }
};

TEST(StreamPosition, returns_only_new_text) {
  Reader reader;
  EXPECT_TRUE(reader.take("1:0", "one "));
  EXPECT_TRUE(reader.take("1:1", ""));
  EXPECT_TRUE(reader.take("", "two"));
  EXPECT_EQ(reader.known, "one two");
  EXPECT_EQ(reader.position.last_id(), "1:1");
  EXPECT_EQ(reader.position.event_count(), 3U);
}

TEST(StreamPosition, resumes_after_the_last_event) {
  Reader reader;
  reader.take("1", "one ");
  reader.position.reopen();
  EXPECT_TRUE(reader.take("2", "two "));
  EXPECT_EQ(reader.known, "one two ");
}

TEST(StreamPosition, text_that_repeats_the_beginning_is_held_back_until_it_differs) {
  Reader reader;
  reader.take("1", "one two ");
  reader.position.reopen();
  EXPECT_TRUE(reader.take("2", "one "));
  EXPECT_EQ(reader.known, "one two ") << "it may be a replay under a new ID";
  EXPECT_TRUE(reader.take("3", "three"));
  EXPECT_EQ(reader.known, "one two one three");
}

TEST(StreamPosition, a_short_text_that_comes_twice_is_left_to_the_object) {
  Reader reader;
  reader.take("1", "ha ");
  reader.position.reopen();
  EXPECT_TRUE(reader.take("2", "ha "));
  EXPECT_TRUE(reader.take("3", "ha "));
  EXPECT_EQ(reader.known, "ha ");
}

TEST(StreamPosition, a_long_text_that_comes_twice_and_goes_on_is_a_replay) {
  const std::string text(200, 'x');
  for (const std::string id : {"b", ""}) {
    Reader reader;
    reader.take("1", text + "1");
    reader.take("2", text + "2");
    reader.position.reopen();
    EXPECT_TRUE(reader.take(id, text + "1"));
    EXPECT_TRUE(reader.take(id, text + "2"));
    EXPECT_TRUE(reader.take(id, text + "3"));
    EXPECT_EQ(reader.known, text + "1" + text + "2" + text + "3");
  }
}

TEST(StreamPosition, a_text_that_repeats_itself_is_left_to_the_object_however_long_it_is) {
  std::string laughs;
  for (int i = 0; i < 100; ++i) laughs += "ha ";
  Reader reader;
  reader.take("1", laughs);
  reader.position.reopen();
  EXPECT_TRUE(reader.take("2", laughs));
  EXPECT_TRUE(reader.take("3", "the end"));
  EXPECT_EQ(reader.known, laughs);
  EXPECT_FALSE(reader.position.holds_too_much());
  EXPECT_TRUE(reader.position.holds_more_than(laughs));
  EXPECT_FALSE(reader.position.holds_more_than(laughs + laughs + "the end"));
}

TEST(StreamPosition, a_replay_without_ids_after_events_with_ids_is_held_back) {
  Reader reader;
  reader.take("1", "Hello");
  reader.take("2", " big");
  reader.position.reopen();
  EXPECT_TRUE(reader.take("", "Hello"));
  EXPECT_EQ(reader.known, "Hello big");
  EXPECT_TRUE(reader.take("", " bad"));
  EXPECT_EQ(reader.known, "Hello bigHello bad") << "it was no replay";
  EXPECT_TRUE(reader.take("", "Hello"));
  EXPECT_EQ(reader.known, "Hello bigHello badHello") << "what follows is new";
}

TEST(StreamPosition, what_was_held_back_may_be_found_where_the_stream_broke) {
  Reader reader;
  reader.take("1", "ha ha ");
  reader.position.reopen();
  EXPECT_TRUE(reader.take("2", "ha ha n"));
  EXPECT_FALSE(reader.position.holds_more_than("ha ha ha ha no"));
  EXPECT_TRUE(reader.position.holds_more_than("ha ha ha"));
}

TEST(StreamPosition, a_replay_from_the_start_or_the_middle_is_recognized_by_its_ids) {
  for (const int from : {1, 2, 3}) {
    Reader reader;
    for (const char* id : {"1", "2", "3"}) reader.take(id, "ha ");
    reader.position.reopen();
    for (int id = from; id <= 4; ++id) EXPECT_TRUE(reader.take(std::to_string(id), "ha "));
    EXPECT_EQ(reader.known, "ha ha ha ha ") << "replayed from event " << from;
  }
}

TEST(StreamPosition, a_stream_without_ids_starts_over_and_is_compared) {
  Reader reader;
  reader.take("", "one ");
  reader.take("", "two ");
  reader.position.reopen();
  EXPECT_TRUE(reader.take("", "one t"));  // split into different pieces now
  EXPECT_TRUE(reader.take("", "wo three"));
  EXPECT_EQ(reader.known, "one two three");
}

TEST(StreamPosition, events_without_an_id_are_replayed_after_the_last_one_with_an_id) {
  Reader reader;
  reader.take("1", "one ");
  reader.take("", "two ");
  reader.position.reopen();
  EXPECT_TRUE(reader.take("", "two "));
  EXPECT_TRUE(reader.take("", "three"));
  EXPECT_EQ(reader.known, "one two three");
}

TEST(StreamPosition, text_known_from_polls_is_not_returned_again) {
  Reader reader;
  reader.take("1", "one ");
  reader.known += "two thr";  // from a poll
  reader.position.reopen();
  EXPECT_TRUE(reader.take("2", "two "));
  EXPECT_TRUE(reader.take("3", "three"));
  EXPECT_EQ(reader.known, "one two three");
}

TEST(StreamPosition, an_event_that_contradicts_the_known_text_is_rejected) {
  Reader reader;
  reader.take("1", "one ");
  reader.known += "two ";
  reader.position.reopen();
  EXPECT_FALSE(reader.take("2", "tea "));
  EXPECT_EQ(reader.known, "one two ");
}

TEST(StreamPosition, a_replay_longer_than_the_memory_is_recognized_by_its_first_event) {
  Reader reader;
  constexpr int kEvents = 10'000;
  for (int i = 0; i < kEvents; ++i) reader.take(std::to_string(i), "ha ");
  reader.position.reopen();
  for (int i = 0; i <= kEvents; ++i) EXPECT_TRUE(reader.take(std::to_string(i), "ha "));
  EXPECT_EQ(reader.known.size(), 3U * (kEvents + 1));
}

}  // namespace
}  // namespace rellama::replicate
