#include "history/store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <thread>

#include "history/schema.hpp"
#include "support/expect_error.hpp"

namespace rellama::history {
namespace {

using test::error_of;
using test::holds;

class StoreTest : public testing::Test {
 protected:
  ~StoreTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::filesystem::path path() const { return directory_ / "data" / "history.db"; }
  [[nodiscard]] Store open() const { return Store(path(), Database::Open::create); }

  static NewTurn question(std::string prompt, std::int64_t conversation = 0,
                          std::int64_t parent = 0, Time asked_at = 1000) {
    return {.conversation = conversation,
            .name = {},
            .parent = parent,
            .prediction = "p",
            .model = "meta/llama-2-7b-chat",
            .model_options = "{}",
            .prompt = std::move(prompt),
            .asked_at = asked_at};
  }
  static TurnId ask(Store& store, const NewTurn& turn, const std::string& answer) {
    const TurnId id = store.begin(turn);
    store.append(id, answer);
    store.end(id, {.status = "succeeded",
                   .error = {},
                   .ended_at = turn.asked_at + 1,
                   .input_tokens = 10,
                   .output_tokens = 20,
                   .seconds = 0.5});
    return id;
  }
  [[nodiscard]] static mode_t mode_of(const std::filesystem::path& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0;
  }

 private:
  static std::filesystem::path make_directory() {
    std::string name = testing::TempDir() + "history-XXXXXX";
    return mkdtemp(name.data());
  }
  std::filesystem::path directory_ = make_directory();
};

TEST_F(StoreTest, prompts_and_answers_are_found_again) {
  const TurnId id = [this] {
    Store store = open();
    return ask(store, question("Why?"), "Because.");
  }();
  Store store(path(), Database::Open::existing);
  const auto turn = store.find_turn(id);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->prompt, "Why?");
  EXPECT_EQ(turn->output, "Because.");
  EXPECT_EQ(turn->input_tokens, 10);
  EXPECT_EQ(turn->seconds, 0.5);
  EXPECT_TRUE(turn->is_complete());
  EXPECT_FALSE(store.find_turn({id.conversation, 2}));
}

TEST_F(StoreTest, a_prediction_is_known_once_it_is_recorded) {
  Store store = open();
  NewTurn turn = question("Why?");
  turn.prediction = "p1";
  EXPECT_FALSE(store.has_prediction("p1"));
  ask(store, turn, "Because.");
  EXPECT_TRUE(store.has_prediction("p1"));
  EXPECT_FALSE(store.has_prediction("p2"));
  EXPECT_FALSE(store.has_prediction(""));
}

TEST_F(StoreTest, only_its_owner_can_read_it) {
  Store store = open();
  ask(store, question("Why?"), "Because.");
  EXPECT_EQ(mode_of(path()), 0600U);
  EXPECT_EQ(mode_of(path().string() + "-wal"), 0600U);
  EXPECT_EQ(mode_of(path().string() + "-shm"), 0600U);
  EXPECT_EQ(mode_of(path().parent_path()), 0700U);
}

TEST_F(StoreTest, a_file_that_others_can_read_becomes_private) {
  { Store store = open(); }
  ::chmod(path().c_str(), 0644);
  { Store store = open(); }
  EXPECT_EQ(mode_of(path()), 0600U);
}

TEST_F(StoreTest, turns_are_a_tree) {
  Store store = open();
  const TurnId first = ask(store, question("1"), "a");
  const auto conversation = first.conversation;
  ask(store, question("2", conversation, 1), "b");
  const TurnId branch = ask(store, question("3", conversation, 1), "c");
  EXPECT_EQ(branch, (TurnId{conversation, 3}));
  const auto path = path_to(store.turns(conversation), 3);
  ASSERT_EQ(path.size(), 2U);
  EXPECT_EQ(path[0].prompt, "1");
  EXPECT_EQ(path[1].prompt, "3");
  EXPECT_EQ(store.find(conversation)->current, 3);
  store.go_to({conversation, 2});
  EXPECT_EQ(store.find(conversation)->current, 2);
}

TEST_F(StoreTest, a_conversation_does_not_continue_from_a_turn_without_an_answer) {
  Store store = open();
  const TurnId first = ask(store, question("1"), "a");
  const TurnId lost = store.begin(question("2", first.conversation, 1));
  store.end(lost, {.status = "failed", .error = "no memory", .ended_at = 2000});
  EXPECT_EQ(store.find(first.conversation)->current, 1);
  EXPECT_EQ(store.find_turn(lost)->error, "no memory");
}

TEST_F(StoreTest, the_newest_conversation_is_first) {
  Store store = open();
  const TurnId old = ask(store, question("old", 0, 0, 1000), "x");
  const TurnId recent = ask(store, question("recent", 0, 0, 2000), "y");
  EXPECT_EQ(store.find_last()->id, recent.conversation);
  ask(store, question("more", old.conversation, 1, 3000), "z");
  const auto all = store.list({});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, old.conversation);
  EXPECT_EQ(all[0].first_prompt, "old");
  EXPECT_EQ(all[0].turns, 2);
  EXPECT_EQ(store.list({.since = 2500}).size(), 1U);
  EXPECT_EQ(store.list({.before = 2500}).size(), 1U);
  EXPECT_EQ(store.list({.model = "13b"}).size(), 0U);
  EXPECT_EQ(store.list({.limit = 1}).size(), 1U);
}

TEST_F(StoreTest, names_are_found_and_belong_to_one_conversation) {
  Store store = open();
  NewTurn turn = question("Why?");
  turn.name = "work";
  const TurnId id = ask(store, turn, "Because.");
  EXPECT_EQ(store.find_named("work")->id, id.conversation);
  EXPECT_FALSE(store.find_named("play"));
  EXPECT_EQ(store.begin(turn), (TurnId{id.conversation, 2}));
}

TEST_F(StoreTest, search_finds_words_in_prompts_and_answers) {
  Store store = open();
  const TurnId llama = ask(store, question("What is a llama?"), "An animal of the Andes.");
  ask(store, question("What is a cat?"), "Another animal.");
  EXPECT_EQ(store.search({"animal"}, {}).size(), 2U);
  EXPECT_EQ(store.search({"Andes", "llama"}, {}).front().id, llama);
  EXPECT_EQ(store.search({"ande*"}, {}).size(), 1U);
  EXPECT_EQ(store.search({"ande"}, {}).size(), 1U);
  EXPECT_EQ(store.search({"animal"}, {.limit = 1}).size(), 1U);
  EXPECT_EQ(store.search({"animal"}, {.model = "70b"}).size(), 0U);
}

TEST_F(StoreTest, words_of_a_search_are_never_operators) {
  Store store = open();
  ask(store, question("say \"hi\" OR (not)"), "NEAR prompt: ^x - *");
  for (const char* word :
       {"\"", "OR", "NOT", "NEAR(", "prompt:", "^", "*", "-", "(", "a\"b", "''"}) {
    EXPECT_NO_THROW((void)store.search({word}, {})) << word;
  }
  EXPECT_EQ(store.search({"\"hi\"", "OR"}, {}).size(), 1U);
}

TEST_F(StoreTest, search_finds_running_and_interrupted_turns) {
  Store store = open();
  const TurnId id = store.begin(question("Tell me of Llamas"));
  store.append(id, "They live in");
  EXPECT_EQ(store.search({"llamas", "LIVE"}, {}).size(), 1U);
  store.append(id, " the Andes");
  store.end(id, {.status = "cut", .error = "interrupted", .ended_at = 5});
  EXPECT_EQ(store.search({"llamas", "andes"}, {}).size(), 1U);
  EXPECT_FALSE(store.find_turn(id)->is_complete());
}

TEST_F(StoreTest, what_was_removed_is_gone) {
  Store store = open();
  const TurnId id = ask(store, question("a quokka secret"), "hidden quokka answer");
  ask(store, question("kept"), "kept");
  EXPECT_TRUE(store.remove(id.conversation));
  EXPECT_FALSE(store.remove(id.conversation));
  store.forget_removed();
  EXPECT_EQ(store.search({"quokka"}, {}).size(), 0U);
  EXPECT_TRUE(store.turns(id.conversation).empty());
  for (const std::string& file : {path().string(), path().string() + "-wal"}) {
    std::string bytes;
    if (std::FILE* opened = std::fopen(file.c_str(), "rb")) {
      for (int c = std::fgetc(opened); c != EOF; c = std::fgetc(opened)) {
        bytes += static_cast<char>(c);
      }
      std::fclose(opened);
    }
    EXPECT_EQ(bytes.find("quokka"), std::string::npos) << file;
  }
  // Its number is not reused.
  EXPECT_GT(ask(store, question("new"), "x").conversation, id.conversation + 1);
}

TEST_F(StoreTest, usage_adds_up) {
  Store store = open();
  ask(store, question("1"), "a");
  ask(store, question("2"), "b");
  NewTurn other = question("3");
  other.model = "meta/llama-2-70b-chat";
  ask(store, other, "c");
  const auto totals = store.usage(UsageKey::model, {});
  ASSERT_EQ(totals.size(), 2U);
  EXPECT_EQ(totals[0].key, "meta/llama-2-70b-chat");
  EXPECT_EQ(totals[1].turns, 2);
  EXPECT_EQ(totals[1].input_tokens, 20);
  EXPECT_EQ(totals[1].output_tokens, 40);
  EXPECT_EQ(totals[1].seconds, 1.0);
  EXPECT_EQ(store.usage(UsageKey::day, {}).size(), 1U);
}

TEST_F(StoreTest, concurrent_writers_wait_for_each_other) {
  constexpr int kTurns = 25;
  const TurnId first = [this] {
    Store store = open();
    return ask(store, question("first"), "x");
  }();
  const auto write = [&] {
    Store store = open();
    for (int i = 0; i < kTurns; ++i) ask(store, question("more", first.conversation, 1), "y");
  };
  std::thread other(write);
  write();
  other.join();
  Store store = open();
  const auto turns = store.turns(first.conversation);
  ASSERT_EQ(turns.size(), 1U + 2 * kTurns);
  for (std::size_t i = 0; i < turns.size(); ++i) {
    EXPECT_EQ(turns[i].id.number, static_cast<std::int64_t>(i + 1));
  }
}

TEST_F(StoreTest, a_file_that_is_not_a_history_is_left_unchanged) {
  const auto refusal = [this](std::string_view content) {
    std::filesystem::create_directories(path().parent_path());
    std::FILE* file = std::fopen(path().c_str(), "wb");
    std::fwrite(content.data(), 1, content.size(), file);
    std::fclose(file);
    return std::string(error_of([this] { (void)open(); }).what());
  };
  EXPECT_TRUE(holds(refusal("this is no database, and long enough to be looked at"),
                    "file is not a database"));
  std::filesystem::remove(path());
  {
    Database other(path(), Database::Open::create, std::chrono::seconds(1));
    other.execute("CREATE TABLE birds (name TEXT)");
  }
  EXPECT_TRUE(holds(error_of([this] { (void)open(); }).what(), "another program"));
  std::filesystem::remove(path());
  {
    Database newer(path(), Database::Open::create, std::chrono::seconds(1));
    newer.execute("PRAGMA user_version=99");
  }
  EXPECT_TRUE(
      holds(error_of([this] { (void)open(); }).what(), "a newer version of rellama wrote it"));
}

TEST_F(StoreTest, a_version_that_rellama_never_wrote_is_refused) {
  for (const char* sql : {"PRAGMA user_version=-1", "PRAGMA user_version=-2147483648",
                          "PRAGMA user_version=1; CREATE TABLE birds (name TEXT)"}) {
    {
      Database other(path(), Database::Open::create, std::chrono::seconds(1));
      other.execute(sql);
    }
    EXPECT_TRUE(holds(error_of([this] { (void)open(); }).what(), "another program")) << sql;
    std::filesystem::remove(path());
  }
}

TEST_F(StoreTest, a_foreign_file_keeps_its_mode) {
  {
    Database other(path(), Database::Open::create, std::chrono::seconds(1));
    other.execute("CREATE TABLE birds (name TEXT)");
  }
  ::chmod(path().c_str(), 0644);
  EXPECT_THROW((void)open(), Error);
  EXPECT_EQ(mode_of(path()), 0644U);
}

TEST_F(StoreTest, a_history_behind_a_symbolic_link_is_not_touched) {
  const auto target = path().parent_path() / "target.db";
  { Store(target, Database::Open::create); }
  ::chmod(target.c_str(), 0644);
  std::filesystem::create_symlink(target, path());
  for (const auto how : {Database::Open::create, Database::Open::existing}) {
    EXPECT_TRUE(holds(error_of([&] { Store(path(), how); }).what(), "it is a symbolic link"));
  }
  EXPECT_EQ(mode_of(target), 0644U);
}

TEST_F(StoreTest, runs_that_begin_a_conversation_of_the_same_name_at_once_share_it) {
  constexpr int kRuns = 20;
  std::vector<std::thread> runs;
  for (int i = 0; i < kRuns; ++i) {
    runs.emplace_back([this, i] {
      Store store = open();
      NewTurn turn = question("q" + std::to_string(i));
      turn.name = "trip";
      ask(store, turn, "a");
    });
  }
  for (std::thread& run : runs) run.join();
  Store store = open();
  const auto found = store.find_named("trip");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->turns, kRuns);
  EXPECT_EQ(store.turns(found->id).size(), static_cast<std::size_t>(kRuns));
}

TEST_F(StoreTest, reading_does_not_create_a_history) {
  EXPECT_THROW(Store(path(), Database::Open::existing), Error);
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(StoreTest, older_schemas_are_migrated_at_once) {
  constexpr std::array kOld{"CREATE TABLE a (x)"};
  constexpr std::array kNew{"CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y; CREATE TABLE b (z)"};
  constexpr std::array kBroken{"CREATE TABLE a (x)", "CREATE TABLE c (x); no sql"};
  Database database(path(), Database::Open::create, std::chrono::seconds(1));
  migrate(database, kOld);
  database.execute("INSERT INTO a VALUES (7)");
  EXPECT_THROW(migrate(database, kBroken), Error);
  migrate(database, kNew);
  migrate(database, kNew);
  Statement row = database.prepare("SELECT x, y FROM a");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(0), 7);
  EXPECT_FALSE(row.find_integer(1));
}

TEST(TurnId, is_written_as_it_is_parsed) {
  EXPECT_EQ(parse_turn_id("12"), (TurnId{12, 0}));
  EXPECT_EQ(parse_turn_id("12.3"), (TurnId{12, 3}));
  EXPECT_EQ(render_turn_id({12, 3}), "12.3");
  EXPECT_EQ(render_turn_id({12, 0}), "12");
  for (const char* text : {"", "0", "-1", "1.", ".1", "1.0", "1.2.3", "x", "1x", " 1", "+1",
                           "99999999999999999999", "1.99999999999999999999"}) {
    EXPECT_FALSE(parse_turn_id(text)) << text;
  }
}

TEST(PathTo, ends_whatever_a_file_says) {
  std::vector<Turn> turns(2);
  turns[0].id = {1, 1};
  turns[0].parent = 2;
  turns[1].id = {1, 2};
  turns[1].parent = 1;
  EXPECT_EQ(path_to(turns, 2).size(), 2U);
  EXPECT_TRUE(path_to(turns, 7).empty());
}

}  // namespace
}  // namespace rellama::history
