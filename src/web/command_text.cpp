#include "web/command_text.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "prompt/parameters.hpp"
#include "run/dry_run.hpp"

namespace rellama::web {
namespace {

// A word for a shell, quoted only if it needs that.
std::string word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@,+";
  const bool is_plain = !text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos;
  return is_plain ? std::string(text) : program::quote_for_shell(text);
}

}  // namespace

std::string render_command(const PageRequest& page, const CommandPlace& place) {
  const std::string& prompt = page.request.prompt;
  const bool is_piped = prompt == "-";  // as an argument, it is standard input
  std::string command = is_piped ? "printf %s - | rellama" : "rellama";
  if (place.demo) command += " --demo";
  const auto add = [&command](const std::string& name, std::string_view value) {
    // A value that begins with a dash would be read as an option.
    command += " --" + name + (value.starts_with('-') ? "=" : " ") + word(value);
  };
  if (page.model.starts_with("cog=")) {
    add("endpoint", page.model);
  } else {
    command += " -m " + word(page.model);
  }
  if (!place.session.empty()) add("session", place.session);
  if (!place.records) command += " -n";
  const auto& parameters = page.request.parameters;
  const std::string system = parameters.system_prompt.value_or("");
  if (system.starts_with('@')) {  // the option would name a file
    command += " -o " + word("system_prompt:=" + nlohmann::json(system).dump());
  } else if (parameters.system_prompt) {
    add("system", system);
  }
  for (const prompt::Parameter& parameter : prompt::parameters()) {
    if (parameter.takes_file || !is_set(parameter, parameters)) continue;
    for (const std::string& text : render_values(parameter, parameters)) {
      add(std::string(parameter.option), text);
    }
  }
  for (const std::string& assignment : page.assignments) {
    command += " -o " + word(assignment);
  }
  if (page.options.no_validate) command += " --no-validate";
  return is_piped ? command : command + " -- " + word(prompt);
}

}  // namespace rellama::web
