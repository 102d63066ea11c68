// What goes over the wire for each kind of model, with the emulator on a socket as the other side.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "emulator/emulator.hpp"
#include "rellama/generate.hpp"
#include "support/expect_error.hpp"

namespace rellama {
namespace {

using nlohmann::json;
using test::error_of;
using test::holds;

class Store : public ModelStore {
 public:
  std::optional<Model> find(const ModelRef& ref) override {
    const auto found = kept.find(render_model_ref(ref));
    return found == kept.end() ? std::nullopt : std::optional(found->second);
  }
  void keep(const ModelRef& ref, const Model& model) override {
    kept[render_model_ref(ref)] = model;
  }

  std::map<std::string, Model> kept;
};

class Silence : public EventSink {
 public:
  void output(std::string_view /*text*/) override {}
};

class Resolve : public testing::Test {
 protected:
  Resolve() { start({}); }

  void start(std::vector<std::string> faults) {
    emulator::EmulatorOptions options;
    options.faults = std::move(faults);
    emulator_.emplace(options);
    emulator_->start();
  }

  [[nodiscard]] GenerateRequest request(const std::string& model) const {
    GenerateRequest request;
    request.model = parse_model_ref(model);
    request.prompt = "Once upon a time";
    request.models = store_;
    return request;
  }

  Prediction run(const GenerateRequest& request) {
    ClientOptions options;
    options.base_url = emulator_->base_url();
    options.backoff = std::chrono::milliseconds(1);
    options.retries = 1;
    Client client(ApiToken("r8_test"), options);
    Silence silence;
    return generate(client, request, silence);
  }

  // The requests up to the accepted create, such as "GET /v1/models/a/b".
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const auto& sent : emulator_->requests()) {
      if (sent.path.find("/streams/") != std::string::npos) break;
      lines.push_back(sent.method + " " + sent.path);
    }
    return lines;
  }
  [[nodiscard]] json last_input() const {
    json input;
    for (const auto& sent : emulator_->requests()) {
      if (sent.method == "POST") input = json::parse(sent.body)["input"];
    }
    return input;
  }
  void expect_refusal(const GenerateRequest& request, const std::string& message) {
    const Error error = error_of([&] { return run(request); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_TRUE(holds(error.what(), message));
    for (const std::string& line : lines()) EXPECT_FALSE(line.starts_with("POST")) << line;
  }

  std::optional<emulator::Emulator> emulator_;
  std::shared_ptr<Store> store_ = std::make_shared<Store>();
};

const std::string kStory = "rellama-demo/storyteller";
const std::string kStoryVersion =
    "90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f";

TEST_F(Resolve, a_model_in_the_catalogue_is_run_at_once) {
  GenerateRequest sent = request("70b");
  sent.parameters.temperature = 0.1;
  EXPECT_EQ(run(sent).status, Status::succeeded);
  EXPECT_EQ(lines().front(), "POST /v1/models/meta/llama-2-70b-chat/predictions");
}

TEST_F(Resolve, the_schema_of_an_unknown_model_says_where_a_bare_prompt_goes) {
  (void)run(request(kStory));
  EXPECT_EQ(lines(),
            (std::vector<std::string>{"GET /v1/models/" + kStory, "POST /v1/predictions"}));
  EXPECT_EQ(last_input(), json({{"prompt", "Once upon a time"}}));
}

TEST_F(Resolve, parameters_of_an_unknown_model_are_checked_against_its_schema) {
  GenerateRequest sent = request(kStory);
  sent.parameters.max_new_tokens = 5;
  sent.parameters.others = {{"tone", UntypedText{"gothic"}}};
  EXPECT_EQ(run(sent).status, Status::succeeded);
  EXPECT_EQ(lines(), (std::vector<std::string>{"GET /v1/models/" + kStory, "POST /v1/predictions"}))
      << "it is known not to be official, so the official endpoint is not tried";
  EXPECT_EQ(last_input(),
            json({{"prompt", "Once upon a time"}, {"max_length", 5}, {"tone", "gothic"}}));
}

TEST_F(Resolve, input_that_violates_the_schema_is_not_sent) {
  GenerateRequest sent = request(kStory);
  sent.parameters.others = {{"tone", UntypedText{"funny"}}};
  expect_refusal(sent, "tone cannot be \"funny\": " + kStory +
                           " accepts one of \"plain\", \"gothic\", \"comic\"");
  sent.parameters.others = {{"ton", UntypedText{"plain"}}};
  expect_refusal(sent, kStory + " has no input 'ton'; did you mean tone?");
  sent.parameters.others = {};
  sent.parameters.temperature = 9;
  expect_refusal(sent, "temperature cannot be 9: " + kStory + " accepts a number, 0.01 to 5");
}

TEST_F(Resolve, a_version_is_checked_against_its_own_schema) {
  GenerateRequest sent = request(kStory + ":" + kStoryVersion);
  sent.parameters.top_k = 3;
  expect_refusal(sent, "has no input 'top_k'");
  EXPECT_EQ(lines(),
            (std::vector<std::string>{"GET /v1/models/" + kStory + "/versions/" + kStoryVersion}));
}

TEST_F(Resolve, a_stored_schema_is_not_fetched_again) {
  GenerateRequest sent = request(kStory);
  sent.parameters.temperature = 1;
  (void)run(sent);
  EXPECT_TRUE(store_->kept.contains(kStory));
  start({});
  (void)run(sent);
  EXPECT_EQ(lines(), (std::vector<std::string>{"POST /v1/predictions"}));
  EXPECT_TRUE(holds(error_of([&] {
                      GenerateRequest wrong = request(kStory);
                      wrong.parameters.seed = 1;
                      wrong.parameters.others = {{"tone", UntypedText{"x"}}};
                      check_generate(wrong);
                    }).what(),
                    "tone cannot be"))
      << "the stored schema is used before connecting";
}

TEST_F(Resolve, a_model_found_not_to_be_official_is_stored_too) {
  (void)run(request(kStory));
  start({});
  (void)run(request(kStory));
  EXPECT_EQ(lines(), (std::vector<std::string>{"POST /v1/predictions"}));
}

TEST_F(Resolve, a_stored_version_that_is_gone_is_looked_up_again) {
  Model model;
  model.name = {"rellama-demo", "storyteller"};
  model.is_official = false;
  model.latest_version.id = std::string(64, '0');
  model.latest_version.openapi_schema.text =
      R"({"components":{"schemas":{"Input":{"properties":{"prompt":{"type":"string"}}}}}})";
  store_->kept[kStory] = model;
  EXPECT_EQ(run(request(kStory)).status, Status::succeeded);
  EXPECT_EQ(lines(), (std::vector<std::string>{"POST /v1/predictions", "GET /v1/models/" + kStory,
                                               "POST /v1/predictions"}));
  EXPECT_EQ(store_->kept[kStory].latest_version.id, kStoryVersion);
}

TEST_F(Resolve, without_validation_nothing_is_fetched_or_rejected) {
  GenerateRequest sent = request(kStory + ":" + kStoryVersion);
  sent.parameters.top_k = 3;
  sent.validation = Validation::none;
  const Error error = error_of([&] { return run(sent); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  EXPECT_TRUE(holds(error.what(), "answered 422: input: Additional property top_k"));
  EXPECT_EQ(lines(), (std::vector<std::string>{"POST /v1/predictions"}));
}

TEST_F(Resolve, without_a_schema_the_server_validates_each_field) {
  start({"model:500*9"});
  GenerateRequest sent = request(kStory + ":" + kStoryVersion);
  sent.parameters.temperature = 4.5;
  sent.parameters.others = {{"tone", UntypedText{"funny"}}};
  const Error error = error_of([&] { return run(sent); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  EXPECT_TRUE(holds(error.what(), "answered 422: tone: tone must be one of the following:"));
}

TEST_F(Resolve, an_official_model_is_not_checked_against_its_latest_version) {
  // The latest version has no system prompt, but what runs by name does (docs/protocol.md §8).
  const ModelRef name = parse_model_ref("llama-3-8b-instruct");
  GenerateRequest sent = request("llama-3-8b-instruct");
  ClientOptions options;
  options.base_url = emulator_->base_url();
  Client client(ApiToken("r8_test"), options);
  store_->keep(name, client.model(std::get<ModelName>(name)));
  sent.parameters.system_prompt = "Be brief.";
  EXPECT_EQ(run(sent).status, Status::succeeded);
  EXPECT_EQ(last_input()["system_prompt"], "Be brief.");
}

TEST_F(Resolve, falcon_gets_its_own_input_names) {
  GenerateRequest sent = request("falcon-40b");
  sent.parameters.max_new_tokens = 7;
  EXPECT_EQ(run(sent).status, Status::succeeded);
  EXPECT_EQ(last_input(), json({{"prompt", "Once upon a time"},
                                {"max_length", 7},
                                {"temperature", 0.5},
                                {"top_p", 1.0},
                                {"debug", false}}));
}

TEST_F(Resolve, llama_1_gets_its_own_input_names) {
  EXPECT_EQ(run(request("llama-7b")).status, Status::succeeded);
  EXPECT_EQ(last_input(), json({{"prompt", "Once upon a time"},
                                {"max_gen_len", 500},
                                {"temperature", 0.5},
                                {"top_p", 1.0}}));
}

}  // namespace
}  // namespace rellama
