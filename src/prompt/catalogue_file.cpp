// Reads a catalogue file: the built-in one at build time, and a user's own at run time.

#include "prompt/catalogue_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "prompt/parameters.hpp"
#include "prompt/transcript_form.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::prompt {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "rellama.catalogue/1";
constexpr std::string_view kUnknown = "unknown";

[[noreturn]] void refuse(const std::string& place, const std::string& why) {
  throw Error(ErrorKind::invalid_input, {.failed = "the model catalogue is invalid",
                                         .why = (place.empty() ? "" : place + ": ") + why,
                                         .remedy = "src/prompt/catalogue.json shows the format"});
}

// Uses append because GCC 12 warns wrongly about overlapping copies in `"'" + string`.
std::string quote(std::string_view text) {
  std::string quoted(1, '\'');
  quoted.append(text).append(1, '\'');
  return quoted;
}

/// A value in the file and its location, for error messages.
class Node {
 public:
  Node(const Json& json, std::string place) : json_(&json), place_(std::move(place)) {}

  [[noreturn]] void refuse(const std::string& why) const { prompt::refuse(place_, why); }

  /// Rejects members other than `names`, so that a misspelled member is not silently ignored.
  void check_members(std::initializer_list<std::string_view> names) const {
    if (!json_->is_object()) refuse("is not a JSON object");
    for (const auto& [name, value] : json_->items()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        refuse("unknown member " + quote(name));
      }
    }
  }

  [[nodiscard]] bool has(const char* name) const { return json_->contains(name); }

  [[nodiscard]] Node at(const char* name) const {
    if (!has(name)) refuse(quote(name) + " is missing");
    return {(*json_)[name], place_.empty() ? name : place_ + "." + name};
  }

  [[nodiscard]] std::vector<Node> items() const {
    if (!json_->is_array()) refuse("is not a list");
    std::vector<Node> nodes;
    for (const Json& item : *json_) {
      nodes.emplace_back(item, place_ + "[" + std::to_string(nodes.size()) + "]");
    }
    return nodes;
  }
  [[nodiscard]] std::vector<Node> items_at(const char* name) const {
    return has(name) ? at(name).items() : std::vector<Node>();
  }

  [[nodiscard]] const std::string& text() const {
    if (!json_->is_string()) refuse("is not a string");
    return json_->get_ref<const std::string&>();
  }
  /// Empty if the member is missing or "unknown".
  [[nodiscard]] std::string text_at(const char* name) const {
    if (!has(name)) return {};
    std::string text = at(name).text();
    return text == kUnknown ? std::string() : text;
  }
  [[nodiscard]] bool is_known(const char* name) const {
    return has(name) && (*json_)[name] != Json(kUnknown);
  }
  [[nodiscard]] bool flag() const {
    if (!json_->is_boolean()) refuse("is not true or false");
    return json_->get<bool>();
  }
  [[nodiscard]] double number() const {
    if (!json_->is_number()) refuse("is not a number");
    return json_->get<double>();
  }

 private:
  const Json* json_;
  std::string place_;
};

InputType read_type(const Node& node) {
  const std::string& word = node.text();
  if (const auto type = find_input_type(word)) return *type;
  node.refuse(quote(word) + " is not one of boolean, integer, number, string, file, any");
}

}  // namespace

/// Fills a catalogue from its file.
class CatalogueReader {
 public:
  CatalogueReader(UsersCatalogue& to, const CatalogueTable& base) : to_(to), base_(base) {}

  void read(const Node& file) {
    file.check_members({"format", "parameters", "builds", "families"});
    if (file.at("format").text() != kFormat) {
      file.at("format").refuse("is not " + quote(kFormat));
    }
    for (const Node& node : file.items_at("parameters")) {
      node.check_members({"name", "names"});
      to_.parameters_.push_back({keep(node.at("name").text()), list(node.at("names"))});
    }
    for (const Node& node : file.items_at("builds")) to_.builds_.push_back(read_build(node));
    // builds_ must not change from here on: models have pointers into it.
    for (const Node& node : file.items_at("families")) to_.families_.push_back(read_family(node));
    to_.table_ = {to_.builds_, to_.families_};
  }

 private:
  std::string_view keep(std::string text) { return to_.texts_.emplace_back(std::move(text)); }

  std::span<const std::string_view> list(const Node& node) {
    auto& texts = to_.lists_.emplace_back();
    for (const Node& item : node.items()) texts.push_back(keep(item.text()));
    return texts;
  }

  [[nodiscard]] std::string_view parameter_of(std::string_view name) const {
    for (const auto& [parameter, names] : to_.parameters_) {
      if (std::find(names.begin(), names.end(), name) != names.end()) return parameter;
    }
    return prompt::parameter_of(name);
  }

  InputSpec read_input(const Node& node) {
    node.check_members({"name", "type", "minimum", "maximum"});
    InputSpec input{
        .name = keep(node.at("name").text()), .parameter = {}, .type = read_type(node.at("type"))};
    input.parameter = parameter_of(input.name);
    if (node.has("minimum")) input.minimum = node.at("minimum").number();
    if (node.has("maximum")) input.maximum = node.at("maximum").number();
    return input;
  }

  Build read_build(const Node& node) {
    node.check_members({"name", "form", "complete", "source", "date", "inputs"});
    Build build{.name = keep(node.at("name").text())};
    const std::string form = node.text_at("form");
    if (form == "instruction_tags") {
      build.form = PromptForm::instruction_tags;
    } else if (form != "bare" && !form.empty()) {
      node.at("form").refuse(quote(form) + " is not one of bare, instruction_tags");
    }
    build.complete = node.has("complete") && node.at("complete").flag();
    build.takes_defaults = build.complete;
    auto& inputs = to_.inputs_.emplace_back();
    for (const Node& input : node.at("inputs").items()) inputs.push_back(read_input(input));
    build.inputs = inputs;
    return build;
  }

  const Build* find_build(const Node& node, std::string_view name) const {
    for (const auto& builds : {std::span<const Build>(to_.builds_), base_.builds}) {
      for (const Build& build : builds) {
        if (build.name == name) return &build;
      }
    }
    node.refuse("there is no build " + quote(name));
  }
  const Build* build_at(const Node& node) const {
    return find_build(node, node.has("build") ? node.at("build").text() : kUnknown);
  }

  CatalogueModel read_model(const Node& node) {
    node.check_members({"size", "short_names", "id", "hosting", "source", "date", "instead",
                        "build", "versions", "parameters", "license", "memory", "storage"});
    CatalogueModel model{};
    model.size = keep(node.text_at("size"));
    if (node.has("short_names")) model.short_names = list(node.at("short_names"));
    model.id = keep(node.text_at("id"));
    if (!model.id.empty() && std::count(model.id.begin(), model.id.end(), '/') != 1) {
      node.at("id").refuse("is not owner/name");
    }
    if (model.id.empty() && model.short_names.empty()) {
      node.refuse("has neither an id nor a short name");
    }
    const Node hosting = node.at("hosting");
    const auto known = find_hosting(hosting.text());
    if (!known) hosting.refuse(quote(hosting.text()) + " is not a known hosting status");
    model.hosting = *known;
    model.source = keep(node.text_at("source"));
    model.date = keep(node.text_at("date"));
    model.instead = keep(node.text_at("instead"));
    model.build = build_at(node);
    auto& versions = to_.versions_.emplace_back();
    for (const Node& version : node.items_at("versions")) {
      version.check_members({"id", "build"});
      versions.push_back({keep(version.at("id").text()), build_at(version)});
    }
    model.versions = versions;
    model.parameters = keep(node.text_at("parameters"));
    model.license = keep(node.text_at("license"));
    model.memory = keep(node.text_at("memory"));
    model.storage = keep(node.text_at("storage"));
    return model;
  }

  CatalogueFamily read_family(const Node& node) {
    node.check_members({"name", "context_length", "context_length_source", "prompt_template",
                        "prompt_template_source", "stop_sequences", "stop_sequences_source",
                        "conversation", "models", "needs_source"});
    CatalogueFamily family{};
    family.name = keep(node.at("name").text());
    if (node.is_known("context_length")) {
      family.context_length = static_cast<int>(node.at("context_length").number());
    }
    family.context_length_source = keep(node.text_at("context_length_source"));
    family.prompt_template = keep(node.text_at("prompt_template"));
    family.prompt_template_source = keep(node.text_at("prompt_template_source"));
    if (node.is_known("stop_sequences")) family.stop_sequences = list(node.at("stop_sequences"));
    family.stop_sequences_source = keep(node.text_at("stop_sequences_source"));
    family.conversation = keep(node.text_at("conversation"));
    if (!family.conversation.empty() && find_form(family.conversation) == nullptr) {
      node.at("conversation").refuse("there is no form " + quote(family.conversation));
    }
    auto& models = to_.models_.emplace_back();
    for (const Node& model : node.at("models").items()) models.push_back(read_model(model));
    family.models = models;
    family.needs_source = keep(node.text_at("needs_source"));
    return family;
  }

  UsersCatalogue& to_;
  const CatalogueTable& base_;
};

UsersCatalogue::UsersCatalogue(std::string_view json, const CatalogueTable& base) {
  const Json document = wire::find_json(json);
  if (document.is_discarded()) refuse("", "it is not JSON");
  CatalogueReader(*this, base).read(Node(document, ""));
}

}  // namespace rellama::prompt
