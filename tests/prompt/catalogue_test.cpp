#include "prompt/catalogue.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "support/expect_error.hpp"

namespace rellama::prompt {
namespace {

using test::error_of;
using test::holds;

constexpr std::string_view kUsers = R"({
  "format": "rellama.catalogue/1",
  "builds": [{"name": "ours", "complete": true,
              "inputs": [{"name": "prompt", "type": "string"},
                         {"name": "max_length", "type": "integer", "minimum": 1, "maximum": 99}]}],
  "families": [{"name": "House model", "context_length": 512, "models": [
    {"size": "1B", "short_names": ["house", "70b"], "id": "me/house", "hosting": "listed",
     "build": "ours", "versions": [{"id": "abc", "build": "official-chat"}]},
    {"size": "2B", "id": "meta/llama-2-7b", "hosting": "gone"}]}]
})";

TEST(Catalogue, has_every_supported_family_of_open_models) {
  std::set<std::string_view> families;
  for (const CatalogueEntry& entry : list_models({})) families.insert(entry.family->name);
  for (const std::string_view name :
       {"BLOOM", "Falcon", "LLaMA 1", "OpenLLaMA", "Llama 2", "Llama 2 chat", "Alpaca", "Vicuna",
        "Open-Orca", "Llama 3", "Code Llama", "Mistral"}) {
    EXPECT_TRUE(families.contains(name)) << name;
  }
}

TEST(Catalogue, names_are_unique_and_every_hosting_status_has_a_source) {
  std::set<std::string_view> names;
  for (const CatalogueEntry& entry : list_models({})) {
    const CatalogueModel& model = *entry.model;
    EXPECT_FALSE(model.source.empty()) << full_name(entry);
    EXPECT_FALSE(model.short_names.empty()) << full_name(entry);
    for (const std::string_view name : model.short_names) {
      EXPECT_TRUE(names.insert(name).second) << name << " is there twice";
    }
    if (!model.id.empty()) {
      EXPECT_TRUE(names.insert(model.id).second) << model.id << " is there twice";
    }
  }
}

TEST(Catalogue, suggested_alternatives_are_available) {
  for (const CatalogueEntry& entry : list_models({})) {
    const CatalogueModel& model = *entry.model;
    if (can_be_asked(model)) continue;
    const auto other = find_model({}, model.instead);
    ASSERT_TRUE(other) << full_name(entry) << ": " << model.instead;
    EXPECT_TRUE(can_be_asked(*other->model)) << model.instead;
  }
}

TEST(Catalogue, facts_about_families_have_sources_too) {
  for (const CatalogueEntry& entry : list_models({})) {
    const CatalogueFamily& family = *entry.family;
    EXPECT_EQ(family.context_length == 0, family.context_length_source.empty()) << family.name;
    EXPECT_EQ(family.prompt_template.empty(), family.prompt_template_source.empty()) << family.name;
    EXPECT_EQ(family.stop_sequences.empty(), family.stop_sequences_source.empty()) << family.name;
  }
}

TEST(Catalogue, a_short_name_stands_for_the_models_id) {
  using Case = std::pair<std::string, std::string>;
  for (const auto& [name, id] :
       {Case{"70b", "meta/llama-2-70b-chat"}, Case{"llama-2-13b", "meta/llama-2-13b"},
        Case{"falcon-40b", "joehoover/falcon-40b-instruct"}, Case{"llama-7b", "replicate/llama-7b"},
        Case{"vicuna", "lucataco/vicuna-13b-v1.3"},
        Case{"llama-3-8b-instruct", "meta/meta-llama-3-8b-instruct"},
        Case{"codellama-34b-instruct", "meta/codellama-34b-instruct"},
        Case{"mistral-7b", "mistralai/mistral-7b-v0.1"}}) {
    EXPECT_EQ(render_model_ref(parse_model_ref(name)), id);
  }
}

TEST(Catalogue, a_model_that_is_not_hosted_is_rejected_with_advice) {
  using Case = std::pair<std::string, std::string>;
  for (const auto& [name, message] :
       {Case{"bloom", "BLOOM 176B is not hosted by Replicate: "},
        Case{"falcon-7b", "Falcon 7B is not known to be hosted by Replicate: "},
        Case{"falcon-180b", "Falcon 180B is not known to be hosted by Replicate: "},
        Case{"openllama-3b", "OpenLLaMA 3B is not hosted by Replicate: "},
        Case{"llama-65b", "LLaMA 1 13B to 65B is not known to be hosted by Replicate: "},
        Case{"vicuna-13b", "Vicuna 13B is no longer hosted by Replicate: "},
        Case{"alpaca", "Alpaca (all sizes) is not known to be hosted by Replicate: "},
        Case{"open-orca", "Open-Orca (all sizes) is not known to be hosted by Replicate: "}}) {
    const Error error = error_of([&, n = name] { return parse_model_ref(n); });
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
    EXPECT_TRUE(holds(error.what(), message));
    EXPECT_TRUE(holds(error.what(), "; use -m "));
    EXPECT_TRUE(holds(error.what(), "or host it yourself"));
  }
}

TEST(Catalogue, the_full_id_of_a_model_that_is_gone_is_accepted) {
  EXPECT_EQ(parse_model_ref("replicate/vicuna-13b"),
            ModelRef(ModelName{"replicate", "vicuna-13b"}));
}

TEST(Catalogue, a_misspelled_short_name_is_recognized) {
  const Error error = error_of([] { return parse_model_ref("falcon-40"); });
  EXPECT_TRUE(holds(error.what(), "did you mean falcon-40b-instruct?"));
}

TEST(Catalogue, the_answer_length_is_sent_under_each_models_name) {
  using Case = std::pair<std::string, std::string>;
  for (const auto& [model, name] :
       {Case{"70b", "max_tokens"},
        Case{"02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3", "max_new_tokens"},
        Case{"falcon-40b", "max_length"}, Case{"llama-7b", "max_gen_len"}}) {
    const Build build = find_build(parse_model_ref(model));
    for (const std::string_view asked :
         {"max_new_tokens", "max_tokens", "max_length", "max_gen_len"}) {
      const InputSpec* input = find_input(build, asked);
      ASSERT_NE(input, nullptr) << model << " " << asked;
      EXPECT_EQ(input->name, name) << model << " " << asked;
    }
  }
}

TEST(UsersCatalogue, takes_precedence_over_the_built_in_one) {
  const Catalogue catalogue(kUsers);
  EXPECT_EQ(render_model_ref(catalogue.parse_model_ref("house")), "me/house");
  EXPECT_EQ(render_model_ref(catalogue.parse_model_ref("70b")), "me/house");
  EXPECT_EQ(render_model_ref(catalogue.parse_model_ref("13b")), "meta/llama-2-13b-chat");
  EXPECT_EQ(render_model_ref(parse_model_ref("70b")), "meta/llama-2-70b-chat");
}

TEST(UsersCatalogue, defines_the_inputs_of_its_models) {
  const Catalogue catalogue(kUsers);
  const Build build = find_build(catalogue.parse_model_ref("house"), catalogue);
  const InputSpec* input = find_input(build, "max_new_tokens");
  ASSERT_NE(input, nullptr);
  EXPECT_EQ(input->name, "max_length");
  EXPECT_EQ(input->maximum, 99);
  EXPECT_EQ(find_build(catalogue.parse_model_ref("me/house:abc"), catalogue).name, "official-chat");
}

TEST(UsersCatalogue, replaces_a_listed_model_with_the_same_id) {
  const Catalogue catalogue(kUsers);
  const auto entries = list_models(catalogue);
  EXPECT_EQ(entries.size(), list_models({}).size() + 1);
  std::size_t count = 0;
  for (const CatalogueEntry& entry : entries) {
    if (entry.model->id == "meta/llama-2-7b") ++count;
  }
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(entries.front().model->id, "me/house");
}

TEST(UsersCatalogue, a_mistake_is_reported_with_its_location) {
  using Case = std::pair<std::string, std::string>;
  const std::string format = R"({"format":"rellama.catalogue/1",)";
  for (
      const auto& [json, message] :
      {Case{"", "it is not JSON"}, Case{"[]", "is not a JSON object"},
       Case{"{}", "'format' is missing"}, Case{R"({"format":"x"})", "format: is not 'rellama."},
       Case{format + R"("familys":[]})", "unknown member 'familys'"},
       Case{format + R"("families":{}})", "families: is not a list"},
       Case{format + R"("families":[{"models":[]}]})", "families[0]: 'name' is missing"},
       Case{format + R"("families":[{"name":"X","models":[{"id":"x","hosting":"listed"}]}]})",
            "families[0].models[0].id: is not owner/name"},
       Case{format + R"("families":[{"name":"X","models":[{"id":"a/b","hosting":"up"}]}]})",
            "families[0].models[0].hosting: 'up' is not a known hosting status"},
       Case{
           format +
               R"("families":[{"name":"X","models":[{"id":"a/b","hosting":"gone","build":"z"}]}]})",
           "families[0].models[0]: there is no build 'z'"},
       Case{format + R"("builds":[{"name":"b","inputs":[{"name":"p","type":"text"}]}]})",
            "builds[0].inputs[0].type: 'text' is not one of"},
       Case{format + R"("builds":[{"name":"b","complete":1,"inputs":[]}]})",
            "builds[0].complete: is not true or false"}}) {
    const Error error = error_of([j = json] { return Catalogue(j); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << json;
    EXPECT_TRUE(holds(error.what(), message)) << json;
  }
}

}  // namespace
}  // namespace rellama::prompt
