#include "api/model_list.hpp"

#include <algorithm>
#include <vector>

#include "prompt/catalogue.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

struct Listed {
  std::string id;
  std::string owner;
  std::string family = {};
  std::string size = {};  // "70 billion"
};

Listed listed(const ModelRef& ref) {
  const std::string id = render_model_ref(ref);
  return {.id = id, .owner = id.substr(0, id.find('/'))};
}

std::vector<Listed> list(const Offer& offer) {
  if (!offer.container.empty()) return {{.id = offer.container, .owner = offer.container}};
  std::vector<Listed> models;
  for (const auto& entry : prompt::list_models(offer.request.catalogue)) {
    if (!prompt::can_be_asked(*entry.model)) continue;
    const std::string id(entry.model->id);
    models.push_back({.id = id,
                      .owner = id.substr(0, id.find('/')),
                      .family = std::string(entry.family->name),
                      .size = std::string(entry.model->parameters)});
  }
  // First the one that is used if a request names none.
  const Listed usual = listed(offer.request.model);
  const auto found = std::find_if(models.begin(), models.end(),
                                  [&usual](const Listed& each) { return each.id == usual.id; });
  if (found == models.end()) {
    models.insert(models.begin(), usual);
  } else {
    std::rotate(models.begin(), found, found + 1);
  }
  return models;
}

std::optional<Listed> find(const Offer& offer, std::string name) {
  constexpr std::string_view kTag = ":latest";
  if (name.ends_with(kTag)) name.resize(name.size() - kTag.size());
  if (offer.container.empty()) {
    try {
      name = render_model_ref(offer.request.catalogue.parse_model_ref(name));
    } catch (const Error&) {
      return std::nullopt;
    }
  }
  for (Listed& each : list(offer)) {
    if (each.id == name) return std::move(each);
  }
  return std::nullopt;
}

Json openai_json(const Listed& model) {
  return {{"id", model.id}, {"object", "model"}, {"created", 0}, {"owned_by", model.owner}};
}

Json details_json(const Listed& model) {
  return {{"parent_model", ""},
          {"format", ""},
          {"family", model.family},
          {"families", model.family.empty() ? Json::array() : Json::array({model.family})},
          {"parameter_size", model.size},
          {"quantization_level", ""}};
}

}  // namespace

std::string render_models(const Offer& offer) {
  Json data = Json::array();
  for (const Listed& model : list(offer)) data.push_back(openai_json(model));
  return wire::render_json(Json{{"object", "list"}, {"data", std::move(data)}});
}

std::optional<std::string> render_model(const Offer& offer, std::string_view name) {
  const auto model = find(offer, std::string(name));
  return model ? std::optional(wire::render_json(openai_json(*model))) : std::nullopt;
}

std::string render_tags(const Offer& offer) {
  Json models = Json::array();
  for (const Listed& model : list(offer)) {
    models.push_back({{"name", model.id},
                      {"model", model.id},
                      {"modified_at", "1970-01-01T00:00:00Z"},
                      {"size", 0},
                      {"digest", ""},
                      {"details", details_json(model)}});
  }
  Json tags = Json::object();
  tags["models"] = std::move(models);
  return wire::render_json(tags);
}

std::optional<std::string> render_show(const Offer& offer, std::string_view body) {
  const Json object = wire::find_json(body);
  if (!object.is_object()) {
    throw Error(ErrorKind::invalid_input, {.failed = "the body is not a JSON object"});
  }
  std::string name = wire::string_at(object, "model");
  if (name.empty()) name = wire::string_at(object, "name");
  const auto model = find(offer, name);
  if (!model) return std::nullopt;
  return wire::render_json(Json{{"modelfile", ""},
                                {"parameters", ""},
                                {"template", "{{ .Prompt }}"},
                                {"details", details_json(*model)},
                                {"model_info", Json::object()},
                                {"capabilities", Json::array({"completion"})},
                                {"modified_at", "1970-01-01T00:00:00Z"}});
}

}  // namespace rellama::api
