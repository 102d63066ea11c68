// `rellama models`, short names, and validation before sending.

#include <fstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

const std::string kStory = "rellama-demo/storyteller";

class Models : public ProgramTest {
 protected:
  // The request, without sending it.
  [[nodiscard]] nlohmann::json dry_run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "--dry-run=json");
    const Outcome outcome = rellama(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out, nullptr, false);
  }

  // The end of the URL and the body of a request for a plain "Hi".
  void expect_request(const std::string& model, const std::string& path,
                      const nlohmann::json& body) const {
    const auto request = dry_run({"-m", model, "-s", "Be brief.", "Hi"});
    EXPECT_EQ(request["method"], "POST");
    EXPECT_TRUE(request["url"].get<std::string>().ends_with("/v1" + path)) << request["url"];
    EXPECT_EQ(request["body"], body) << model;
  }
  void expect_bare_request(const std::string& model, const std::string& path,
                           const nlohmann::json& input) const {
    const auto request = dry_run({"-m", model, "Hi"});
    EXPECT_TRUE(request["url"].get<std::string>().ends_with("/v1" + path)) << request["url"];
    EXPECT_EQ(request["body"], nlohmann::json({{"input", input}, {"stream", true}})) << model;
  }

  void expect_refused(std::vector<std::string> arguments, int exit_code,
                      const std::string& message) const {
    const std::size_t before = emulator_->requests().size();
    const Outcome outcome = rellama(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    EXPECT_TRUE(holds(outcome.err, message));
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << "one line";
    EXPECT_EQ(outcome.out, "");
    for (std::size_t i = before; i < emulator_->requests().size(); ++i) {
      EXPECT_EQ(emulator_->requests()[i].method, "GET") << "nothing may be started";
    }
  }
};

TEST_F(Models, llama_2_chat_gets_the_defaults_under_its_own_names) {
  for (const std::string size : {"7b", "13b", "70b"}) {
    expect_request(size, "/models/meta/llama-2-" + size + "-chat/predictions",
                   {{"input",
                     {{"prompt", "Hi"},
                      {"system_prompt", "Be brief."},
                      {"max_tokens", 500},
                      {"min_tokens", -1},
                      {"temperature", 0.5},
                      {"top_p", 1.0},
                      {"top_k", 50}}},
                    {"stream", true}});
  }
}

TEST_F(Models, the_pinned_llama_2_gets_the_request_of_the_notebook) {
  const std::string id = "02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3";
  expect_request("meta/llama-2-70b-chat:" + id, "/predictions",
                 {{"version", id},
                  {"input",
                   {{"prompt", "[INST] Hi [/INST]"},
                    {"system_prompt", "Be brief."},
                    {"max_new_tokens", 500},
                    {"min_new_tokens", -1},
                    {"temperature", 0.5},
                    {"top_p", 1.0},
                    {"top_k", 50},
                    {"debug", false}}},
                  {"stream", true}});
}

TEST_F(Models, other_hosted_families_are_addressed_by_their_ids) {
  for (const std::string size : {"7b", "13b", "70b"}) {
    expect_bare_request("llama-2-" + size, "/models/meta/llama-2-" + size + "/predictions",
                        {{"prompt", "Hi"},
                         {"max_tokens", 500},
                         {"min_tokens", -1},
                         {"temperature", 0.5},
                         {"top_p", 1.0},
                         {"top_k", 50}});
  }
  expect_bare_request("falcon-40b", "/models/joehoover/falcon-40b-instruct/predictions",
                      {{"prompt", "Hi"},
                       {"max_length", 500},
                       {"temperature", 0.5},
                       {"top_p", 1.0},
                       {"debug", false}});
  expect_bare_request(
      "llama-7b", "/models/replicate/llama-7b/predictions",
      {{"prompt", "Hi"}, {"max_gen_len", 500}, {"temperature", 0.5}, {"top_p", 1.0}});
  expect_bare_request("vicuna-7b", "/models/lucataco/vicuna-7b-v1.3/predictions",
                      {{"prompt", "Hi"}});
  expect_bare_request("vicuna", "/models/lucataco/vicuna-13b-v1.3/predictions", {{"prompt", "Hi"}});
  expect_bare_request("codellama-7b-instruct", "/models/meta/codellama-7b-instruct/predictions",
                      {{"prompt", "Hi"}});
  expect_bare_request("mistral-7b", "/models/mistralai/mistral-7b-v0.1/predictions",
                      {{"prompt", "Hi"}});
  expect_bare_request("llama-3.1-405b-instruct",
                      "/models/meta/meta-llama-3.1-405b-instruct/predictions", {{"prompt", "Hi"}});
}

TEST_F(Models, families_that_are_not_hosted_are_rejected_before_anything_is_sent) {
  for (const std::string model :
       {"bloom", "falcon-7b", "falcon-180b", "llama-13b", "llama-65b", "openllama-3b",
        "openllama-7b", "openllama-13b", "alpaca", "open-orca", "vicuna-13b", "dolly-v2-12b"}) {
    expect_refused({"-m", model, "hi"}, 4, "hosted by Replicate");
    expect_refused({"-m", model, "hi"}, 4, "; use -m ");
  }
  EXPECT_EQ(emulator_->requests().size(), 0U);
}

TEST_F(Models, list_shows_every_family_in_a_table_and_as_json) {
  const Outcome table = rellama({"models", "list"});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_TRUE(table.out.starts_with("NAME "));
  for (const std::string line :
       {"bloom  ", "meta/llama-2-70b-chat", "4096", "official", "(use llama-2-70b)"}) {
    EXPECT_TRUE(holds(table.out, line));
  }
  const auto json = nlohmann::json::parse(rellama({"models", "list", "--json"}).out);
  bool found = false;
  for (const auto& model : json) {
    if (model["model"] != "joehoover/falcon-40b-instruct") continue;
    found = true;
    EXPECT_EQ(model["hosting"], "seen");
    EXPECT_EQ(model["context_length"], 2048);
    EXPECT_EQ(model["stop_sequences"], nullptr) << "which nobody confirmed";
    EXPECT_EQ(model["inputs"][1]["name"], "max_length");
    EXPECT_EQ(model["inputs"][1]["parameter"], "max_new_tokens");
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(emulator_->requests().size(), 0U) << "what is known need not be asked for";
}

TEST_F(Models, the_users_own_file_adds_models) {
  std::filesystem::create_directories(home_ / ".config/rellama");
  (void)file(".config/rellama/models.json", R"({"format": "rellama.catalogue/1",
    "families": [{"name": "House", "models": [
      {"short_names": ["house"], "id": "me/house", "hosting": "listed", "build": "official-base"}]}]})");
  EXPECT_TRUE(holds(rellama({"models", "list"}).out, "me/house"));
  const auto request = dry_run({"-m", "house", "--max-tokens", "9", "Hi"});
  EXPECT_TRUE(request["url"].get<std::string>().ends_with("/models/me/house/predictions"));
  EXPECT_EQ(request["body"]["input"]["max_tokens"], 9);
}

TEST_F(Models, a_mistake_in_the_users_file_is_one_line_with_its_location) {
  std::filesystem::create_directories(home_ / ".config/rellama");
  const std::string path = file(".config/rellama/models.json",
                                R"({"format": "rellama.catalogue/1", "families": [{"nam": 1}]})");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"hi"}, {"models", "list"}, {"models", "show", "70b"}}) {
    expect_refused(arguments, 2,
                   "cannot use the models in '" + path + "': families[0]: unknown member 'nam'");
  }
}

TEST_F(Models, a_file_that_others_can_change_is_refused) {
  std::filesystem::create_directories(home_ / ".config/rellama");
  const std::string path =
      file(".config/rellama/models.json", R"({"format": "rellama.catalogue/1", "families": []})");
  std::filesystem::permissions(path, std::filesystem::perms(0666));
  expect_refused({"models", "list"}, 2, "other users can change it; run: chmod go-w " + path);
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  EXPECT_EQ(rellama({"models", "list"}).exit_code, 0);
}

TEST_F(Models, show_prints_the_inputs_in_the_schemas_order_with_their_ranges) {
  const Outcome outcome = rellama({"models", "show", kStory});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const std::string text :
       {"Tells stories; not an official model", "2024-02-03  (latest)", "text; required",
        "a whole number, 1 or more; default 500", "a number, 0.01 to 5; default 0.75",
        R"(one of "plain", "gothic", "comic"; default "plain")", "true or false; default false"}) {
    EXPECT_TRUE(holds(outcome.out, text));
  }
  EXPECT_LT(outcome.out.find("  prompt "), outcome.out.find("  max_length "));
  EXPECT_LT(outcome.out.find("  max_length "), outcome.out.find("  temperature "));
  EXPECT_LT(outcome.out.find("  temperature "), outcome.out.find("  debug "));
}

TEST_F(Models, show_prints_the_schema_as_json) {
  const auto json = nlohmann::json::parse(rellama({"models", "show", "--json", kStory}).out);
  EXPECT_EQ(json["model"], kStory);
  EXPECT_EQ(json["official"], false);
  EXPECT_EQ(json["inputs"][0]["name"], "prompt");
  EXPECT_EQ(json["inputs"][0]["required"], true);
  EXPECT_EQ(json["inputs"][4]["choices"], (nlohmann::json{"plain", "gothic", "comic"}));
  EXPECT_TRUE(
      json["openapi_schema"]["components"]["schemas"]["Input"]["properties"].contains("tone"));
}

TEST_F(Models, a_model_does_not_control_the_terminal) {
  const std::string answer =
      R"({"owner":"a","name":"b","description":"red \u001b[31m","latest_version":{"id":"\u001b]0;x\u0007",)"
      R"("created_at":"\u001b[2J","openapi_schema":{"components":{"schemas":{"Input":{"properties":{)"
      R"("prompt":{"type":"string","description":"a\nb \u202e"},"x\u001b[1m":{"enum":["\u001bc","y"],)"
      R"("default":"\u009b"}}}}}}}})";
  RawServer server({reply(200, answer), reply(200, R"({"results":[]})")});
  Launch show = launch({"models", "show", "a/b"});
  show.environment["REPLICATE_BASE_URL"] = server.url();
  const Outcome outcome = run(show);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "description   red \u241b[31m"));
  for (const std::string& command : {std::string("\x1b"), std::string("\x07"),
                                     std::string("\xc2\x9b"), std::string("\xe2\x80\xae")}) {
    EXPECT_EQ(outcome.out.find(command), std::string::npos) << outcome.out;
  }
}

TEST_F(Models, show_reads_the_schema_once_and_again_with_refresh) {
  (void)rellama({"models", "show", kStory});
  const std::size_t first = emulator_->requests().size();
  Launch without_token = launch({"models", "show", kStory});
  without_token.environment.erase("REPLICATE_API_TOKEN");
  const Outcome cached = run(without_token);
  EXPECT_EQ(cached.exit_code, 0) << cached.err;
  EXPECT_TRUE(holds(cached.out, "read          just now"));
  EXPECT_EQ(emulator_->requests().size(), first) << "what is in the cache is not fetched";
  EXPECT_EQ(rellama({"models", "show", "--refresh", kStory}).exit_code, 0);
  EXPECT_EQ(emulator_->requests().size(), 2 * first);
}

TEST_F(Models, a_schema_older_than_a_day_is_read_again) {
  (void)rellama({"models", "show", kStory});
  const std::size_t first = emulator_->requests().size();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home_ / ".cache")) {
    std::filesystem::last_write_time(
        entry, std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
  }
  (void)rellama({"models", "show", kStory});
  EXPECT_GT(emulator_->requests().size(), first);
}

TEST_F(Models, a_corrupt_cache_is_ignored) {
  (void)rellama({"models", "show", kStory});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home_ / ".cache")) {
    if (entry.is_regular_file()) std::ofstream(entry.path()) << "{\"half";
  }
  const Outcome outcome = rellama({"models", "show", kStory});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "max_length"));
}

TEST_F(Models, show_handles_models_without_a_version_and_models_that_are_not_hosted) {
  const Outcome unpublished = rellama({"models", "show", "rellama-demo/unpublished"});
  EXPECT_EQ(unpublished.exit_code, 0) << unpublished.err;
  EXPECT_TRUE(holds(unpublished.out, "no runnable version"));
  const std::size_t before = emulator_->requests().size();
  const Outcome bloom = rellama({"models", "show", "bloom"});
  EXPECT_EQ(bloom.exit_code, 0) << bloom.err;
  EXPECT_TRUE(holds(bloom.out, "host it yourself"));
  EXPECT_EQ(emulator_->requests().size(), before);
  EXPECT_EQ(rellama({"models", "show", "nobody/nothing"}).exit_code, 4);
}

TEST_F(Models, show_takes_a_version_with_its_model_or_a_known_version_alone) {
  const std::string id = "02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3";
  for (const std::string& name : {"meta/llama-2-70b-chat:" + id, id}) {
    const Outcome outcome = rellama({"models", "show", name});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_TRUE(holds(outcome.out, "replicate_weights")) << name;
  }
  expect_refused({"models", "show", std::string(64, '0')}, 2, "does not name a model");
}

TEST_F(Models, search_queries_replicate) {
  const Outcome outcome = rellama({"models", "search", "tells", "stories"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, kStory));
  EXPECT_EQ(count_requests("QUERY", "/v1/models"), 1U);
  EXPECT_EQ(emulator_->requests().front().body, "tells stories");
  const auto json = nlohmann::json::parse(rellama({"models", "search", "--json", "stories"}).out);
  EXPECT_EQ(json[0]["model"], kStory);
  const Outcome nothing = rellama({"models", "search", "zebra"});
  EXPECT_EQ(nothing.out, "");
  EXPECT_TRUE(holds(nothing.err, "no models found"));
}

TEST_F(Models, options_are_validated_and_typed_by_the_models_schema) {
  expect_refused({"-m", kStory, "-o", "tone=funny", "hi"}, 2,
                 "tone cannot be \"funny\": " + kStory + " accepts one of");
  expect_refused({"-m", kStory, "-o", "tne=gothic", "hi"}, 2, "did you mean tone?");
  expect_refused({"-m", kStory, "--temperature", "0", "hi"}, 2, "accepts a number, 0.01 to 5");
  expect_refused({"-m", kStory, "-o", "debug=1", "hi"}, 2, "it must be true or false");
  const Outcome outcome = rellama({"-m", kStory, "-o", "seed=7", "-o", "tone=comic", "hi"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(last_create()["input"],
            nlohmann::json({{"prompt", "hi"}, {"seed", 7}, {"tone", "comic"}}));
}

TEST_F(Models, no_validate_leaves_it_to_the_server) {
  const Outcome refused = rellama({"--no-validate", "-m", kStory, "--top-k", "3", "hi"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(holds(refused.err, "answered 422"));
  const Outcome known = rellama({"--no-validate", "--temperature", "9", "hi"});
  EXPECT_EQ(known.exit_code, 2);
  EXPECT_TRUE(holds(known.err, "answered 422: temperature: Must be less than or equal to 5"));
}

}  // namespace
}  // namespace rellama::test
