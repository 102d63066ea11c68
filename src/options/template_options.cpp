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

Error invalid_parameter(const std::string& parameter, std::string why, std::string remedy) {
  return Error(ErrorKind::invalid_input, {.failed = "invalid parameter '-p " + parameter + "'",
                                          .why = std::move(why),
                                          .remedy = std::move(remedy)});
}

std::map<std::string, std::string> parse_all(const std::vector<std::string>& arguments) {
  std::map<std::string, std::string> values;
  for (const std::string& argument : arguments) {
    const auto equals = argument.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw invalid_parameter(argument, "it is not KEY=VALUE", "write it like -p to=German");
    }
    const std::string name = argument.substr(0, equals);
    std::string value = argument.substr(equals + 1);
    if (!values.emplace(name, std::move(value)).second) {
      throw invalid_parameter(argument, "'" + name + "' was given twice", "give it once");
    }
  }
  return values;
}

// Reads a FIFO only once: what was read is gone.
void read_files(std::map<std::string, std::string>& values, const std::optional<std::string>& piped,
                const StopToken& stop) {
  for (auto& [name, value] : values) {
    if (value == "@-" && piped) {
      value = *piped;
    } else if (value.starts_with('@')) {
      value = read_text_file(value.substr(1), stop);
    }
  }
}

void check_parameters(const settings::SavedPrompt& prompt_template,
                      const TemplateOptions& options) {
  std::vector<std::string> names;
  for (const auto& placeholder : settings::find_placeholders(prompt_template.prompt)) {
    if (placeholder.name != kInput) names.push_back(placeholder.name);
  }
  for (const auto& [name, value] : parse_all(options.parameters)) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (name == kInput) {
      throw invalid_parameter("input=…", "{{input}} is the words, files and standard input",
                              "give it as words");
    }
    throw Error(
        ErrorKind::invalid_input,
        {.failed = "the template '" + prompt_template.name + "' has no parameter '" + name + "'",
         .remedy = did_you_mean(name, names,
                                "show it with: rellama template show " + prompt_template.name)});
  }
}

}  // namespace

void declare(CLI::App& app, TemplateOptions& options) {
  constexpr const char* kGroup = "Prompt";
  app.add_option("-t,--template", options.name,
                 "use a saved prompt and its settings; your input replaces {{input}} "
                 "(rellama template list)")
      ->type_name("NAME")
      ->group(kGroup);
  app.add_option("-p,--param", options.parameters,
                 "set {{KEY}} in the template; KEY=@FILE reads a file; repeatable")
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
              {.failed = "no template named '" + name + "'",
               .remedy = did_you_mean(name, settings::template_names(directory),
                                      "list them with: rellama template list")});
}

std::optional<settings::SavedPrompt> find_template(const TemplateOptions& options,
                                                   const Context& context) {
  if (options.name.empty()) {
    if (options.parameters.empty()) return std::nullopt;
    throw invalid_parameter(options.parameters.front(), "no template was chosen",
                            "choose one with -t NAME");
  }
  auto found = require_template(options.name, context);
  check_parameters(found, options);
  return found;
}

std::map<std::string, std::string> parse_parameters(const TemplateOptions& options,
                                                    const StopToken& stop) {
  auto values = parse_all(options.parameters);
  read_files(values, options.piped, stop);
  return values;
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
                          const TemplateOptions& options, const std::optional<std::string>& input,
                          const StopToken& stop) {
  auto values = parse_parameters(options, stop);
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
