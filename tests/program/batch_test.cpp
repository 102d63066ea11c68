// `rellama batch` as a user runs it.

#include <signal.h>

#include <thread>

#include "history/database.hpp"
#include "program/batch_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class Batch : public BatchProgram {};

TEST_F(Batch, every_line_has_one_result_and_the_counts_add_up) {
  const Outcome outcome = batch({file("in.txt", "one\n\ntwo\nthree\n")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto results = results_in(outcome.out);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results.at(2)["line"], 3);
  EXPECT_TRUE(holds(results.at(2)["output"].get<std::string>(), "two"));
  EXPECT_TRUE(holds(outcome.err, "3 rows; 1 blank line skipped"));
  EXPECT_TRUE(holds(outcome.err, "3 rows = 3 answered + 0 failed + 0 unsent"));
}

TEST_F(Batch, standard_input_and_pipes_are_inputs) {
  EXPECT_EQ(results_in(batch({}, "{\"id\":\"a\",\"prompt\":\"x\"}\n").out).at(1)["id"], "a");
  EXPECT_EQ(results_in(batch({"-"}, "x\ny").out).size(), 2U);
  const Outcome piped = shell("rellama batch -m rellama-demo/echo <(seq 5) -q");
  EXPECT_EQ(results_in(piped.out).size(), 5U) << piped.err;
}

TEST_F(Batch, bad_rows_are_results_with_their_line_and_the_others_are_answered) {
  const std::string input = file("in.jsonl",
                                 "\xEF\xBB\xBF{\"prompt\":\"fine\"}\r\n"
                                 "{\"prompt\":\n"
                                 "caf\xE9\n"
                                 "{\"prompt\":\"x\",\"temperature\":99,\"model\":\"70b\"}\n"
                                 "{\"prompt\":\"x\",\"model\":\"no such model\"}\n"
                                 "{\"prompt\":\"" +
                                     std::string(10 << 20, 'x') +
                                     "\"}\n"
                                     "{\"prompt\":\"also fine\"}");
  const Outcome outcome = batch({input, "-O", path("out.jsonl")});
  EXPECT_EQ(outcome.exit_code, 12) << outcome.err;
  const auto found = results("out.jsonl");
  ASSERT_EQ(found.size(), 7U);
  EXPECT_EQ(found.at(1)["status"], "succeeded");
  EXPECT_EQ(found.at(7)["status"], "succeeded");
  for (const std::size_t row : {2U, 3U, 4U, 6U}) {
    EXPECT_EQ(found.at(row)["error"]["kind"], "invalid_input") << found.at(row);
    EXPECT_EQ(found.at(row)["line"], row);
    EXPECT_TRUE(found.at(row)["output"].is_null());
  }
  EXPECT_TRUE(holds(found.at(4)["error"]["message"].get<std::string>(), "temperature"));
  EXPECT_TRUE(holds(found.at(6)["error"]["message"].get<std::string>(), "longer than 4 MiB"));
  EXPECT_EQ(predictions(), 2U);
  EXPECT_TRUE(holds(outcome.err, "7 rows = 2 answered + 5 failed + 0 unsent"));
}

TEST_F(Batch, an_empty_input_is_an_error_and_leaves_nothing_behind) {
  for (const char* text : {"", "\n\n"}) {
    const Outcome outcome = batch({file("in.txt", text), "-O", path("out.jsonl")});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_TRUE(holds(outcome.err, "the input has no rows"));
    EXPECT_FALSE(std::filesystem::exists(path("out.jsonl")));
    EXPECT_FALSE(std::filesystem::exists(path("out.jsonl.journal")));
  }
}

TEST_F(Batch, two_rows_with_one_id_are_refused_before_anything_is_sent) {
  const std::string input =
      file("in.jsonl",
           "{\"id\":\"a\",\"prompt\":\"1\"}\n{\"id\":\"b\",\"prompt\":\"2\"}\n"
           "{\"id\":\"a\",\"prompt\":\"3\"}\n");
  for (const auto& more : {std::vector<std::string>{}, {"--dry-run"}}) {
    auto arguments = more;
    arguments.push_back(input);
    const Outcome outcome = batch(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_TRUE(holds(outcome.err, "lines 1 and 3 have the same ID 'a'"));
  }
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Batch, a_changed_input_or_option_is_refused_with_the_difference) {
  const std::string input = file("in.txt", "one\ntwo\nthree\n");
  const std::vector<std::string> usual{input, "-O", path("out.jsonl"), "-q"};
  ASSERT_EQ(batch(usual).exit_code, 0);
  auto resume = usual;
  resume.emplace_back("--resume");
  EXPECT_EQ(batch(resume).exit_code, 0);

  (void)file("in.txt", "one\nTWO\nthree\nfour\n");
  const Outcome changed = batch(resume);
  EXPECT_EQ(changed.exit_code, 2);
  EXPECT_TRUE(holds(changed.err, "line 2 was changed"));
  EXPECT_TRUE(holds(changed.err, "line 4 was added"));
  (void)file("in.txt", "one\n");
  EXPECT_TRUE(holds(batch(resume).err, "2 rows were removed"));

  (void)file("in.txt", "one\ntwo\nthree\n");
  auto warmer = resume;
  warmer.insert(warmer.end(), {"-s", "Be kind.", "--prompt", "Say {{input}}"});
  const Outcome other = batch(warmer);
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_TRUE(holds(other.err, "system was not set, and is Be kind."));
  EXPECT_TRUE(holds(other.err, "prompt was not set, and is Say {{input}}"));
  EXPECT_EQ(results("out.jsonl").size(), 3U);
}

TEST_F(Batch, two_batches_cannot_use_one_journal) {
  emulator::EmulatorOptions slow;
  slow.token_rate = 1;
  start_emulator(slow);
  const std::string input = file("in.txt", "one two three four five six\n");
  Launch first = launch({"batch", "-m", kEcho, input, "-O", path("out.jsonl"), "--resume"});
  Process running(first);
  while (creates() == 0) std::this_thread::yield();
  const Outcome second = batch({input, "-O", path("out.jsonl"), "--resume"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_TRUE(holds(second.err, "another rellama batch is running with it"));
  const Outcome status = rellama({"batch", "status", path("out.jsonl"), "--json"});
  const auto running_status = nlohmann::json::parse(status.out);
  EXPECT_EQ(running_status["state"], "running");
  EXPECT_EQ(running_status["rows"], 1);
  EXPECT_EQ(running_status["input"], input);
  EXPECT_TRUE(holds(rellama({"batch", "list"}).out, "running"));
  running.send_signal(SIGKILL);
  (void)running.wait();
  EXPECT_EQ(creates(), 1U);
  EXPECT_TRUE(holds(rellama({"batch", "status", path("out.jsonl")}).out, "unfinished"));
}

TEST_F(Batch, one_that_has_only_begun_to_read_its_input_has_not_started) {
  ASSERT_EQ(batch({numbered_rows(2), "-O", path("out.jsonl"), "-q"}).exit_code, 0);
  history::Database journal(path("out.jsonl.journal"), history::Database::Open::existing,
                            std::chrono::seconds(1));
  journal.execute("DELETE FROM note WHERE name = 'options'");
  EXPECT_TRUE(holds(rellama({"batch", "status", path("out.jsonl")}).out, "not started"));
  journal.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
  EXPECT_TRUE(holds(rellama({"batch", "status", path("out.jsonl")}).out, "planning"));
}

TEST_F(Batch, an_existing_output_is_overwritten_only_by_force) {
  const std::string input = file("in.txt", "one\n");
  (void)file("out.jsonl", "precious\n");
  const Outcome refused = batch({input, "-O", path("out.jsonl")});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(read("out.jsonl"), "precious\n");
  EXPECT_EQ(batch({input, "-O", path("out.jsonl"), "--force", "-q"}).exit_code, 0);
  EXPECT_EQ(results("out.jsonl").size(), 1U);
  EXPECT_EQ(batch({input, "-O", path("out.jsonl"), "--force", "-q"}).exit_code, 0);
  EXPECT_EQ(results("out.jsonl").size(), 1U);
}

TEST_F(Batch, failed_rows_are_tried_again_and_their_results_replaced) {
  start_emulator_with({"predict:failed*2"});
  const std::string input = numbered_rows(5);
  const std::vector<std::string> usual{input, "-O", path("out.jsonl"), "-q", "--ordered", "-j1"};
  EXPECT_EQ(batch(usual).exit_code, 12);
  EXPECT_EQ(results("out.jsonl").at(1)["error"]["kind"], "prediction_failed");
  auto retry = usual;
  retry.emplace_back("--retry-failed");
  const Outcome outcome = batch(retry);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_all_answered(read("out.jsonl"), 5);
  EXPECT_EQ(nlohmann::json::parse(read("out.jsonl").substr(0, read("out.jsonl").find('\n')))["row"],
            1);
  EXPECT_EQ(predictions(), 7U);
}

TEST_F(Batch, results_can_be_in_order_or_text_or_in_files) {
  const std::string input = numbered_rows(30);
  const Outcome ordered = batch({input, "--ordered", "-q"});
  std::size_t row = 0;
  std::istringstream lines(ordered.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(nlohmann::json::parse(line)["row"], ++row);
  }
  EXPECT_EQ(row, 30U);
  EXPECT_TRUE(batch({file("in.txt", "a\nb\nc\n"), "--text", "-q"}).out.ends_with("c\n"));
  EXPECT_EQ(batch({file("in.jsonl", "{\"id\":\"x/1\",\"prompt\":\"a\"}\n\"b\"\n"), "-q", "-O",
                   path("answers/")})
                .exit_code,
            0);
  EXPECT_TRUE(holds(read("answers/000002.txt"), "b"));
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(home_ / "answers")) {
    names.insert(entry.path().filename().string().substr(0, 3));
  }
  EXPECT_EQ(names, (std::set<std::string>{"000", "x_1", "bat"}));
}

TEST_F(Batch, openais_format_gets_openais_results) {
  const std::string body =
      R"("method":"POST","url":"/v1/chat/completions","body":{"model":"rellama-demo/echo",)"
      R"("messages":[{"role":"user","content":"Hi there"}])";
  const Outcome outcome =
      batch({file("in.jsonl", "{\"custom_id\":\"a\"," + body + "}}\n" + "{\"custom_id\":\"b\"," +
                                  body + ",\"n\":2}}\n"),
             "--ordered"});
  EXPECT_EQ(outcome.exit_code, 12) << outcome.err;
  std::istringstream lines(outcome.out);
  std::string line;
  std::getline(lines, line);
  const auto first = nlohmann::json::parse(line);
  EXPECT_EQ(first["custom_id"], "a");
  EXPECT_TRUE(holds(
      first["response"]["body"]["choices"][0]["message"]["content"].get<std::string>(), "Hi"));
  std::getline(lines, line);
  EXPECT_EQ(nlohmann::json::parse(line)["error"]["code"], "invalid_input");
}

TEST_F(Batch, a_template_is_filled_from_columns) {
  const std::string input = file("in.csv", "id,text,lang\n1,hello,French\n2,\"a, b\",German\n");
  const Outcome outcome =
      batch({input, "--prompt", "To {{to}}: {{text}}", "-p", "to={{lang}}", "--ordered", "-q"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto found = results_in(outcome.out);
  EXPECT_TRUE(holds(found.at(1)["output"].get<std::string>(), "To French: hello"));
  EXPECT_TRUE(holds(found.at(2)["output"].get<std::string>(), "To German: a, b"));
}

TEST_F(Batch, a_dry_run_checks_every_row_and_shows_the_first_request) {
  const std::string input =
      file("in.jsonl", "[1]\n{\"prompt\":\"Hi\",\"temperature\":99}\n{\"prompt\":\"Hello\"}\n");
  const Outcome outcome = rellama({"batch", input, "--dry-run=json", "--price", "1/1"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["body"]["input"]["prompt"], "Hello");
  EXPECT_TRUE(holds(outcome.err, "line 1: "));
  EXPECT_TRUE(holds(outcome.err, "line 2: "));
  EXPECT_TRUE(holds(outcome.err, "2 cannot be sent"));
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Batch, shards_together_answer_every_row_once) {
  const std::string input = numbered_rows(60);
  std::string files;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const Outcome outcome = batch({input, "-q", "--shard", shard, "-O", path("out.jsonl")});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  const Outcome merged =
      shell("cd " + home_.string() + "; rellama batch merge out.*-of-3.jsonl -O all.jsonl");
  EXPECT_EQ(merged.exit_code, 0) << merged.err;
  expect_all_answered(read("all.jsonl"), 60);
  EXPECT_EQ(predictions(), 60U);
  const Outcome status = rellama({"batch", "status", path("out.jsonl")});
  for (const char* shard : {"out.1-of-3.jsonl ", "out.2-of-3.jsonl ", "out.3-of-3.jsonl "}) {
    EXPECT_TRUE(holds(status.out, shard)) << status.out << status.err;
  }
}

TEST_F(Batch, batches_are_listed_and_their_journals_removed) {
  ASSERT_EQ(batch({numbered_rows(3), "-O", path("out.jsonl"), "-q"}).exit_code, 0);
  const Outcome list = rellama({"batch", "list"});
  EXPECT_TRUE(holds(list.out, "out-"));
  EXPECT_TRUE(holds(list.out, "done"));
  EXPECT_EQ(rellama({"batch", "delete", path("out.jsonl")}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(path("out.jsonl.journal")));
  EXPECT_EQ(results("out.jsonl").size(), 3U);
  EXPECT_TRUE(holds(rellama({"batch", "list"}).err, "there are no batches"));
  EXPECT_EQ(rellama({"batch", "status", "nothing"}).exit_code, 4);
}

TEST_F(Batch, answers_are_recorded_as_one_conversation_if_asked_for) {
  ASSERT_EQ(batch({numbered_rows(4), "-q", "--history"}).exit_code, 0);
  const auto list = nlohmann::json::parse(rellama({"history", "list", "--json"}).out);
  ASSERT_EQ(list.is_array() ? list.size() : 1U, 1U) << list;
  EXPECT_TRUE(holds(rellama({"history", "show", "1"}).out, "prompt number 4."));
}

TEST_F(Batch, the_first_interrupt_waits_for_what_runs_and_the_second_cancels_it) {
  emulator::EmulatorOptions slow;
  slow.token_rate = 2;
  start_emulator(slow);
  const std::string input = file("in.txt", "one two three four\nfive six seven eight\nnine\n");
  const std::vector<std::string> arguments{"batch",          "-m", kEcho, input, "-j1", "-O",
                                           path("out.jsonl")};
  Process draining(launch(arguments));
  while (creates() == 0) std::this_thread::yield();
  draining.send_signal(SIGINT);
  const Outcome drained = draining.wait();
  EXPECT_EQ(drained.exit_code, 130);
  EXPECT_TRUE(holds(drained.err, "1 answered + 0 failed + 2 unsent"));
  EXPECT_EQ(cancels(), 0U);
  EXPECT_EQ(results("out.jsonl").size(), 1U);

  auto again = arguments;
  again.emplace_back("--resume");
  Process canceled(launch(again));
  while (creates() == 1) std::this_thread::yield();
  while (cancels() == 0) {
    canceled.send_signal(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(250));  // one event, if sooner
  }
  const Outcome outcome = canceled.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(results("out.jsonl").size(), 1U);
}

TEST_F(Batch, an_interrupt_says_that_a_row_may_have_been_sent) {
  start_emulator_with({"create:lost", "list:500"});
  Process running(launch({"batch", "-m", kEcho, numbered_rows(2), "-j1", "-O", path("out.jsonl")}));
  while (creates() == 0) std::this_thread::yield();
  running.send_signal(SIGINT);
  const Outcome outcome = running.wait();
  EXPECT_EQ(outcome.exit_code, 13) << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "1 of the unsent rows may have been sent"));
  EXPECT_EQ(creates(), 1U);
}

TEST_F(Batch, a_container_is_refused) {
  const Outcome outcome = batch({numbered_rows(1), "--endpoint", "cog=http://127.0.0.1:5000"});
  EXPECT_EQ(outcome.exit_code, 2);
}

}  // namespace
}  // namespace rellama::test
