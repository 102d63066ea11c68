#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "files/scratch_directory.hpp"
#include "history/schema.hpp"
#include "history/store.hpp"
#include "support/expect_error.hpp"

namespace rellama::history {
namespace {

class SearchTest : public test::ScratchDirectory {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return directory_ / "history.db"; }
  [[nodiscard]] Store open() const { return Store(path(), Database::Open::create); }

  static TurnId ask(Store& store, const std::string& prompt, const std::string& answer) {
    const TurnId id = store.begin({.conversation = 0,
                                   .name = {},
                                   .parent = 0,
                                   .prediction = "p",
                                   .model = "meta/llama-2-7b-chat",
                                   .model_options = "{}",
                                   .prompt = prompt,
                                   .asked_at = 1000});
    store.append(id, answer);
    store.end(id, {.status = "succeeded", .error = {}, .ended_at = 1001});
    return id;
  }
  static std::size_t count(Store& store, const std::vector<std::string>& words) {
    return store.search(words, {}).size();
  }

  // A history as version 1 of the schema had it, with one turn that has not ended.
  void make_old_history() const {
    Database database(path(), Database::Open::create, std::chrono::seconds(5));
    migrate(database, schema_steps().first(1));
    database.execute(R"sql(
INSERT INTO conversation (name, started_at, updated_at, model, turns, current)
VALUES ('work', 1, 9, 'meta/llama-2-70b-chat', 3, 2);
INSERT INTO turn (conversation, number, prediction, model, model_options, prompt, output, status,
                  asked_at, input_tokens, seconds)
VALUES (1, 1, 'p1', 'm', '{}', '日本語の勉強', 'がんばって', 'running', 1, 5, 0.5),
       (1, 2, 'p2', 'm', '{}', 'unbelievable rivers', 'Yes.', 'running', 2, 6, NULL),
       (1, 3, 'p3', 'm', '{}', 'still open', '', 'running', 3, NULL, NULL);
UPDATE turn SET status = 'succeeded', ended_at = 4 WHERE number < 3;
)sql");
  }
};

TEST_F(SearchTest, finds_parts_of_words) {
  Store store = open();
  ask(store, "What is unbelievable?", "Rivers.");
  for (const char* part : {"believ", "unbeliev", "ABLE", "Rivers.", "ver", "is", "W", "?"}) {
    EXPECT_EQ(count(store, {part}), 1U) << part;
  }
  EXPECT_EQ(count(store, {"believ", "iv", "zz"}), 0U);
  EXPECT_EQ(count(store, {"believ", "iv"}), 1U);
  EXPECT_EQ(count(store, {"riv*"}), 1U);
}

TEST_F(SearchTest, finds_chinese_and_japanese) {
  Store store = open();
  const TurnId chinese = ask(store, "请用中文解释什么是大语言模型", "模型会预测下一个词。");
  const TurnId japanese = ask(store, "日本語で挨拶を教えて", "こんにちは、ありがとう。");
  EXPECT_EQ(store.search({"语言模型"}, {}).at(0).id, chinese);
  EXPECT_EQ(store.search({"中文"}, {}).at(0).id, chinese) << "two characters";
  EXPECT_EQ(store.search({"词"}, {}).at(0).id, chinese) << "one character";
  EXPECT_EQ(store.search({"挨拶"}, {}).at(0).id, japanese);
  EXPECT_EQ(store.search({"ありがとう", "日本"}, {}).at(0).id, japanese);
  EXPECT_EQ(count(store, {"韩国"}), 0U);
}

TEST_F(SearchTest, case_does_not_matter) {
  Store store = open();
  ask(store, "Über ÉCOLE", "straße");
  EXPECT_EQ(count(store, {"über"}), 1U);
  EXPECT_EQ(count(store, {"école"}), 1U);
}

TEST_F(SearchTest, excerpts_show_the_match_and_cut_no_character) {
  Store store = open();
  std::string answer;
  for (int i = 0; i < 200; ++i) answer += "猫が好き。";
  answer += "needle";
  for (int i = 0; i < 200; ++i) answer += "犬も好き。";
  ask(store, "pets", answer);
  const std::string excerpt = store.search({"NEEDLE"}, {}).at(0).excerpt;
  EXPECT_TRUE(test::holds(excerpt, "好き。needle犬も")) << excerpt;
  EXPECT_TRUE(excerpt.starts_with("…") && excerpt.ends_with("…")) << excerpt;
  EXPECT_LT(excerpt.size(), 200U);
  EXPECT_EQ(store.search({"pets"}, {}).at(0).excerpt, "pets");
}

TEST_F(SearchTest, limits_and_filters_hold_for_short_words) {
  Store store = open();
  for (int i = 0; i < 5; ++i) ask(store, "猫", "ok");
  EXPECT_EQ(store.search({"猫"}, {.limit = 2}).size(), 2U);
  EXPECT_EQ(store.search({"猫"}, {.model = "70b"}).size(), 0U);
  EXPECT_EQ(store.search({"猫"}, {.since = 2000}).size(), 0U);
  const auto newest_first = store.search({"猫"}, {.limit = 2});
  EXPECT_GT(newest_first[0].id.conversation, newest_first[1].id.conversation);
}

TEST_F(SearchTest, an_old_history_is_migrated_without_loss) {
  make_old_history();
  Store store(path(), Database::Open::existing);
  EXPECT_EQ(store.find_named("work")->current, 2);
  const auto turns = store.turns(1);
  ASSERT_EQ(turns.size(), 3U);
  EXPECT_EQ(turns[0].output, "がんばって");
  EXPECT_EQ(turns[0].seconds, 0.5);
  EXPECT_EQ(turns[1].input_tokens, 6);
  EXPECT_EQ(turns[2].status, "running");
  EXPECT_EQ(count(store, {"believ"}), 1U);
  EXPECT_EQ(count(store, {"本語の"}), 1U);
  EXPECT_EQ(count(store, {"still"}), 1U);
  // What is recorded from now on is in the new index, once.
  store.end({1, 3}, {.status = "succeeded", .error = {}, .ended_at = 5});
  EXPECT_EQ(count(store, {"still"}), 1U);
  EXPECT_TRUE(store.remove(1));
  store.forget_removed();
  EXPECT_EQ(count(store, {"believ"}), 0U);
}

TEST_F(SearchTest, a_search_adds_what_is_new_to_the_index) {
  Store store = open();
  ask(store, "What is a llama?", "Ein Tier im Gebirge.");
  Database raw(path(), Database::Open::existing, std::chrono::seconds(5));
  const auto indexed = [&raw] {
    Statement rows = raw.prepare("SELECT count(*) FROM turn_text WHERE turn_text MATCH 'llama'");
    return rows.step() ? rows.integer(0) : -1;
  };
  EXPECT_EQ(indexed(), 0);
  EXPECT_EQ(count(store, {"Gebirge"}), 1U);
  EXPECT_EQ(indexed(), 1);
  ask(store, "And a vicuña?", "No llama.");
  EXPECT_EQ(count(store, {"llama"}), 2U);
  EXPECT_EQ(indexed(), 2);
}

TEST_F(SearchTest, what_cannot_be_added_to_the_index_is_found_nevertheless) {
  Store store(path(), Database::Open::create, std::chrono::milliseconds(0));
  ask(store, "What is a llama?", "An animal.");
  Database other(path(), Database::Open::existing, std::chrono::seconds(5));
  Transaction writing(other);
  EXPECT_EQ(count(store, {"llama", "animal"}), 1U);
}

TEST_F(SearchTest, what_was_removed_is_found_no_more) {
  Store store = open();
  const TurnId before = ask(store, "What is a quokka?", "x");
  EXPECT_EQ(count(store, {"quokka"}), 1U);
  const TurnId after = ask(store, "Another quokka", "x");
  EXPECT_TRUE(store.remove(before.conversation));
  EXPECT_TRUE(store.remove(after.conversation));
  EXPECT_EQ(count(store, {"quokka"}), 0U);
  Database raw(path(), Database::Open::existing, std::chrono::seconds(5));
  EXPECT_NO_THROW(raw.execute("INSERT INTO turn_text (turn_text) VALUES ('integrity-check')"));
}

TEST_F(SearchTest, many_programs_that_start_at_once_migrate_once) {
  make_old_history();
  std::vector<std::thread> programs;
  std::vector<std::size_t> found(8);
  for (std::size_t& matches : found) {
    programs.emplace_back([this, &matches] {
      Store store(path(), Database::Open::existing);
      matches = count(store, {"believ"});
    });
  }
  for (std::thread& program : programs) program.join();
  EXPECT_EQ(found, std::vector<std::size_t>(8, 1));
}

}  // namespace
}  // namespace rellama::history
