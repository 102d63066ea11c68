// `rellama models`, as a user runs it.

#include "core/expect_error.hpp"
#include "program/program_test.hpp"

namespace rellama::test {
namespace {

class Models : public ProgramTest {};

TEST_F(Models, the_list_needs_neither_token_nor_server) {
  Launch alone = launch({"models", "list"});
  alone.environment.erase("REPLICATE_API_TOKEN");
  const Outcome outcome = run(alone);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "70b, llama-2-70b-chat"));
  EXPECT_TRUE(holds(outcome.out, "BLOOM 176B"));
  EXPECT_TRUE(holds(outcome.out, "not hosted"));
  EXPECT_TRUE(emulator_->requests().empty());

  const auto json = nlohmann::json::parse(rellama({"models", "list", "--json"}).out);
  EXPECT_EQ(json.at(0).at("aliases").at(0), "7b");
  EXPECT_EQ(json.at(0).at("id"), "meta/llama-2-7b-chat");
}

TEST_F(Models, one_is_shown_with_its_inputs_and_asked_for_once_a_day) {
  const Outcome first = rellama({"models", "show", "70b"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(holds(first.out, "model        meta/llama-2-70b-chat\n"));
  EXPECT_TRUE(holds(first.out, "temperature"));
  EXPECT_TRUE(holds(first.out, "0.01 to 5"));
  EXPECT_LT(first.out.find("prompt  "), first.out.find("temperature  "));
  EXPECT_EQ(rellama({"models", "show", "meta/llama-2-70b-chat"}).out, first.out);
  EXPECT_EQ(emulator_->requests().size(), 1U);
  EXPECT_EQ(rellama({"models", "show", "70b", "--refresh"}).out, first.out);
  EXPECT_EQ(emulator_->requests().size(), 2U);
}

TEST_F(Models, a_damaged_cache_is_asked_for_anew) {
  const Outcome first = rellama({"models", "show", "70b"});
  const Outcome damage =
      shell("for f in ~/.cache/rellama/models/*/*; do echo broken > \"$f\"; done");
  EXPECT_EQ(damage.exit_code, 0);
  EXPECT_EQ(rellama({"models", "show", "70b"}).out, first.out);
}

TEST_F(Models, the_schema_itself_is_printed_as_json) {
  const Outcome outcome = rellama({"models", "show", "13b", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto schema = nlohmann::json::parse(outcome.out);
  EXPECT_TRUE(schema["components"]["schemas"]["Input"]["properties"].contains("prompt"));
}

TEST_F(Models, a_search_finds_by_words) {
  const Outcome outcome = rellama({"models", "search", "chat"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "meta/llama-2-70b-chat"));
  const auto request = emulator_->requests().back();
  EXPECT_EQ(request.method, "QUERY");
  EXPECT_EQ(request.body, "chat");

  const Outcome nothing = rellama({"models", "search", "no", "such", "thing"});
  EXPECT_EQ(nothing.exit_code, 0);
  EXPECT_EQ(nothing.out, "");
  EXPECT_EQ(nothing.err, "rellama: no public model has 'no such thing' in it\n");
}

TEST_F(Models, what_is_no_model_is_refused_with_what_to_write) {
  EXPECT_EQ(rellama({"models", "show", "no/such"}).exit_code, 4);
  EXPECT_EQ(rellama({"models", "show", "bloom"}).exit_code, 4);
  EXPECT_EQ(rellama({"models", "show", "deployments/a/b"}).exit_code, 2);
  EXPECT_EQ(rellama({"models", "show"}).exit_code, 2);
  EXPECT_EQ(rellama({"models"}).exit_code, 2);
}

TEST_F(Models, one_that_is_not_hosted_is_refused_before_anything_is_sent) {
  const Outcome outcome = rellama({"-m", "bloom", "hi"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_EQ(
      outcome.err,
      "rellama: cannot run BLOOM 176B: Replicate does not host it; use -m 70b-base, or name a "
      "copy of it as owner/name\n");
  EXPECT_TRUE(emulator_->requests().empty());
}

}  // namespace
}  // namespace rellama::test
