#include "options/template_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <utility>

#include "options/prompt_input.hpp"
#include "options/suggestion.hpp"
#include "rellama/error.hpp"
#include "settings/directories.hpp"
#include "settings/placeholders.hpp"

namespace rellama::program {
namespace {

constexpr const char* kInput = "input";

Error unusable(const std::string& parameter, std::string why, std::string remedy) {
  return Error(ErrorKind::invalid_input, {.failed = "-p " + parameter + " cannot be used",
                                          .why = std::move(why),
                                          .remedy = std::move(remedy)});
}

std::map<std::string, std::string> parse_parameters(const std::vector<std::string>& arguments) {
  std::map<std::string, std::string> values;
  for (const std::string& argument : arguments) {
    const auto equals = argument.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw unusable(argument, "it is not NAME=VALUE", "write it like -p to=German");
    }
    const std::string name = argument.substr(0, equals);
    std::string value = argument.substr(equals + 1);
    if (value.starts_with('@')) value = read_text_file(value.substr(1));
    if (!values.emplace(name, std::move(value)).second) {
      throw unusable(argument, "'" + name + "' is given twice", "give it once");
    }
  }
  return values;
}

void check_parameters(const settings::SavedPrompt& prompt_template,
                      const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const auto& placeholder : settings::find_placeholders(prompt_template.prompt)) {
    if (placeholder.name != kInput) names.push_back(placeholder.name);
  }
  for (const auto& [name, value] : parse_parameters(arguments)) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (name == kInput) {
      throw unusable("input=…", "it is what the words, files and standard input are",
                     "give it as words");
    }
    throw Error(
        ErrorKind::invalid_input,
        {.failed = "the template '" + prompt_template.name + "' has no parameter '" + name + "'",
         .remedy = did_you_mean(name, names,
                                "see it with: rellama template show " + prompt_template.name)});
  }
}

}  // namespace

void declare(CLI::App& app, TemplateOptions& options) {
  constexpr const char* kGroup = "Prompt";
  app.add_option("-t,--template", options.name,
                 "a saved prompt with its settings; what is asked is its {{input}} "
                 "(rellama template list)")
      ->type_name("NAME")
      ->group(kGroup);
  app.add_option("-p,--param", options.parameters,
                 "what stands for {{KEY}} in the template; KEY=@FILE too; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->configurable(false)
      ->group(kGroup);
}

std::optional<std::filesystem::path> template_directory(const Context& context) {
  const auto directory = settings::find_directories(context.environment).config;
  if (!directory) return std::nullopt;
  return *directory / "templates";
}

settings::SavedPrompt require_template(const std::string& name, const Context& context) {
  const auto directory = template_directory(context);
  if (auto found = settings::find_template(directory, name)) return *std::move(found);
  throw Error(ErrorKind::invalid_input,
              {.failed = "there is no template '" + name + "'",
               .remedy = did_you_mean(name, settings::template_names(directory),
                                      "see them with: rellama template list")});
}

std::optional<settings::SavedPrompt> find_template(const TemplateOptions& options,
                                                   const Context& context) {
  if (options.name.empty()) {
    if (options.parameters.empty()) return std::nullopt;
    throw unusable(options.parameters.front(), "there is no template for it",
                   "choose one with -t NAME");
  }
  auto found = require_template(options.name, context);
  check_parameters(found, options.parameters);
  return found;
}

InputUse input_use(const settings::SavedPrompt& prompt_template) {
  for (const auto& placeholder : settings::find_placeholders(prompt_template.prompt)) {
    if (placeholder.name == kInput) {
      return placeholder.fallback ? InputUse::optional : InputUse::required;
    }
  }
  return InputUse::none;
}

std::string fill_template(const settings::SavedPrompt& prompt_template,
                          const TemplateOptions& options, const std::optional<std::string>& input) {
  auto values = parse_parameters(options.parameters);
  if (input) values.insert_or_assign(kInput, *input);
  try {
    return settings::fill(prompt_template.prompt, values);
  } catch (const Error& error) {
    throw Error(error.kind(), {.failed = "cannot use the template '" + prompt_template.name + "'",
                               .why = error.parts().failed,
                               .remedy = error.parts().remedy});
  }
}

}  // namespace rellama::program
