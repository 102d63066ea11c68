// What is told of a comparison at its end.

#include "commands/compare/comparison_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace rellama::program {
namespace {

RunResult succeeded(const std::string& metrics) {
  RunResult result;
  result.prediction.id.value = "abc";
  result.prediction.status = Status::succeeded;
  result.prediction.metrics.text = metrics;
  result.prediction.output.append("Hel");
  result.prediction.output.append("lo");
  result.output_events = 1;
  result.first_output = 0.5;
  result.seconds = 2.5;
  return result;
}

RunResult failed(ErrorKind kind) {
  RunResult result;
  result.error = Error(kind, {.failed = "no luck"});
  return result;
}

const std::vector<ComparedRun> kTwo{{"7b", "meta/llama-2-7b-chat", {R"({"top_k":5})"}},
                                    {"13b", "meta/llama-2-13b-chat", {"{}"}}};

TEST(ComparisonTable, shows_what_the_server_reports) {
  const auto reported = succeeded(
      R"({"input_token_count":3,"output_token_count":187,"tokens_per_second":58.13,"predict_time":3.2})");
  EXPECT_EQ(render_comparison(kTwo, {reported, failed(ErrorKind::not_found)}),
            "RUN  FIRST TOKEN  TOKENS/S  TOKENS  SECONDS  STATUS\n"
            "7b   0.50 s       58.1      187     2.50     succeeded\n"
            "13b  -            -         -       0.00     not_found\n");
}

TEST(ComparisonTable, marks_what_was_counted_here) {
  const std::string table = render_comparison(kTwo, {succeeded("{}"), succeeded("not json")});
  EXPECT_NE(table.find("7b   0.50 s       ~1.0      ~2      2.50     succeeded"), std::string::npos)
      << table;
}

TEST(ComparisonTable, a_narrow_window_shows_time_and_status_of_each_run) {
  const auto error = failed(ErrorKind::not_found);
  EXPECT_EQ(render_comparison(kTwo, {error, error}, 40),
            "RUN  TOKENS/S  SECONDS  STATUS\n"
            "7b   -         0.00     not_found\n"
            "13b  -         0.00     not_found\n");
}

TEST(ComparisonTable, columns_of_wide_labels_stand_under_each_other) {
  std::vector<ComparedRun> runs = kTwo;
  runs[0].label = "system=日本語…";
  const std::string table =
      render_comparison(runs, {failed(ErrorKind::server), failed(ErrorKind::server)});
  EXPECT_NE(table.find("\n13b             -"), std::string::npos) << table;
  EXPECT_NE(table.find("\nsystem=日本語…  -"), std::string::npos) << table;
}

TEST(ComparisonJson, what_is_not_known_is_null) {
  const auto json = result_json(kTwo[1], failed(ErrorKind::not_found));
  EXPECT_EQ(json["label"], "13b");
  EXPECT_EQ(json["kind"], "not_found");
  EXPECT_EQ(json["error"], "no luck");
  for (const char* name : {"id", "status", "output", "first_token_seconds", "input_tokens",
                           "output_tokens", "tokens_per_second", "predict_time"}) {
    EXPECT_TRUE(json.contains(name) && json[name].is_null()) << name;
  }
}

TEST(ComparisonJson, a_run_that_was_cut_short_tells_what_arrived) {
  RunResult result = failed(ErrorKind::interrupted);
  result.prediction.status = Status::processing;
  result.text = "Hel";
  const auto json = result_json(kTwo[0], result);
  EXPECT_EQ(json["output"], "Hel");
  EXPECT_EQ(json["status"], "processing");
  EXPECT_EQ(json["parameters"]["top_k"], 5);
}

TEST(ComparisonExitCode, is_the_common_one_or_12) {
  const RunResult good = succeeded("{}");
  EXPECT_EQ(comparison_exit_code({good, good}), 0);
  EXPECT_EQ(comparison_exit_code({good, failed(ErrorKind::server)}), 12);
  EXPECT_EQ(comparison_exit_code({failed(ErrorKind::server), failed(ErrorKind::server)}), 8);
  EXPECT_EQ(comparison_exit_code({failed(ErrorKind::server), failed(ErrorKind::not_found)}), 12);
}

}  // namespace
}  // namespace rellama::program
