// Answers that are shown again from the history, and lists that fit the terminal.

#include <sstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"
#include "terminal/display_width.hpp"

namespace rellama::test {
namespace {

class ShownAgain : public ProgramTest {
 protected:
  [[nodiscard]] Outcome ask(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-m", kEcho});
    return rellama(std::move(arguments));
  }
  [[nodiscard]] Outcome history(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "history");
    return rellama(std::move(arguments));
  }
  [[nodiscard]] Outcome on_terminal(std::vector<std::string> arguments, int columns) const {
    std::string line = "stty columns " + std::to_string(columns) + "; rellama";
    for (const std::string& argument : arguments) line += " " + argument;
    Launch launch = this->launch({"-c", line});
    launch.program = "/bin/bash";
    launch.on_terminal = true;
    launch.environment["PATH"] =
        std::filesystem::path(RELLAMA_PROGRAM).parent_path().string() + ":/usr/bin:/bin";
    return run(launch);
  }
};

TEST_F(ShownAgain, the_last_answer_is_shown_again_without_a_request) {
  (void)ask({"first"});
  (void)ask({" ```\ncode\n```\n"});
  EXPECT_TRUE(holds(history({"show", "last"}).out, "# Turn 2.1"));
  EXPECT_EQ(history({"show", "last", "-x"}).out, "code\n");
  EXPECT_EQ(history({"show", "1", "--raw"}).out, "first");
  EXPECT_EQ(history({"show", "1", "-x"}).exit_code, 1);
  const std::string rendered =
      history({"show", "2.1", "--markdown", "always", "--width", "40"}).out;
  EXPECT_TRUE(holds(rendered, "\ncode\n")) << rendered;
  EXPECT_FALSE(holds(rendered, "```"));
  EXPECT_EQ(creates(), 2U);
}

TEST_F(ShownAgain, conversations_are_found_by_name) {
  (void)ask({"--session", "trip", "hello"});
  EXPECT_TRUE(holds(history({"show", "trip"}).out, "# Conversation 1, trip"));
  EXPECT_TRUE(holds(history({"export", "trip"}).out, "hello"));
  EXPECT_EQ(history({"rerun", "trip"}).out, "hello\n");
  EXPECT_EQ(history({"show", "tirp"}).exit_code, 4);
  EXPECT_EQ(ask({"--session", "last", "again"}).exit_code, 0);
  EXPECT_TRUE(holds(history({"export", "last"}).out, "again"));
  EXPECT_EQ(history({"export", "trip", "last", "2", "--format", "jsonl"}).out,
            history({"export", "1", "2", "--format", "jsonl"}).out)
      << "each once";
  EXPECT_EQ(history({"delete", "trip"}).exit_code, 0);
  EXPECT_EQ(history({"show", "trip"}).exit_code, 4);
}

TEST_F(ShownAgain, an_empty_history_is_an_empty_list) {
  for (const char* list : {"list", "usage"}) {
    EXPECT_EQ(history({list}).exit_code, 0) << list;
    EXPECT_EQ(history({list, "--json"}).out, "[]\n") << list;
  }
  EXPECT_EQ(history({"search", "x", "--json"}).out, "[]\n");
  EXPECT_EQ(history({"export"}).out, "");
  EXPECT_EQ(history({"export", "--format", "json"}).out, "[]\n");
  EXPECT_EQ(history({"delete", "--all", "--yes"}).exit_code, 0);
  EXPECT_EQ(history({"show", "last"}).exit_code, 4);
}

TEST_F(ShownAgain, a_history_that_cannot_be_written_or_is_locked_is_reported_by_its_cause) {
  const Outcome nowhere = [this] {
    Launch launch = this->launch({"-m", kEcho, "hi"});
    launch.environment["XDG_DATA_HOME"] = "/proc/nowhere";
    return run(launch);
  }();
  EXPECT_EQ(nowhere.exit_code, 0);
  EXPECT_TRUE(holds(nowhere.err, "a directory you can write to, or use --no-log"));
  (void)ask({"hi"});
  Launch lock = launch({"-c",
                        "python3 -c 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); "
                        "c.execute(\"BEGIN EXCLUSIVE\"); print(\"locked\", flush=True); "
                        "sys.stdin.read()' " +
                            (home_ / ".local/share/rellama/history.db").string()});
  lock.program = "/bin/bash";
  lock.on_terminal = true;
  Process locking(lock);
  ASSERT_TRUE(locking.read_until("locked"));
  const Outcome outcome = ask({"hi"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(holds(outcome.err, "another program has locked it; end that program"));
  locking.type("\x04");
  (void)locking.wait();
}

TEST_F(ShownAgain, lists_take_a_limit_and_a_day) {
  for (const char* prompt : {"a", "b", "c"}) (void)ask({prompt});
  const auto size = [this](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "list");
    arguments.emplace_back("--json");
    return nlohmann::json::parse(history(std::move(arguments)).out).size();
  };
  EXPECT_EQ(size({"-L", "2"}), 2U);
  EXPECT_EQ(size({"--since", "yesterday"}), 3U);
  EXPECT_EQ(size({"--since", "today"}), 3U);
}

TEST_F(ShownAgain, a_detached_answer_completes_its_entry) {
  for (const char* how : {"stream", "wait", "show"}) {
    std::string id = rellama({"--detach", "-q", "-m", kEcho, "Hello"}).out;
    id.pop_back();
    EXPECT_EQ(history({"show", "last", "--raw"}).out, "");
    while (!holds(rellama({"predictions", "show", id}).out, "succeeded")) {
    }
    EXPECT_EQ(rellama({"predictions", how, id}).exit_code, 0);
    EXPECT_EQ(history({"show", "last", "--raw"}).out, "Hello") << how;
    EXPECT_TRUE(holds(history({"show", "last", "--json"}).out, "\"status\":\"succeeded\""));
  }
}

TEST_F(ShownAgain, tables_fit_the_terminal) {
  (void)ask({std::string(300, 'x')});
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"history", "list"}, {"models", "list"}, {"config", "show"}, {"template", "list"}}) {
    for (const int columns : {100, 80, 40}) {
      std::istringstream lines(on_terminal(arguments, columns).err);
      for (std::string line; std::getline(lines, line);) {
        if (line.ends_with('\r')) line.pop_back();
        EXPECT_LE(terminal::display_width(line), static_cast<std::size_t>(columns)) << line;
      }
    }
  }
}

TEST_F(ShownAgain, the_list_of_models_starts_with_the_default_and_takes_a_filter) {
  const std::string all = rellama({"models", "list"}).out;
  std::istringstream lines(all);
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  EXPECT_TRUE(holds(line, "70b (default)")) << line;
  EXPECT_LT(all.find("meta/llama-2-7b-chat"), all.find("bloom"));
  for (std::istringstream rows(all); std::getline(rows, line);) {
    EXPECT_LE(terminal::display_width(line), 80U) << line;
  }
  const std::string code = rellama({"models", "list", "CODE", "7b"}).out;
  EXPECT_TRUE(holds(code, "codellama-7b-python"));
  EXPECT_FALSE(holds(code, "llama-2"));
  EXPECT_EQ(rellama({"models", "list", "nothing", "--json"}).out, "[]\n");
}

}  // namespace
}  // namespace rellama::test
