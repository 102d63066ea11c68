// The history: what is recorded and how to use it.

#include <signal.h>
#include <sys/stat.h>

#include <array>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class History : public ProgramTest {
 protected:
  [[nodiscard]] Outcome ask(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-m", kEcho});
    return rellama(std::move(arguments));
  }
  [[nodiscard]] nlohmann::json json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "history");
    arguments.emplace_back("--json");
    const Outcome outcome = rellama(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out, nullptr, false);
  }
  [[nodiscard]] nlohmann::json turn(const std::string& id) const { return json({"show", id}); }
  [[nodiscard]] std::filesystem::path database() const {
    return home_ / ".local" / "share" / "rellama" / "history.db";
  }
  [[nodiscard]] Launch in_chat(std::string input, std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {"chat", "-m", kEcho});
    Launch chat = launch(std::move(arguments));
    chat.input = std::move(input);
    return chat;
  }
  void start_endless_emulator() {
    emulator::EmulatorOptions options;
    options.token_rate = 200;
    options.context_window = 1'000'000;
    start_emulator(options);
  }
  static constexpr const char* kEndless = "--min-new-tokens=100000";
  static constexpr const char* kEndlessToo = "--max-new-tokens=100000";
};

TEST_F(History, an_answer_is_recorded_with_its_details) {
  EXPECT_EQ(rellama({"-m", "13b", "--temperature", "0.25", "--stop", "END", "Why?"}).exit_code, 0);
  const auto kept = turn("1.1");
  EXPECT_EQ(kept["prompt"], "Why?");
  EXPECT_EQ(kept["model"], "meta/llama-2-13b-chat");
  EXPECT_EQ(kept["options"]["temperature"][0], "0.25");
  EXPECT_EQ(kept["options"]["stop"][0], "END");
  EXPECT_EQ(kept["status"], "succeeded");
  EXPECT_FALSE(kept["prediction"].get<std::string>().empty());
  EXPECT_FALSE(kept["output"].get<std::string>().empty());
  EXPECT_GT(kept["metrics"]["output_token_count"], 0);
  EXPECT_TRUE(kept["ended_at"].is_string());
  EXPECT_EQ(kept.dump().find("r8_test"), std::string::npos);
}

TEST_F(History, every_output_format_is_recorded) {
  EXPECT_EQ(ask({"--no-stream", "polled"}).exit_code, 0);
  EXPECT_EQ(ask({"--json", "as JSON"}).exit_code, 0);
  EXPECT_EQ(ask({"--jsonl", "as events"}).exit_code, 0);
  EXPECT_EQ(ask({"-O", (home_ / "file").string(), "in a file"}).exit_code, 0);
  for (const char* text : {"polled", "as JSON", "as events", "in a file"}) {
    const auto matches = json({"search", text});
    EXPECT_EQ(matches.size(), 1U) << text;
  }
  EXPECT_EQ(turn("1.1")["output"], "polled");
  EXPECT_EQ(turn("4.1")["output"], "in a file");
}

TEST_F(History, only_its_owner_can_read_it) {
  (void)ask({"hi"});
  const auto mode = [](const std::filesystem::path& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0;
  };
  EXPECT_EQ(mode(database()), 0600U);
  EXPECT_EQ(mode(database().parent_path()), 0700U);
}

TEST_F(History, nothing_is_recorded_when_the_history_is_off) {
  (void)ask({"-n", "hi"});
  (void)ask({"--dry-run", "hi"});
  (void)rellama({"--demo", "hi"});
  Launch variable = launch({"-m", kEcho, "hi"});
  variable.environment["RELLAMA_NO_LOG"] = "1";
  (void)run(variable);
  EXPECT_FALSE(std::filesystem::exists(database()));
  EXPECT_TRUE(json({"list"}).empty());
}

TEST_F(History, rejected_prompts_are_not_recorded) {
  start_emulator_with({"create:402"});
  EXPECT_EQ(ask({"hi"}).exit_code, 5);
  EXPECT_FALSE(std::filesystem::exists(database()));
}

TEST_F(History, a_failure_is_recorded_and_marked) {
  start_emulator_with({"predict:failed@3"});
  const Outcome outcome = ask({"one two three four five six"});
  EXPECT_EQ(outcome.exit_code, 9);
  const auto kept = turn("1.1");
  EXPECT_EQ(kept["status"], "failed");
  EXPECT_TRUE(kept["error"].is_string());
  EXPECT_TRUE(holds(rellama({"history", "list"}).out, "(failed)"));
}

TEST_F(History, an_answer_stopped_by_ctrl_c_is_recorded_and_marked) {
  start_endless_emulator();
  Process process(launch({kEndless, kEndlessToo, "go on"}));
  ASSERT_TRUE(process.read_until("the"));
  process.send_signal(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  const auto kept = turn("1.1");
  EXPECT_EQ(kept["status"], "cut");
  EXPECT_TRUE(holds(kept["error"], "interrupted")) << kept["error"];
  EXPECT_EQ(kept["output"].get<std::string>() + "\n", " " + outcome.out);
  EXPECT_TRUE(holds(rellama({"history", "list"}).out, "(interrupted)"));
}

TEST_F(History, a_killed_program_loses_at_most_the_last_second) {
  start_endless_emulator();
  Process process(launch({kEndless, kEndlessToo, "go on"}));
  ASSERT_TRUE(process.read_until("the"));
  // Text is recorded as it arrives: another program can see it before the end.
  std::string seen;
  while (seen.empty()) {
    const Outcome shown = rellama({"history", "show", "1.1", "--json"});
    if (shown.exit_code == 0) seen = nlohmann::json::parse(shown.out)["output"];
  }
  process.send_signal(SIGKILL);
  (void)process.wait();
  const auto kept = turn("1.1");
  EXPECT_EQ(kept["status"], "running");
  EXPECT_TRUE(kept["output"].get<std::string>().starts_with(seen));
  EXPECT_EQ(json({"search", "GO"}).size(), 1U);
  EXPECT_EQ(ask({"-c", "--min-new-tokens=-1", "--max-new-tokens=8", "and then?"}).exit_code, 0);
}

TEST_F(History, continue_sends_the_earlier_turns) {
  (void)ask({"My name is Ann."});
  EXPECT_EQ(ask({"-c", "What is my name?"}).out,
            "<s>[INST] My name is Ann. [/INST] My name is Ann. </s>"
            "<s>[INST] What is my name? [/INST]\n");
  EXPECT_EQ(turn("1.2")["parent"], 1);
}

TEST_F(History, continue_keeps_model_and_parameters_unless_flags_say_otherwise) {
  (void)rellama({"-m", "13b", "--temperature", "0.25", "--top-k", "7", "Why?"});
  Launch again = launch({"-c", "--top-k", "8", "And then?"});
  again.environment["RELLAMA_TEMPERATURE"] = "0.75";
  EXPECT_EQ(run(again).exit_code, 0);
  const auto input = last_create()["input"];
  EXPECT_EQ(input["temperature"], 0.25);
  EXPECT_EQ(input["top_k"], 8);
  EXPECT_EQ(turn("1.2")["model"], "meta/llama-2-13b-chat");
}

TEST_F(History, a_session_has_a_name_or_a_number_and_forks) {
  (void)ask({"--session", "names", "I am Ann."});
  (void)ask({"something else"});
  (void)ask({"--session", "names", "I am Bob."});
  const Outcome fork = ask({"--session", "1.1", "Who am I?"});
  EXPECT_TRUE(holds(fork.out, "I am Ann."));
  EXPECT_FALSE(holds(fork.out, "I am Bob."));
  const auto kept = json({"show", "1"});
  EXPECT_EQ(kept["name"], "names");
  ASSERT_EQ(kept["turns"].size(), 3U);
  EXPECT_EQ(kept["turns"][2]["parent"], 1);
  EXPECT_EQ(kept["current"], 3);
  // With -n it continues anyway, and records nothing.
  EXPECT_TRUE(holds(ask({"-c", "-n", "And now?"}).out, "Who am I?"));
  EXPECT_EQ(json({"show", "1"})["turns"].size(), 3U);
}

TEST_F(History, a_conversation_that_cannot_be_continued_is_an_error) {
  EXPECT_EQ(ask({"-c", "hi"}).exit_code, 4);
  (void)ask({"hi"});
  const auto before = creates();
  for (const auto& [session, code] : std::vector<std::pair<std::string, int>>{
           {"99", 4}, {"1.9", 4}, {"0", 2}, {"1.", 2}, {"-x", 2}, {"a b", 2}, {"", 2}}) {
    EXPECT_EQ(ask({"--session=" + session, "hi"}).exit_code, code) << session;
  }
  EXPECT_EQ(ask({"-c", "--session", "1", "hi"}).exit_code, 2);
  EXPECT_EQ(creates(), before);
}

TEST_F(History, a_conversation_is_recorded_as_a_tree) {
  EXPECT_EQ(run(in_chat("one\ntwo\n/undo\nthree\n")).exit_code, 0);
  const auto kept = json({"show", "1"});
  ASSERT_EQ(kept["turns"].size(), 3U);
  EXPECT_EQ(kept["turns"][1]["parent"], 1);
  EXPECT_EQ(kept["turns"][2]["parent"], 1);
  EXPECT_EQ(kept["turns"][2]["prompt"], "three");

  const Outcome more = run(in_chat("/branch\n/branch 2\nfour\n/undo\n", {"-c"}));
  EXPECT_EQ(more.exit_code, 0) << more.err;
  EXPECT_TRUE(holds(more.err, "* 3: three (2 messages)")) << more.err;
  EXPECT_TRUE(holds(more.out, "two [/INST]")) << more.out;
  const auto gone_on = json({"show", "1"});
  ASSERT_EQ(gone_on["turns"].size(), 4U);
  EXPECT_EQ(gone_on["turns"][3]["parent"], 2);
  EXPECT_EQ(gone_on["current"], 2);
}

TEST_F(History, a_session_can_be_changed_within_a_conversation) {
  (void)ask({"--session", "birds", "Tell me of owls."});
  const Outcome outcome =
      run(in_chat("a\n/sessions\n/sessions birds\nb\n/clear\nc\n/sessions 99\n"));
  EXPECT_EQ(outcome.exit_code, 4) << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "birds: Tell me of owls.")) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "<s>[INST] Tell me of owls. [/INST]")) << outcome.out;
  EXPECT_TRUE(holds(outcome.out, "</s><s>[INST] b [/INST]\n<s>[INST] c [/INST]")) << outcome.out;
  EXPECT_EQ(json({"show", "1"})["turns"].size(), 2U);
  EXPECT_EQ(json({"list"}).size(), 3U);
}

TEST_F(History, it_can_be_listed_searched_and_counted) {
  (void)ask({"the first llama"});
  (void)ask({"the second llama"});
  const Outcome list = rellama({"history", "list"});
  EXPECT_TRUE(holds(list.out, "the first llama"));
  EXPECT_LT(list.out.find("second"), list.out.find("first")) << "the newest comes first";
  EXPECT_EQ(json({"list", "--limit", "1"}).size(), 1U);
  EXPECT_EQ(json({"list", "--since", "1h"}).size(), 2U);
  EXPECT_EQ(json({"list", "-m", "13b"}).size(), 0U);
  EXPECT_EQ(json({"search", "llama", "fir*"}).size(), 1U);
  EXPECT_EQ(json({"search", "\"OR", "(", "NEAR"}).size(), 0U);
  const auto usage = json({"usage"});
  ASSERT_EQ(usage.size(), 1U);
  EXPECT_EQ(usage[0]["model"], kEcho);
  EXPECT_EQ(usage[0]["answers"], 2);
  EXPECT_EQ(json({"usage", "--by", "day"}).size(), 1U);
}

TEST_F(History, it_is_exported_completely) {
  (void)ask({"--session", "s", "one"});
  (void)ask({"--session", "1.1", "two"});
  (void)ask({"three"});
  const auto all = nlohmann::json::parse(rellama({"history", "export", "--format", "json"}).out);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1]["turns"].size(), 2U);
  const std::string lines = rellama({"history", "export", "1", "--format", "jsonl"}).out;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_EQ(nlohmann::json::parse(lines.substr(0, lines.find('\n')))["prompt"], "one");
  EXPECT_TRUE(holds(rellama({"history", "export"}).out, "## You, 1.2\n\ntwo\n"));
  EXPECT_EQ(rellama({"history", "export", "--since", "2999-01-01", "--format", "json"}).out,
            "[]\n");
}

TEST_F(History, an_answer_can_be_rerun) {
  (void)rellama({"-m", "13b", "--top-k", "7", "Why?"});
  EXPECT_EQ(rellama({"history", "rerun", "1", "--temperature", "0.1"}).exit_code, 0);
  const auto input = last_create()["input"];
  EXPECT_EQ(input["prompt"], "Why?");
  EXPECT_EQ(input["top_k"], 7);
  EXPECT_EQ(input["temperature"], 0.1);
  EXPECT_EQ(turn("2.1")["model"], "meta/llama-2-13b-chat");

  (void)ask({"--session", "1", "And then?"});
  EXPECT_EQ(rellama({"history", "rerun", "1.2", "-m", kEcho}).exit_code, 0);
  const auto again = turn("1.3");
  EXPECT_EQ(again["prompt"], "And then?");
  EXPECT_EQ(again["parent"], 1);
}

TEST_F(History, files_are_not_needed_for_a_rerun) {
  const std::string path = file("text.txt", "END");
  const Outcome outcome = rellama(
      {"-m", "7b", "-s", "@" + path, "-o", "stop_sequences=@" + path, "-o", "top_k:=5", "Why?"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto first = last_create();
  EXPECT_EQ(first["input"]["stop_sequences"], "END");
  std::filesystem::remove(path);
  EXPECT_EQ(rellama({"history", "rerun", "1"}).exit_code, 0);
  EXPECT_EQ(creates(), 2U);
  EXPECT_EQ(last_create(), first);
}

TEST_F(History, deleted_text_is_gone) {
  (void)ask({"a quokka"});
  (void)ask({"a llama"});
  EXPECT_EQ(rellama({"history", "delete", "1", "77"}).exit_code, 4);
  EXPECT_EQ(json({"list"}).size(), 2U) << "all of them or none";
  EXPECT_EQ(rellama({"history", "delete", "1"}).exit_code, 0);
  EXPECT_EQ(json({"search", "quokka"}).size(), 0U);
  EXPECT_EQ(rellama({"history", "delete", "--all"}).exit_code, 2);
  EXPECT_EQ(rellama({"history", "delete", "--before", "1h", "--yes"}).exit_code, 0);
  EXPECT_EQ(json({"list"}).size(), 1U);
  EXPECT_EQ(rellama({"history", "delete", "--all", "--yes"}).exit_code, 0);
  EXPECT_EQ(json({"list"}).size(), 0U);
}

TEST_F(History, bad_input_is_rejected) {
  (void)ask({"hi"});
  const std::vector<std::vector<std::string>> bad{
      {},
      {"lsit"},
      {"list", "--since", "tomorrow"},
      {"list", "--limit", "0"},
      {"search"},
      {"search", " "},
      {"show"},
      {"show", "-1"},
      {"show", "1", "2"},
      {"show", "1.1.1"},
      {"export", "1.1"},
      {"export", "--format", "xml"},
      {"usage", "--by", "week"},
      {"delete"},
      {"delete", "1", "--all"},
      {"rerun", "1", "--temperature", "hot"},
  };
  for (auto arguments : bad) {
    arguments.insert(arguments.begin(), "history");
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << nlohmann::json(arguments).dump() << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_EQ(rellama({"history", "show", "9"}).exit_code, 4);
  EXPECT_EQ(creates(), 1U);
}

TEST_F(History, an_unusable_history_does_not_prevent_an_answer) {
  std::filesystem::create_directories(database().parent_path());
  (void)file(database().lexically_relative(home_).string(),
             "this is no database, and it is long enough to be looked at");
  const Outcome outcome = ask({"hi"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "hi\n");
  EXPECT_TRUE(holds(outcome.err, "rellama: warning: answer not recorded: ")) << outcome.err;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  EXPECT_EQ(ask({"-q", "hi"}).err, "");
  EXPECT_EQ(rellama({"history", "list"}).exit_code, 1);
}

TEST_F(History, the_model_does_not_control_the_terminal) {
  (void)ask({"red \x1b[31mtext\x07"});
  Launch show = launch({"history", "show", "1"});
  show.on_terminal = true;
  const Outcome outcome = run(show);
  EXPECT_EQ(outcome.err.find("\x1b[31m"), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.err.find('\x07'), std::string::npos);
  EXPECT_TRUE(holds(outcome.err, "text"));
}

TEST_F(History, a_conversation_is_rendered_on_a_terminal_as_answers_are) {
  (void)ask({"this is **bold**"});
  Launch show = launch({"history", "show", "1"});
  show.on_terminal = true;
  EXPECT_TRUE(holds(run(show).err, "\x1b[1mbold\x1b[0m"));
  EXPECT_TRUE(holds(rellama({"history", "show", "1"}).out, "this is **bold**"));
}

TEST_F(History, concurrent_programs_record_all_their_answers) {
  constexpr const char* kScript =
      "seq 40 | xargs -P8 -I{} rellama --no-stdin -m rellama-demo/echo 'number {}' | wc -l";
  const Outcome outcome = shell(kScript);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(std::stoi(outcome.out), 40);
  EXPECT_EQ(json({"list", "--limit", "100"}).size(), 40U);
}

TEST_F(History, a_detached_prediction_is_recorded_with_its_id) {
  const Outcome outcome = rellama({"--detach", "-q", "Why?"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto kept = turn("1.1");
  EXPECT_EQ(kept["prediction"].get<std::string>() + "\n", outcome.out);
  EXPECT_EQ(kept["status"], "running");
}

}  // namespace
}  // namespace rellama::test
