#include "emulator/catalogue.hpp"

#include <array>

#include "emulator/hash.hpp"
#include "emulator/lower_case.hpp"

namespace rellama::emulator {
namespace {

// The IDs of the Llama 2 versions are real (docs/protocol.md §8); the others are invented.
constexpr std::array kModels{
    Model{"meta",
          "llama-2-70b-chat",
          "Llama 2, 70 billion parameters, tuned for chat",
          "2023-07-18T17:10:05.381000Z",
          &kOfficialChat,
          {"02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3",
           "2023-09-13T15:41:34.688000Z", "0.8.1", &kChat2023},
          9'000'000},
    Model{"meta",
          "llama-2-13b-chat",
          "Llama 2, 13 billion parameters, tuned for chat",
          "2023-07-15T06:43:30.569000Z",
          &kOfficialChat,
          {"f4e2de70d66816a838a89eeeb621910adffb0dd0baba3976c96980970978018d",
           "2023-09-13T15:41:18.251000Z", "0.8.1", &kChat2023},
          4'000'000},
    Model{"meta",
          "llama-2-7b-chat",
          "Llama 2, 7 billion parameters, tuned for chat",
          "2023-07-17T18:16:47.216000Z",
          &kOfficialChat,
          {"13c3cdee13ee059ab779f0291d29054dab00a47dad8261375654de5540165fb0",
           "2023-09-13T15:40:51.102000Z", "0.8.1", &kChat2023},
          15'000'000},
    Model{"meta",
          "llama-2-70b",
          "Llama 2, 70 billion parameters, untuned",
          "2023-07-18T18:22:11.004000Z",
          &kOfficialBase,
          {"a52e56fee2269a78c9279800ec88898cecb6c8f1df22a6483132bea266648f00",
           "2023-09-13T15:42:20.551000Z", "0.8.1", &kBase2023},
          300'000},
    Model{"meta",
          "llama-2-13b",
          "Llama 2, 13 billion parameters, untuned",
          "2023-07-17T22:01:12.870000Z",
          &kOfficialBase,
          {"078d7a002387bd96d93b0302a4c03b3f15824b63104034bfa943c63a8f208c38",
           "2023-09-13T15:42:02.318000Z", "0.8.1", &kBase2023},
          190'000},
    Model{"meta",
          "llama-2-7b",
          "Llama 2, 7 billion parameters, untuned",
          "2023-07-17T21:54:39.644000Z",
          &kOfficialBase,
          {"527827021d8756c7ab79fde0abbfaac885c37a3ed5fe23c7465093f0878d55ef",
           "2023-09-13T15:41:50.937000Z", "0.8.1", &kBase2023},
          420'000},
    Model{"meta",
          "meta-llama-3-70b-instruct",
          "Llama 3, 70 billion parameters, tuned for chat",
          "2024-04-17T21:44:13.482000Z",
          &kOfficialLlama3,
          {"7b3c1d5e9f2a48c6b0d47e81a5c93f60d2e8b71490fa6c35d98e24b7f0a1c653",
           "2024-04-18T18:38:58.290000Z", "0.9.4", &kLatestLlama3},
          150'000'000},
    Model{"meta",
          "meta-llama-3-8b-instruct",
          "Llama 3, 8 billion parameters, tuned for chat",
          "2024-04-17T21:35:17.022000Z",
          &kOfficialLlama3,
          {"c2a96d13f7e84b05a91d3c6f28e750b4d83f1a69b5c07e42f6d19a8b3e5c7042",
           "2024-04-18T18:31:45.516000Z", "0.9.4", &kLatestLlama3},
          380'000'000},
    Model{"joehoover",
          "falcon-40b-instruct",
          "Falcon, 40 billion parameters, tuned to follow instructions",
          "2023-06-05T12:00:00.000000Z",
          nullptr,
          {"f40b1a2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8",
           "2023-06-13T12:00:00.000000Z", "0.7.2", &kFalcon},
          35'000},
    Model{"replicate",
          "llama-7b",
          "LLaMA, 7 billion parameters",
          "2023-03-20T12:00:00.000000Z",
          nullptr,
          {"11a7b1a2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e",
           "2023-05-01T12:00:00.000000Z", "0.6.1", &kLlama1},
          90'000},
    Model{"lucataco",
          "vicuna-13b-v1.3",
          "Vicuna, 13 billion parameters",
          "2023-06-29T12:00:00.000000Z",
          nullptr,
          {"13c0a1b2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8",
           "2023-06-29T12:30:00.000000Z", "0.7.2", &kRawChat},
          5'000},
    Model{"meta",
          "codellama-70b-instruct",
          "Code Llama, 70 billion parameters, tuned to follow instructions",
          "2024-01-29T12:00:00.000000Z",
          nullptr,
          {"70b0c1d2e3f4a5061728394a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8",
           "2024-01-29T12:30:00.000000Z", "0.9.3", &kRawChat},
          9'000},
    Model{"mistralai",
          "mistral-7b-instruct-v0.1",
          "Mistral, 7 billion parameters, tuned to follow instructions",
          "2023-09-28T12:00:00.000000Z",
          nullptr,
          {"7b15c7a1d2e3f4a5061728394a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7",
           "2023-12-12T12:30:00.000000Z", "0.8.6", &kMistral},
          900'000},
    Model{"rellama-demo",
          "echo",
          "Replies with the prompt as the model saw it",
          "2025-01-02T09:00:00.000000Z",
          &kEcho,
          {"e0c1a5b3d7924f68a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f50617",
           "2025-01-02T09:10:00.000000Z", "0.13.6", &kEcho},
          1},
    Model{"rellama-demo",
          "echo-bytes",
          "Like echo, with chunks that end inside characters",
          "2025-01-02T09:01:00.000000Z",
          &kEchoBytes,
          {"e1b2c3d4f5061728394a5b6c7d8e9fa0b1c2d3e4f50617e0c1a5b3d7924f68a0",
           "2025-01-02T09:11:00.000000Z", "0.13.6", &kEchoBytes},
          1},
    Model{"rellama-demo",
          "llama-2-13b-chat-template",
          "Llama 2 13B chat in a build of 2023-12",
          "2023-12-12T12:00:00.000000Z",
          nullptr,
          {"5d1e8f3a7c264b90a8d75e3f1c02b964e7a1d83c5f6b20948ac7e51d3f9b6042",
           "2023-12-12T12:30:00.000000Z", "0.8.6", &kTemplateChat},
          2'500},
    Model{"rellama-demo",
          "storyteller",
          "Tells stories; not an official model",
          "2024-02-03T10:00:00.000000Z",
          nullptr,
          {"90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f",
           "2024-02-03T10:20:00.000000Z", "0.9.3", &kStoryteller},
          870},
    Model{"rellama-demo",
          "classifier",
          "Sorts a text; its output is an object",
          "2024-03-04T11:00:00.000000Z",
          nullptr,
          {"c1a55f1e20304a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d",
           "2024-03-04T11:20:00.000000Z", "0.9.3", &kClassifier},
          120},
    Model{"rellama-demo",
          "summarizer",
          "Shortens a text; its output is one string",
          "2024-03-05T11:00:00.000000Z",
          nullptr,
          {"5a33a1234b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6",
           "2024-03-05T11:20:00.000000Z", "0.9.3", &kSummarizer},
          64},
    Model{"rellama-demo",
          "captioner",
          "Describes a picture; takes a file and optional inputs",
          "2025-03-06T11:00:00.000000Z",
          nullptr,
          {"ca9710e23c4d5e6f708192a3b4c5d6e7ca9710e23c4d5e6f708192a3b4c5d6e7",
           "2025-03-06T11:20:00.000000Z", "0.16.0", &kCaptioner},
          30},
    Model{"rellama-demo",
          "talker",
          "Holds a conversation; takes it as messages",
          "2025-03-07T11:00:00.000000Z",
          nullptr,
          {"7a1ce2345b6c7d8e9f0a1b2c3d4e5f607a1ce2345b6c7d8e9f0a1b2c3d4e5f60",
           "2025-03-07T11:20:00.000000Z", "0.16.0", &kTalker},
          31},
    Model{"rellama-demo",
          "painter",
          "Paints pictures; its output is a list of files",
          "2024-03-06T11:00:00.000000Z",
          &kPainter,
          {"b0a1c2d3e4f5061728394a5b6c7d8e9fb0a1c2d3e4f5061728394a5b6c7d8e9f",
           "2024-03-06T11:20:00.000000Z", "0.13.6", &kPainter},
          300},
    Model{"rellama-demo",
          "iconist",
          "Draws an icon; its output is one file, in its own URL",
          "2024-03-07T11:00:00.000000Z",
          &kIconist,
          {"1c0a5f1e20304a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d",
           "2024-03-07T11:20:00.000000Z", "0.13.6", &kIconist},
          12},
    Model{"rellama-demo",
          "detector",
          "Finds the words of a text; its output is a list of objects",
          "2024-03-08T11:00:00.000000Z",
          nullptr,
          {"de7ec704304a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e",
           "2024-03-08T11:20:00.000000Z", "0.13.6", &kDetector},
          18},
    Model{"rellama-demo", "unpublished", "A model without a version",
          "2025-01-05T08:00:00.000000Z"},
};

constexpr std::array kDeployments{
    Deployment{"rellama-demo", "llama-chat", "meta/llama-2-70b-chat"}};

}  // namespace

std::string Model::full_name() const {
  return std::string(owner).append("/").append(name);
}

std::string Model::official_version() const {
  const std::uint64_t high = hash_of(full_name());
  return "dp-" + hex_of(high) + hex_of(mix(high));
}

std::span<const Model> models() {
  return kModels;
}

const Model* find_model(std::string_view owner, std::string_view name) {
  for (const Model& model : kModels) {
    if (model.owner == owner && model.name == name) return &model;
  }
  return nullptr;
}

const Model* find_model(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return nullptr;
  return find_model(name.substr(0, slash), name.substr(slash + 1));
}

const Model* find_model_of_version(std::string_view id) {
  for (const Model& model : kModels) {
    if (model.latest.build != nullptr && model.latest.id == id) return &model;
  }
  return nullptr;
}

bool contains_word(std::string_view text, std::string_view wanted) {
  return lower_case(text).find(lower_case(wanted)) != std::string::npos;
}

std::vector<const Model*> find_models(std::string_view wanted) {
  std::vector<const Model*> found;
  for (const Model& model : kModels) {
    const std::string text = model.full_name().append(" ").append(model.description);
    if (contains_word(text, wanted)) found.push_back(&model);
  }
  return found;
}

std::span<const Deployment> deployments() {
  return kDeployments;
}

const Deployment* find_deployment(std::string_view owner, std::string_view name) {
  for (const Deployment& deployment : kDeployments) {
    if (deployment.owner == owner && deployment.name == name) return &deployment;
  }
  return nullptr;
}

Json model_json(const Model& model) {
  Json json = {{"url", "https://replicate.com/" + model.full_name()},
               {"owner", model.owner},
               {"name", model.name},
               {"description", model.description},
               {"visibility", "public"},
               {"is_official", model.official != nullptr},
               {"github_url", nullptr},
               {"paper_url", nullptr},
               {"license_url", nullptr},
               {"run_count", model.run_count},
               {"cover_image_url", nullptr},
               {"created_at", model.created_at},
               {"default_example", nullptr},
               {"latest_version", nullptr}};
  if (model.latest.build != nullptr) json["latest_version"] = version_json(model.latest);
  return json;
}

Json version_json(const Version& version) {
  return {{"id", version.id},
          {"created_at", version.created_at},
          {"cog_version", version.cog_version},
          {"openapi_schema", openapi_schema(*version.build)}};
}

}  // namespace rellama::emulator
