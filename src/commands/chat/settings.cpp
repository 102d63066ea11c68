#include "commands/chat/settings.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <vector>

#include "prompt/checks.hpp"
#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "terminal/visible_text.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

// The parameter whose option is called `key`; null if it is an input of the model. The system
// prompt has a command of its own.
const prompt::Parameter* find_settable(const std::string& key) {
  const prompt::Parameter* parameter = prompt::find_by_option(key);
  return parameter != nullptr && !parameter->takes_file ? parameter : nullptr;
}

void forget_assignment(ModelOptions& options, const std::string& key) {
  std::erase_if(options.assignments, [&key](const std::string& assignment) {
    return assignment.starts_with(key + "=") || assignment.starts_with(key + ":=");
  });
}

// Uses the option's own parser, so a value means the same as on the command line.
void parse_option(ModelOptions& options, const std::string& name, const std::string& value) {
  CLI::App app;
  declare(app, options);
  try {
    app.parse(std::vector<std::string>{"--" + name + "=" + value});
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::invalid_input, {.failed = error.what()});
  }
}

}  // namespace

void set_input(ModelOptions& options, const std::string& assignment) {
  prompt::check_text("what is set", assignment);
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ErrorKind::invalid_input, {.failed = "'" + assignment + "' cannot be set",
                                           .remedy = "write KEY=VALUE, such as temperature=0.2"});
  }
  const std::string key = assignment.substr(0, equals);
  const std::string value = assignment.substr(equals + 1);
  forget_assignment(options, key.ends_with(':') ? key.substr(0, key.size() - 1) : key);
  if (const prompt::Parameter* parameter = find_settable(key)) {
    reset(*parameter, options.parameters);
    if (!value.empty()) parse_option(options, std::string(parameter->option), value);
  } else if (!value.empty()) {
    options.assignments.push_back(assignment);
  }
}

std::string render_inputs(const PreparedRequest& request) {
  const auto body = wire::find_json(request.body);
  std::string lines;
  for (const auto& [name, value] : body.at("input").items()) {
    if (name == "prompt" || name == "system_prompt") continue;
    lines += "  " +
             terminal::one_line(
                 name + "=" +
                 (value.is_string() ? value.get<std::string>() : wire::render_json(value))) +
             "\n";
  }
  return lines.empty() ? "  nothing but the prompt is sent\n" : lines;
}

}  // namespace rellama::program
