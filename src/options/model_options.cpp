#include "options/model_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "options/assignment.hpp"
#include "options/prompt_input.hpp"
#include "options/users_catalogue.hpp"

namespace rellama::program {
namespace {

constexpr const char* kGroup = "Model";
constexpr const char* kModelHelp =
    "short name such as 7b, 13b, 70b (rellama models list), owner/name, owner/name:version, "
    "a version, or deployments/owner/name";

std::string text_or_file(const std::string& argument) {
  return argument.starts_with('@') ? read_text_file(argument.substr(1)) : argument;
}

}  // namespace

void declare(CLI::App& app, ModelOptions& options) {
  app.add_option("-m,--model", options.model, kModelHelp)
      ->type_name("REF")
      ->capture_default_str()
      ->group(kGroup);
  declare_parameters(app, options);
}

void declare_models(CLI::App& app, std::vector<std::string>& models) {
  app.add_option("-m,--model", models, std::string(kModelHelp) + "; repeatable")
      ->type_name("REF")
      ->allow_extra_args(false)
      ->capture_default_str()
      ->group(kGroup);
}

void declare_parameters(CLI::App& app, ModelOptions& options) {
  GenerationParameters& parameters = options.parameters;
  app.add_option("-s,--system", options.system, "system prompt [a long one about safety]")
      ->type_name("TEXT|@FILE")
      ->group(kGroup);
  app.add_option("--temperature,--temp", parameters.temperature,
                 "randomness, 0 to 5 (older builds: from 0.01) [0.5]")
      ->type_name("NUM")
      ->group(kGroup);
  app.add_option("--top-p", parameters.top_p, "share of likely tokens to sample from, 0 to 1 [1]")
      ->type_name("NUM")
      ->group(kGroup);
  app.add_option("--top-k", parameters.top_k,
                 "number of likely tokens to sample from, from -1 (older builds: from 0) [50]")
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--max-new-tokens,--max-tokens", parameters.max_new_tokens,
                 "longest answer in tokens, from 1 [500]")
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--min-new-tokens,--min-tokens", parameters.min_new_tokens,
                 "shortest answer in tokens, from -1 (off) [-1]")
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--seed", parameters.seed, "seed for a repeatable answer [random]")
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--stop", parameters.stop_sequences, "text that ends the answer; repeatable")
      ->type_name("TEXT")
      ->allow_extra_args(false)
      ->group(kGroup);
  app.add_option("--prompt-template", parameters.prompt_template,
                 "template with {prompt} and {system_prompt} [the model's]")
      ->type_name("TEXT")
      ->group(kGroup);
  app.add_option("-o,--option", options.assignments,
                 "any other input of the model; KEY:=JSON and KEY=@FILE too; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->group(kGroup);
  app.add_flag("--no-validate", options.no_validate,
               "let the server alone decide which inputs are right")
      ->group(kGroup);
}

GenerateRequest make_request(const ModelOptions& options, const Context& context) {
  GenerateRequest request;
  request.catalogue = read_catalogue(context);
  request.model = request.catalogue.parse_model_ref(options.model);
  if (options.no_validate) request.validation = Validation::none;
  request.parameters = options.parameters;
  if (options.system) request.parameters.system_prompt = text_or_file(*options.system);
  for (const std::string& assignment : options.assignments) {
    request.parameters.others.push_back(parse_assignment(assignment));
  }
  return request;
}

std::vector<std::string> assignments_without_files(const ModelOptions& options,
                                                   const GenerateRequest& request) {
  std::vector<std::string> assignments = options.assignments;
  const Input& fields = request.parameters.others;
  for (std::size_t i = 0; i < std::min(assignments.size(), fields.size()); ++i) {
    const auto* text = std::get_if<std::string>(&fields[i].value);
    if (text != nullptr) {
      assignments[i] = fields[i].name + ":=" + nlohmann::ordered_json(*text).dump();
    }
  }
  return assignments;
}

}  // namespace rellama::program
