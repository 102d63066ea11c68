#include "options/model_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>
#include <variant>

#include "options/assignment.hpp"
#include "options/prompt_input.hpp"
#include "options/users_catalogue.hpp"
#include "options/value_checks.hpp"
#include "prompt/parameters.hpp"
#include "prompt/secret_input.hpp"
#include "wire/json_document.hpp"
#include "wire/media_type.hpp"

namespace rellama::program {
namespace {

constexpr const char* kModelGroup = "Model";
constexpr const char* kModelHelp =
    "short name such as 7b, 13b, 70b (rellama models list), owner/name, owner/name:version, "
    "a version, or deployments/owner/name";

std::string text_or_file(const std::string& argument, const std::optional<std::string>& piped,
                         const StopToken& stop) {
  if (argument == "@-" && piped) return *piped;
  return argument.starts_with('@') ? read_text_file(argument.substr(1), stop) : argument;
}

std::string option_names(const prompt::Parameter& parameter) {
  std::string names;
  if (parameter.short_option != '\0') names = {'-', parameter.short_option, ','};
  names.append("--").append(parameter.option);
  for (const std::string_view alias : parameter.option_aliases) names.append(",--").append(alias);
  return names;
}

const char* parameter_metavar(const prompt::Parameter& parameter) {
  switch (parameter.type()) {
    case prompt::ParameterType::integer: return "N";
    case prompt::ParameterType::number: return "NUM";
    case prompt::ParameterType::text:
    case prompt::ParameterType::text_list: break;
  }
  return parameter.takes_file ? "TEXT|@FILE" : "TEXT";
}

CLI::Option& declare(CLI::App& app, const prompt::Parameter& parameter, ModelOptions& options) {
  const auto add = [&](auto& value) {
    return app.add_option(option_names(parameter), value, describe(parameter));
  };
  const auto add_field = [&](auto field) { return add(options.parameters.*field); };
  CLI::Option* option =
      parameter.takes_file ? add(options.system) : std::visit(add_field, parameter.field);
  option->type_name(parameter_metavar(parameter))->default_str(describe_default(parameter));
  if (parameter.type() == prompt::ParameterType::integer) option->transform(whole_number());
  if (parameter.type() == prompt::ParameterType::number) option->transform(decimal_number());
  if (parameter.repeatable) option->allow_extra_args(false);
  return *option;
}

}  // namespace

void declare(CLI::App& app, ModelOptions& options) {
  app.add_option("-m,--model", options.model, kModelHelp)
      ->type_name("REF")
      ->capture_default_str()
      ->group(kModelGroup);
  declare_parameters(app, options);
}

void declare_models(CLI::App& app, std::vector<std::string>& models) {
  app.add_option("-m,--model", models, std::string(kModelHelp) + "; repeatable")
      ->type_name("REF")
      ->allow_extra_args(false)
      ->default_str(models.empty() ? "" : models.front())
      ->group(kModelGroup);
}

void declare_parameters(CLI::App& app, ModelOptions& options) {
  for (const prompt::Parameter& parameter : prompt::parameters()) {
    declare(app, parameter, options).group(kModelGroup);
  }
  app.add_option("-o,--option", options.assignments,
                 "any other input of the model; also KEY:=JSON and KEY=@FILE; again for a list")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->group(kModelGroup);
  app.add_flag("--no-validate", options.no_validate,
               "do not validate inputs; let the server decide")
      ->group(kModelGroup);
}

GenerateRequest make_request(const ModelOptions& options, const Context& context) {
  GenerateRequest request;
  request.catalogue = read_catalogue(context);
  request.model = request.catalogue.parse_model_ref(options.model);
  if (options.no_validate) request.validation = Validation::none;
  request.parameters = options.parameters;
  if (options.system)
    request.parameters.system_prompt = text_or_file(*options.system, options.piped, context.stop);
  for (const std::string& assignment : options.assignments) {
    request.parameters.others.push_back(parse_assignment(assignment, context.stop));
  }
  return request;
}

std::vector<std::string> assignments_without_files(const ModelOptions& options,
                                                   const GenerateRequest& request,
                                                   const std::vector<std::string>& secrets) {
  std::vector<std::string> assignments = options.assignments;
  const Input& fields = request.parameters.others;
  for (std::size_t i = 0; i < std::min(assignments.size(), fields.size()); ++i) {
    const auto* text = std::get_if<std::string>(&fields[i].value);
    if (const auto* file = std::get_if<FileContent>(&fields[i].value)) {
      if (wire::media_type_of(file->name, *file->bytes).starts_with("text/")) {
        text = file->bytes.get();
      } else {
        assignments[i] = fields[i].name + "=@" + std::filesystem::absolute(file->name).string();
      }
    }
    if (text != nullptr) {
      assignments[i] = fields[i].name + ":=" + wire::render_json(*text);
    }
    if (std::find(secrets.begin(), secrets.end(), fields[i].name) != secrets.end()) {
      assignments[i] = fields[i].name + "=" + std::string(prompt::kSecretMark);
    }
  }
  return assignments;
}

}  // namespace rellama::program
