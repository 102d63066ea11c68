// --detach and `rellama predictions`.

#include <gtest/gtest.h>

#include <string>

#include "program/program_test.hpp"

namespace rellama::test {
namespace {

// Every write to this device fails, as on a full disk.
constexpr const char* kFull = "rellama --detach Hi > /dev/full";

class Predictions : public ProgramTest {
 protected:
  // Starts a prediction, leaves it running and returns its ID.
  [[nodiscard]] std::string detach(const std::string& prompt) const {
    const Outcome outcome = rellama({"--detach", "-m", kEcho, prompt});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("rellama predictions stream"), std::string::npos);
    return outcome.out.substr(0, outcome.out.find('\n'));
  }
};

TEST_F(Predictions, detach_prints_only_the_id_and_cancels_nothing) {
  const std::string id = detach("Hello");
  EXPECT_EQ(id.size(), 26U);
  EXPECT_EQ(cancels(), 0U);
  EXPECT_EQ(count_requests("GET", "/" + id) + streams(), 0U) << "nothing is to be waited for";
}

TEST_F(Predictions, detach_supports_json_and_jsonl) {
  const auto json = nlohmann::json::parse(rellama({"--detach", "--json", "-q", "Hi"}).out);
  EXPECT_EQ(json["format"], "rellama.answer/1");
  EXPECT_FALSE(json["id"].get<std::string>().empty());
  const Outcome lines = rellama({"--detach", "--jsonl", "-q", "Hi"});
  EXPECT_EQ(nlohmann::json::parse(lines.out)["event"], "created");
  EXPECT_EQ(lines.err, "");
}

TEST_F(Predictions, a_prediction_whose_id_cannot_be_printed_is_cancelled) {
  const Outcome outcome = shell(kFull);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_EQ(creates(), 1U);
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Predictions, stream_and_wait_print_the_answer_like_a_prompt) {
  const std::string id = detach("two  words\n\n\xF0\x9F\xA6\x99");
  for (const char* how : {"stream", "wait"}) {
    const Outcome outcome = rellama({"predictions", how, id});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "two  words\n\n\xF0\x9F\xA6\x99\n") << how;
    EXPECT_EQ(outcome.err, "");
  }
  EXPECT_EQ(creates(), 1U);
  const auto json = nlohmann::json::parse(rellama({"predictions", "stream", "--json", id}).out);
  EXPECT_EQ(json["output"], "two  words\n\n\xF0\x9F\xA6\x99");
  EXPECT_EQ(json["id"], id);
}

TEST_F(Predictions, list_shows_the_newest_first_up_to_the_limit) {
  const std::string first = detach("first");
  const std::string second = detach("second");
  const Outcome table = rellama({"predictions", "list"});
  EXPECT_EQ(table.exit_code, 0);
  EXPECT_TRUE(table.out.starts_with("ID "));
  EXPECT_LT(table.out.find(second), table.out.find(first));
  const auto json = nlohmann::json::parse(rellama({"predictions", "list", "-n1", "--json"}).out);
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["id"], second);
  EXPECT_EQ(json[0]["prompt"], "second");
}

TEST_F(Predictions, list_reads_as_many_pages_as_needed) {
  emulator::EmulatorOptions options;
  options.prediction_page_size = 2;
  start_emulator(options);
  for (int i = 0; i < 5; ++i) (void)detach("number " + std::to_string(i));
  const auto json =
      nlohmann::json::parse(rellama({"predictions", "list", "-n", "5", "--json"}).out);
  EXPECT_EQ(json.size(), 5U);
}

TEST_F(Predictions, show_prints_what_is_known) {
  const std::string id = detach("Hello");
  const Outcome facts = rellama({"predictions", "show", id});
  EXPECT_NE(facts.out.find("id         " + id), std::string::npos) << facts.out;
  EXPECT_NE(facts.out.find("model      rellama-demo/echo"), std::string::npos) << facts.out;
  EXPECT_EQ(nlohmann::json::parse(rellama({"predictions", "show", "--json", id}).out)["prompt"],
            "Hello");
}

TEST_F(Predictions, cancel_ends_all_given_predictions) {
  emulator::EmulatorOptions options;
  options.cold_boot = std::chrono::hours(1);
  start_emulator(options);
  const std::string first = detach("first");
  const std::string second = detach("second");
  const Outcome outcome = rellama({"predictions", "cancel", first, second});
  EXPECT_EQ(outcome.out, first + "  canceled\n" + second + "  canceled\n");
  EXPECT_EQ(rellama({"predictions", "stream", first}).exit_code, 10);
}

TEST_F(Predictions, interrupting_leaves_it_running) {
  emulator::EmulatorOptions options;
  options.cold_boot = std::chrono::hours(1);
  start_emulator(options);
  const std::string id = detach("Hello");
  const Outcome outcome = rellama({"predictions", "wait", "--timeout", "100ms", id});
  EXPECT_EQ(outcome.exit_code, 124);
  EXPECT_NE(outcome.err.find("still running"), std::string::npos) << outcome.err;
  EXPECT_EQ(cancels(), 0U);
}

TEST_F(Predictions, a_removed_answer_is_not_shown_as_empty) {
  emulator::EmulatorOptions options;
  options.retention = std::chrono::milliseconds(0);
  start_emulator(options);
  const std::string id = detach("Hello");
  const Outcome outcome = rellama({"predictions", "wait", id});
  EXPECT_EQ(outcome.exit_code, 11);
  EXPECT_NE(outcome.err.find("an hour"), std::string::npos) << outcome.err;
}

TEST_F(Predictions, bad_input_is_rejected_before_anything_is_sent) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"predictions"},
                                             {"predictions", "show"},
                                             {"predictions", "show", "../account"},
                                             {"predictions", "show", "a b"},
                                             {"predictions", "show", ""},
                                             {"predictions", "show", "a", "b"},
                                             {"predictions", "explode", "a"},
                                             {"predictions", "list", "-n", "0"},
                                             {"predictions", "list", "--raw"},
                                             {"predictions", "wait", "--timeout", "soon", "a"},
                                             {"--detach", "--demo", "Hi"},
                                             {"--detach", "--no-stream", "Hi"}}) {
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(Predictions, an_unknown_id_has_its_own_exit_code) {
  const Outcome outcome = rellama({"predictions", "show", "nosuchprediction"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_NE(outcome.err.find("rellama predictions list"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace rellama::test
