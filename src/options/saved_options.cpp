#include "options/saved_options.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "options/option_settings.hpp"
#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

using nlohmann::ordered_json;

void add(ordered_json& saved, const char* name, const std::optional<std::string>& value) {
  if (value) saved[name] = {*value};
}

// A system prompt that starts with '@' cannot be passed as an option: it would name a file.
std::optional<std::string> system_of(const ModelOptions& options, const GenerateRequest& request) {
  const auto& resolved = request.parameters.system_prompt;
  return resolved && resolved->starts_with('@') ? options.system : resolved;
}

bool is_container(const std::string& endpoint) {
  return endpoint.starts_with("cog=");
}

}  // namespace

std::string render_saved_options(const ModelOptions& options, const GenerateRequest& request,
                                 const std::string& endpoint,
                                 const std::vector<std::string>& secrets) {
  ordered_json saved = ordered_json::object();
  if (is_container(endpoint)) {
    add(saved, "endpoint", endpoint);
  } else {
    add(saved, "model", render_model_ref(request.model));
  }
  add(saved, "system", system_of(options, request));
  for (const prompt::Parameter& parameter : prompt::parameters()) {
    if (parameter.takes_file || !is_set(parameter, options.parameters)) continue;
    saved[std::string(parameter.option)] = render_values(parameter, options.parameters);
  }
  if (!options.assignments.empty()) {
    saved["option"] = assignments_without_files(options, request, secrets);
  }
  if (options.no_validate) saved["no-validate"] = {"true"};
  return saved.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string find_saved_container(const std::string& saved) {
  const auto document = wire::find_json(saved);
  if (!document.is_object() || !document.contains("endpoint")) return {};
  const auto& values = document["endpoint"];
  return values.is_array() && !values.empty() && values[0].is_string()
             ? values[0].get<std::string>()
             : std::string();
}

void apply_saved_options(CLI::App& app, const std::string& saved) {
  const auto document = wire::find_json(saved);
  if (!document.is_object()) return;
  for (const auto& [name, values] : document.items()) {
    CLI::Option* option = app.get_option_no_throw("--" + name);
    if (option == nullptr || !option->empty() || !values.is_array()) continue;
    try {
      for (const auto& value : values) option->add_result(value.get<std::string>());
      if (!option->empty()) option->run_callback();
    } catch (const std::exception& error) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "cannot use --" + name + " as recorded in the history",
                   .why = error.what(),
                   .remedy = "pass --" + name + " again"});
    }
  }
}

std::optional<Continuation> resume_options(CLI::App& app, const HistoryOptions& history,
                                           const Context& context) {
  auto continuation = find_continuation(history, context);
  if (continuation) apply_saved_options(app, continuation->model_options);
  apply_settings(app, context);
  return continuation;
}

}  // namespace rellama::program
