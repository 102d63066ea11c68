#include "web/conversations.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "files/scratch_directory.hpp"
#include "support/expect_error.hpp"
#include "web/conversation_json.hpp"

namespace rellama::web {
namespace {

using history::Database;
using history::Store;

class ConversationsTest : public test::ScratchDirectory {
 protected:
  RecordedTurn ask(const std::string& prompt, const std::optional<ConversationId>& in = {},
                   std::int64_t parent = 0, bool record = true) {
    std::string why;
    const RecordedTurn turn = conversations_.begin(in,
                                                   {.conversation = 0,
                                                    .name = {},
                                                    .parent = parent,
                                                    .prediction = {},
                                                    .model = "meta/llama-2-7b-chat",
                                                    .model_options = R"({"temperature":["0.2"]})",
                                                    .prompt = prompt,
                                                    .asked_at = ++now_},
                                                   record, why);
    EXPECT_EQ(why, "");
    Store& store = conversations_.store_of(turn.conversation);
    const history::TurnId id{turn.conversation.number, turn.number};
    store.append(id, "answer to " + prompt);
    store.end(id, {.status = "succeeded", .error = {}, .ended_at = now_});
    return turn;
  }
  [[nodiscard]] nlohmann::json json_of(const ConversationId& id) {
    return nlohmann::json::parse(render_conversation(id, *conversations_.find(id),
                                                     conversations_.turns(id),
                                                     [](std::int64_t) { return std::string(); }));
  }

  history::Time now_ = 1'700'000'000'000;
  Conversations conversations_{at("history.db")};
};

TEST_F(ConversationsTest, are_in_the_history_that_rellama_chat_has) {
  const RecordedTurn turn = ask("Hi");
  EXPECT_EQ(turn.conversation, (ConversationId{.in_memory = false, .number = 1}));
  Store other(at("history.db"), Database::Open::existing);
  EXPECT_EQ(other.find_last()->first_prompt, "Hi");
  EXPECT_EQ(other.find_last()->current, 1);
}

TEST_F(ConversationsTest, what_is_not_to_be_recorded_stays_in_memory) {
  const RecordedTurn turn = ask("secret", {}, 0, /*record=*/false);
  EXPECT_TRUE(turn.conversation.in_memory);
  EXPECT_EQ(names(), std::set<std::string>{});
  EXPECT_EQ(conversations_.turns(turn.conversation).at(0).output, "answer to secret");
  const RecordedTurn next = ask("more", turn.conversation, turn.number, /*record=*/true);
  EXPECT_TRUE(next.conversation.in_memory) << "a conversation does not move into the history";
}

TEST_F(ConversationsTest, a_recorded_conversation_goes_on_unrecorded_as_a_copy) {
  const RecordedTurn first = ask("one");
  const RecordedTurn second = ask("two", first.conversation, first.number);
  (void)ask("aside", first.conversation, first.number);
  const RecordedTurn copy = ask("three", second.conversation, second.number, /*record=*/false);
  EXPECT_TRUE(copy.conversation.in_memory);
  const auto turns = conversations_.turns(copy.conversation);
  ASSERT_EQ(turns.size(), 3U);
  EXPECT_EQ(turns[0].prompt, "one");
  EXPECT_EQ(turns[1].prompt, "two");
  EXPECT_EQ(turns[2].prompt, "three");
  EXPECT_EQ(turns[2].parent, 2);
  EXPECT_EQ(conversations_.turns(first.conversation).size(), 3U);
}

TEST_F(ConversationsTest, the_oldest_in_memory_are_forgotten) {
  const RecordedTurn first = ask("first", {}, 0, /*record=*/false);
  for (int i = 0; i < 120; ++i) (void)ask(std::to_string(i), {}, 0, /*record=*/false);
  EXPECT_FALSE(conversations_.find(first.conversation));
  EXPECT_TRUE(conversations_.find({.in_memory = true, .number = 121}));
  EXPECT_TRUE(conversations_.list(1000, "").entries.empty()) << "they are in no list";
}

TEST_F(ConversationsTest, a_list_has_pages_without_gaps) {
  for (int i = 0; i < 7; ++i) {
    if (i == 3) --now_;  // two in one millisecond
    (void)ask(std::to_string(i));
  }
  std::string seen;
  std::string before;
  do {
    const ConversationList page = conversations_.list(2, before);
    EXPECT_LE(page.entries.size(), 2U);
    for (const auto& entry : page.entries) seen += entry.summary.first_prompt;
    before = page.next;
  } while (!before.empty());
  EXPECT_EQ(seen, "6543210");
}

TEST_F(ConversationsTest, a_search_finds_each_conversation_once) {
  const RecordedTurn turn = ask("the blue whale");
  (void)ask("another blue whale", turn.conversation, turn.number);
  (void)ask("a red whale");
  const ConversationList found = conversations_.search("blue whale", 10);
  ASSERT_EQ(found.entries.size(), 1U);
  EXPECT_NE(found.entries[0].excerpt.find("blue"), std::string::npos);
  EXPECT_EQ(conversations_.search("whale", 10).entries.size(), 2U);
  EXPECT_EQ(conversations_.search("whale", 1).entries.size(), 1U);
}

TEST_F(ConversationsTest, another_process_is_noticed) {
  (void)ask("Hi");
  EXPECT_FALSE(conversations_.has_changed_elsewhere());
  Store other(at("history.db"), Database::Open::existing);
  other.go_to({.conversation = 1, .number = 0});
  EXPECT_TRUE(conversations_.has_changed_elsewhere());
  EXPECT_FALSE(conversations_.has_changed_elsewhere());
}

TEST_F(ConversationsTest, a_history_that_cannot_be_used_does_not_stop_an_answer) {
  write("history.db", "this is no database, but some text that is long enough to look at");
  std::string why;
  history::NewTurn turn_to_record;
  turn_to_record.prompt = "Hi";
  const RecordedTurn turn = conversations_.begin({}, turn_to_record, true, why);
  EXPECT_TRUE(turn.conversation.in_memory);
  EXPECT_NE(why, "");
}

TEST_F(ConversationsTest, asking_again_gives_one_message_two_answers) {
  const RecordedTurn first = ask("Hi");
  (void)ask("Hi", first.conversation, 0);
  (void)ask("Hello", first.conversation, 0);
  const auto json = json_of(first.conversation);
  std::string tree;
  for (const auto& message : json["messages"]) {
    tree += message["id"].get<std::string>() + "<" +
            (message["parent"].is_null() ? "" : message["parent"].get<std::string>()) + " ";
  }
  EXPECT_EQ(tree, "u1< a1<u1 a2<u1 u3< a3<u3 ");
  EXPECT_EQ(json["current"], "a3");
  EXPECT_EQ(json["parameters"]["temperature"], 0.2);
  EXPECT_EQ(json["messages"][1]["status"], "succeeded");
  EXPECT_EQ(json["messages"][1]["blocks"][0]["t"], "p");
}

TEST_F(ConversationsTest, an_export_has_the_path_to_the_current_message) {
  const RecordedTurn first = ask("one");
  (void)ask("aside", first.conversation, first.number);
  (void)ask("two", first.conversation, first.number);
  const auto summary = *conversations_.find(first.conversation);
  const std::string text = export_markdown(summary, conversations_.turns(first.conversation));
  EXPECT_NE(text.find("## You\n\ntwo"), std::string::npos);
  EXPECT_EQ(text.find("aside"), std::string::npos);
}

}  // namespace
}  // namespace rellama::web
