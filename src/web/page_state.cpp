#include "web/page_state.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <variant>

#include "options/users_catalogue.hpp"
#include "prompt/parameters.hpp"
#include "rellama/version.hpp"
#include "web/model_json.hpp"
#include "wire/json_document.hpp"
#include "wire/redact_url.hpp"

namespace rellama::web {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::vector<std::string>& list) {
  return list;
}

template <typename Value>
Json json_of(const std::optional<Value>& value) {
  return *value;
}

// The parameters that options set. Other inputs may be secret, or files: the server adds them.
Json parameters_of(const GenerationParameters& parameters) {
  Json set = Json::object();
  for (const prompt::Parameter& parameter : prompt::parameters()) {
    if (parameter.takes_file || !is_set(parameter, parameters)) continue;
    const auto value = [&parameters](auto field) { return json_of(parameters.*field); };
    set[std::string(parameter.name)] = std::visit(value, parameter.field);
  }
  return set;
}

}  // namespace

std::string render_state(const PageOptions& options, const RequestMaker& maker,
                         const std::vector<std::string>& live_runs) {
  const Catalogue catalogue = program::read_catalogue(maker.context());
  const bool is_container = maker.container().has_value();
  Json models = wire::find_json(render_models(catalogue));
  std::string model = "container";
  if (is_container) {
    models = Json::array(
        {Json{{"ref", model},
              {"title", "The model at " + wire::without_credentials(maker.container()->base_url)},
              {"description", ""},
              {"group", "Container"}}});
  } else {
    model = render_model_ref(catalogue.parse_model_ref(maker.defaults().model));
  }
  return wire::render_json(Json{{"version", version()},
                                {"title", options.title},
                                {"description", options.description},
                                {"examples", options.examples},
                                {"single", options.single},
                                {"recording", options.records},
                                {"cancel_on_close", options.cancel_on_close},
                                {"demo", maker.is_demo()},
                                {"model", model},
                                {"system", options.system ? Json(*options.system) : Json()},
                                {"parameters", parameters_of(maker.defaults().parameters)},
                                {"models", std::move(models)},
                                {"max_concurrent", options.concurrent},
                                {"runs", live_runs}});
}

}  // namespace rellama::web
