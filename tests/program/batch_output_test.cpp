// Where `rellama batch` writes its results, and what it leaves alone.

#include <filesystem>

#include "program/batch_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class BatchOutput : public BatchProgram {};

TEST_F(BatchOutput, a_finished_batch_sends_nothing_again_on_standard_output) {
  const std::string command =
      "cd " + home_.string() + "; rellama batch -m rellama-demo/echo rows.txt -q --resume ";
  (void)numbered_rows(3);
  EXPECT_EQ(shell(command).exit_code, 0);
  const Outcome again = shell(command);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(predictions(), 3U);
}

TEST_F(BatchOutput, results_are_written_again_if_standard_output_was_truncated) {
  const std::string command =
      "cd " + home_.string() + "; rellama batch -m rellama-demo/echo rows.txt -q --resume ";
  (void)numbered_rows(3);
  EXPECT_EQ(shell(command + "> out.jsonl").exit_code, 0);
  for (const char* output : {"out.jsonl", "other.jsonl"}) {
    const Outcome again = shell(command + "> " + output);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    expect_all_answered(read(output), 3);
  }
  EXPECT_EQ(predictions(), 3U);
}

TEST_F(BatchOutput, an_input_is_not_overwritten_with_its_results) {
  const std::string input = file("in.txt", "one\ntwo\n");
  for (const auto& redirection : {"in.txt -O in.txt --force", "in.txt >> in.txt",
                                  "-O in.txt --force < in.txt", "< in.txt >> in.txt"}) {
    const Outcome outcome =
        shell("cd " + home_.string() + "; rellama batch -m rellama-demo/echo " + redirection);
    EXPECT_EQ(outcome.exit_code, 2) << redirection;
    EXPECT_TRUE(holds(outcome.err, "the same file")) << outcome.err;
    EXPECT_EQ(read("in.txt"), "one\ntwo\n");
  }
  EXPECT_EQ(creates(), 0U);
}

TEST_F(BatchOutput, files_in_a_directory_are_overwritten_only_by_force) {
  std::filesystem::create_directory(home_ / "answers");
  (void)file("answers/000002.txt", "precious\n");
  const std::vector<std::string> usual{numbered_rows(2), "-q", "-O", path("answers")};
  const Outcome refused = batch(usual);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(holds(refused.err, "000002.txt exists already"));
  EXPECT_EQ(read("answers/000002.txt"), "precious\n");
  EXPECT_EQ(creates(), 0U);
  auto forced = usual;
  forced.emplace_back("--force");
  EXPECT_EQ(batch(forced).exit_code, 0);
  EXPECT_NE(read("answers/000002.txt"), "precious\n");
}

TEST_F(BatchOutput, another_header_is_noticed_when_a_batch_is_continued) {
  const std::string input = file("in.csv", "x,y\n1,2\n");
  const std::vector<std::string> usual{input,      "-O",         path("out.jsonl"), "-q",
                                       "--prompt", "{{x}}{{y}}", "--resume"};
  EXPECT_EQ(batch(usual).exit_code, 0);
  (void)file("in.csv", "y,x\n1,2\n");
  const Outcome other = batch(usual);
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_TRUE(holds(other.err, "columns was"));
}

TEST_F(BatchOutput, a_secret_option_is_not_in_the_journal) {
  const Outcome outcome = batch({numbered_rows(2), "-O", path("out.jsonl"), "-q", "--no-validate",
                                 "-o", "openai_api_key=hunter2-and-more"});
  EXPECT_TRUE(std::filesystem::exists(path("out.jsonl.journal"))) << outcome.err;
  EXPECT_TRUE(holds(read("out.jsonl.journal"), "openai_api_key"));
  EXPECT_FALSE(holds(read("out.jsonl.journal"), "hunter2"));
}

TEST_F(BatchOutput, a_rate_that_is_none_leaves_no_journal) {
  EXPECT_EQ(batch({numbered_rows(2), "-O", path("out.jsonl"), "--rate", "junk"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(path("out.jsonl.journal")));
}

TEST_F(BatchOutput, a_link_stays_a_link_when_failed_rows_run_again) {
  start_emulator_with({"predict:failed*1"});
  std::filesystem::create_symlink("real.jsonl", home_ / "out.jsonl");
  const std::vector<std::string> usual{numbered_rows(2), "-O", path("out.jsonl"), "-q", "-j1"};
  EXPECT_EQ(batch(usual).exit_code, 12);
  auto retry = usual;
  retry.emplace_back("--retry-failed");
  EXPECT_EQ(batch(retry).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(home_ / "out.jsonl"));
  expect_all_answered(read("real.jsonl"), 2);
}

TEST_F(BatchOutput, results_in_a_file_that_is_appended_to_are_not_there_twice) {
  start_emulator_with({"predict:failed*1"});
  (void)numbered_rows(2);
  const std::string command =
      "cd " + home_.string() + "; rellama batch -m rellama-demo/echo rows.txt -q -j1 ";
  EXPECT_EQ(shell(command + ">> out.jsonl").exit_code, 12);
  const std::string before = read("out.jsonl");
  const Outcome refused = shell(command + "--retry-failed >> out.jsonl");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(holds(refused.err, "-O FILE")) << refused.err;
  EXPECT_EQ(read("out.jsonl"), before);
  EXPECT_EQ(predictions(), 2U);
  EXPECT_EQ(shell(command + "--retry-failed > all.jsonl").exit_code, 0);
  expect_all_answered(read("all.jsonl"), 2);
  EXPECT_EQ(predictions(), 3U);
}

TEST_F(BatchOutput, a_resume_that_is_refused_leaves_no_empty_file) {
  const std::vector<std::string> usual{numbered_rows(2), "-O", path("out.jsonl"), "-q"};
  ASSERT_EQ(batch(usual).exit_code, 0);
  std::filesystem::remove(home_ / "out.jsonl");
  auto resume = usual;
  resume.emplace_back("--resume");
  const Outcome refused = batch(resume);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(holds(refused.err, "it is gone")) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(home_ / "out.jsonl"));
}

TEST_F(BatchOutput, parts_that_are_not_merged_are_missed) {
  (void)file("a.1-of-3.jsonl", "{\"row\":1}\n");
  (void)file("a.3-of-3.jsonl", "{\"row\":2}\n");
  const Outcome merged = shell("cd " + home_.string() + "; rellama batch merge a.*.jsonl");
  EXPECT_EQ(merged.exit_code, 12);
  EXPECT_TRUE(holds(merged.err, "these parts are missing: 2-of-3")) << merged.err;
}

TEST_F(BatchOutput, the_last_rows_are_missed_if_the_journal_knows_of_them) {
  ASSERT_EQ(batch({numbered_rows(3), "-O", path("out.jsonl"), "-q", "--ordered"}).exit_code, 0);
  const std::string all = read("out.jsonl");
  (void)file("out.jsonl", all.substr(0, all.find('\n') + 1));
  const Outcome merged = rellama({"batch", "merge", path("out.jsonl")});
  EXPECT_EQ(merged.exit_code, 12);
  EXPECT_TRUE(holds(merged.err, "2 rows are in none of them")) << merged.err;
}

}  // namespace
}  // namespace rellama::test
