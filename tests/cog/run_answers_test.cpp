// What a container can answer to a run.

#include <gtest/gtest.h>

#include <chrono>

#include "cog/run_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

using namespace std::chrono_literals;
using End = ScriptedAnswer::End;

TEST_F(CogRun, a_run_without_a_stream_may_take_a_day) {
  delivery_ = Delivery::poll;
  ScriptedAnswer whole = json_answer(200, object_of(kPieces));
  whole.after = 24h;
  run({.runs = {{whole}}});
  expect_answer("");
}

TEST_F(CogRun, a_container_whose_setup_failed_is_not_waited_for) {
  for (const char* state : {"SETUP_FAILED", "DEFUNCT"}) {
    run({.runs = {{json_answer(503, "")}}, .health = {{health_answer(state)}}});
    expect_canceled(ErrorKind::server, state);
    EXPECT_TRUE(holds(error_->what(), state));
    EXPECT_EQ(container_.runs.used(), 1U);
  }
}

TEST_F(CogRun, a_container_without_put_gets_a_post_with_the_id_in_its_body) {
  for (const int status : {404, 405}) {
    run({.runs = {{json_answer(status, ""), stream_of(kPieces)}}});
    expect_answer("");
    const auto& post = tasks_->requests().back().request;
    EXPECT_EQ(post.method + " " + post.url, "POST http://127.0.0.1:5000/predictions");
    EXPECT_TRUE(holds(post.body, sink_.id));

    run({.runs = {{json_answer(status, "")}}});
    expect_canceled(status == 404 ? ErrorKind::not_found : ErrorKind::server, "");
    EXPECT_EQ(container_.runs.used(), 2U);
  }
}

TEST_F(CogRun, a_model_without_events_is_asked_for_the_final_object) {
  run({.runs = {{json_answer(406, ""), json_answer(200, object_of(kPieces))}}});
  expect_answer("");
  const auto& headers = tasks_->requests().back().request.headers;
  EXPECT_EQ(http::find_header(headers, "Accept"), "application/json");

  run({.runs = {{json_answer(406, "")}}});
  expect_canceled(ErrorKind::server, "");
  EXPECT_EQ(container_.runs.used(), 2U);
}

TEST_F(CogRun, a_busy_container_is_waited_for_as_long_as_patience_lasts) {
  run({.runs = {{json_answer(409, "")}}});
  expect_canceled(ErrorKind::rate_limited, "");
  const auto& sent = tasks_->requests();
  const auto waited = sent.back().at - sent.front().at;
  EXPECT_GT(waited, options_.patience);
  EXPECT_LE(waited, options_.patience + 5s);
  for (std::size_t i = 1; i < sent.size(); ++i) {
    EXPECT_LE(sent[i].at - sent[i - 1].at, 5s);
  }
}

TEST_F(CogRun, a_busy_container_says_when_to_ask_again) {
  const auto wait_after = [this](const std::string& seconds) {
    const ScriptedAnswer busy = answer(409, "", {{"retry-after", seconds}});
    run({.runs = {{busy, stream_of(kPieces)}}});
    expect_answer(seconds);
    return tasks_->requests()[1].at - tasks_->requests()[0].at;
  };
  EXPECT_EQ(wait_after("3"), 3s);
  EXPECT_EQ(wait_after("60"), 5s) << "but not for long";
}

TEST_F(CogRun, a_run_that_is_still_active_is_asked_for_again) {
  const ScriptedAnswer active =
      stream_answer(event_of("completed", object_of({"one "}, "processing")));
  const ScriptedAnswer whole = stream_of(kPieces);
  run({.runs = {{whole.cut(200, End::broken), active, whole}}});
  expect_answer("");
}

TEST_F(CogRun, an_answer_without_a_known_status_is_final) {
  for (const char* status : {"", R"("status":"done",)", R"("status":null,)"}) {
    run({.runs = {{json_answer(200, "{" + std::string(status) + R"("output":"one"})")}}});
    ASSERT_TRUE(final_) << status;
    EXPECT_EQ(final_->status, Status::succeeded) << status;
    EXPECT_EQ(sink_.text, "one") << status;
    EXPECT_EQ(container_.runs.used(), 1U) << "the model ran again";
  }
  run({.runs = {{json_answer(200, R"({"error":"no memory"})")}}});
  ASSERT_TRUE(final_);
  EXPECT_EQ(final_->status, Status::failed);
  run({.runs = {{json_answer(200, "{}")}}});
  expect_canceled(ErrorKind::server, "");
  EXPECT_EQ(container_.runs.used(), 1U) << "the model ran again";
}

TEST_F(CogRun, a_stream_with_only_keep_alives_is_not_broken) {
  ScriptedAnswer slow = stream_of(kPieces);
  slow.pieces = {{.bytes = ": keep-alive\n\n"}};
  for (auto after = 40s; after < 1h; after += 40s)
    slow.pieces.push_back({": keep-alive\n\n", after});
  slow.pieces.push_back({stream_of(kPieces).pieces.front().bytes, 1h});
  run({.runs = {{slow}}});
  expect_answer("");
  EXPECT_EQ(tasks_->requests().size(), 1U);
}

TEST_F(CogRun, a_restarted_run_that_says_something_else_is_incomplete) {
  const ScriptedAnswer whole = stream_of(kPieces);
  const ScriptedAnswer other = stream_of({"one ", "three"});
  run({.runs = {{whole.cut(whole.body_size() / 2, End::broken), other}}});
  expect_canceled(ErrorKind::incomplete, "");
  EXPECT_TRUE(std::string_view(kText).starts_with(sink_.text)) << sink_.text;
}

TEST_F(CogRun, chunks_that_are_missing_come_from_the_final_object) {
  const std::string first = event_of("output", R"({"chunk":"one ","index":0})");
  const std::string last = event_of("output", R"({"chunk":"\ud83d\ude42","index":5})");
  const std::string unnumbered = event_of("output", R"({"chunk":"\ud83d\ude42"})");
  const std::string lost = event_of("error", R"({"error":"too slow","skipped":4})");
  const std::string end = event_of("completed", object_of(kPieces));
  for (const std::string& events :
       {first + last + end, first + lost + unnumbered + end, lost + end, end}) {
    run({.runs = {{stream_answer(events)}}});
    expect_answer(events);
  }
}

TEST_F(CogRun, chunks_without_an_index_are_counted) {
  const std::string events =
      event_of("output", R"({"chunk":"one "})") + event_of("output", R"({"chunk":"two "})");
  const ScriptedAnswer whole = stream_answer(events + event_of("completed", object_of(kPieces)));
  run({.runs = {{stream_answer(events).cut(events.size(), End::broken), whole}}});
  expect_answer("");
}

TEST_F(CogRun, a_connection_that_keeps_breaking_is_an_error) {
  const ScriptedAnswer whole = stream_of(kPieces);
  run({.runs = {{whole.cut(0, End::broken)}}});
  expect_canceled(ErrorKind::network, "");
  EXPECT_EQ(container_.runs.used(), 4U) << "once and three retries";
  run({.runs = {{whole.cut(300, End::broken)}}});
  expect_canceled(ErrorKind::incomplete, "part of the answer was shown");
}

TEST_F(CogRun, a_failed_run_is_returned_with_what_was_shown) {
  const std::string failed = R"({"status":"failed","error":"out of memory","output":null})";
  run({.runs = {{stream_answer(events_of(kPieces) + event_of("completed", failed))}}});
  ASSERT_TRUE(final_);
  EXPECT_EQ(final_->status, Status::failed);
  EXPECT_EQ(final_->output.text(), kText);
  EXPECT_EQ(sink_.text, kText);
  EXPECT_EQ(container_.cancels.used(), 0U);
}

TEST_F(CogRun, files_are_not_shown_as_text) {
  const std::vector<std::string> files{"https://files.example/a.png",
                                       "https://files.example/b.png"};
  run({.runs = {{stream_of(files)}}});
  ASSERT_TRUE(final_);
  EXPECT_EQ(final_->output.files(), files);
  EXPECT_EQ(sink_.text, "");
}

TEST_F(CogRun, a_text_that_begins_with_a_url_is_shown_once_at_the_end) {
  const std::string text = "https://example.com is it, d\xC3\xB6rt";
  run({.runs = {{stream_of({"https://example.com", " is it, d\xC3\xB6rt"})}}});
  ASSERT_TRUE(final_);
  EXPECT_EQ(final_->output.text(), text);
  EXPECT_EQ(sink_.text, text);
}

}  // namespace
}  // namespace rellama::test
