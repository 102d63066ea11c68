// `rellama template`: manages saved prompts and their settings.

#include "commands/template/template.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "commands/template/template_text.hpp"
#include "options/config_keys.hpp"
#include "options/connection.hpp"
#include "options/model_options.hpp"
#include "options/option_settings.hpp"
#include "options/parser.hpp"
#include "options/prompt_input.hpp"
#include "options/template_options.hpp"
#include "rellama/error.hpp"
#include "run/editor.hpp"
#include "run/request.hpp"
#include "system/own_file.hpp"
#include "system/private_file.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

using settings::SavedPrompt;

std::filesystem::path require_template_path(const std::string& name, const Context& context) {
  if (const auto directory = template_directory(context)) {
    return settings::template_path(*directory, name);
  }
  throw Error(ErrorKind::internal, {.failed = "nowhere to store templates",
                                    .why = "neither XDG_CONFIG_HOME nor a home directory is known",
                                    .remedy = "set HOME"});
}

bool file_exists(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

// Checks a template by making a request from it.
void check_template(const std::string& name, const std::string& text, const std::string& where,
                    const Context& context) {
  const SavedPrompt parsed = settings::parse_template(name, text, where);
  ModelOptions options;
  CLI::App app;
  declare(app, options);
  check_template_keys(parsed, app);
  apply_table(app, {settings::Level::prompt_template, &parsed.settings, where});
  GenerateRequest request = make_request(options, context);
  request.prompt = "?";
  // The valid inputs depend on the model, which may be chosen when the template is used.
  if (app.count("--model") == 0) request.parameters.others.clear();
  check_generate(request);
}

// A template that cannot be used must not keep the others from being listed.
SavedPrompt describe(const std::string& name, const Context& context) {
  try {
    return require_template(name, context);
  } catch (const Error& error) {
    return {.name = name,
            .description = "invalid: " + std::string(error.what()),
            .prompt = {},
            .settings = {},
            .where = require_template_path(name, context).string(),
            .text = {}};
  }
}

int list(const Arguments& arguments, const Context& context) {
  bool json = false;
  CLI::App app("List your own templates and the built-in ones.");
  prepare(app, "rellama template list");
  app.add_flag("--json", json, "the same as JSON");
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  std::vector<SavedPrompt> templates;
  for (const std::string& name : settings::template_names(template_directory(context))) {
    templates.push_back(describe(name, context));
  }
  context.streams.out.print(
      json ? render_templates_json(templates)
           : render_templates(templates, terminal::table_width(context.streams.out)),
      terminal::json_if(json));
  return 0;
}

int show(const Arguments& arguments, const Context& context) {
  std::string name;
  bool json = false;
  CLI::App app("Print a template.");
  prepare(app, "rellama template show");
  app.add_option("NAME", name)->required();
  app.add_flag("--json", json, "the same as JSON");
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  const SavedPrompt found = require_template(name, context);
  context.streams.out.print(json ? render_template_json(found) : found.text,
                            terminal::json_if(json));
  return 0;
}

void replace(CLI::Option& option, const std::vector<std::string>& values) {
  option.clear();
  for (const std::string& value : values) option.add_result(value);
}

// Stores the content of files, because their paths may not be valid where the template is used.
void embed_files(CLI::App& app, const ModelOptions& options, const GenerateRequest& request) {
  if (!options.assignments.empty()) {
    const auto secrets = find_secret_inputs(request);
    if (!secrets.empty()) {
      const std::string& name = secrets.front();
      throw Error(ErrorKind::invalid_input,
                  {.failed = "the input '" + name + "' cannot be saved in a template",
                   .why = "it is secret",
                   .remedy = "leave it out, and pass it each time: -o " + name + "=VALUE"});
    }
    replace(*app.get_option("--option"), assignments_without_files(options, request, secrets));
  }
  if (!options.system || !options.system->starts_with('@')) return;
  const std::string& text = *request.parameters.system_prompt;
  if (text.starts_with('@')) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "the system prompt in " + options.system->substr(1) + " cannot be saved",
                 .why = "it starts with @, which would be read as a file name",
                 .remedy = "start it with another character"});
  }
  replace(*app.get_option("--system"), {text});
}

std::string prompt_of(std::vector<std::string> words, const Context& context) {
  if (words.empty()) return {};
  PromptSources sources{.words = std::move(words), .files = {}};
  sources.no_stdin =
      std::find(sources.words.begin(), sources.words.end(), "-") == sources.words.end();
  return read_input(sources, context.streams.in, {});
}

int save(const Arguments& arguments, const Context& context) {
  ModelOptions options;
  std::string description;
  bool force = false;
  std::vector<std::string> words;
  CLI::App app(
      "Save a prompt and the given options as a template: NAME, then the words of the prompt.");
  prepare(app, "rellama template save");
  declare(app, options);
  app.add_option("--description", description, "description of the template")->type_name("TEXT");
  app.add_flag("--force", force, "overwrite an existing template");
  app.footer(
      "In the prompt, {{input}} is replaced by your input and {{name}} by -p name=value.\n"
      "{{name|text}} has a default, and {{{{ is a literal {{. The word - reads standard input.\n\n"
      "Example:\n"
      "  rellama template save haiku --temperature 1 \"Write a haiku about {{input}}.\"");
  if (!parse_with_words(app, arguments, words, context, Settings::leave)) return 0;
  if (words.empty()) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "no template name given", .remedy = "see rellama template save --help"});
  }
  const std::string name = words.front();
  const auto path = require_template_path(name, context);
  // If the model's schema is known, it tells which inputs are secret.
  embed_files(app, options, make_request(options, ConnectionOptions{}, /*demo=*/false, context));
  const std::string prompt = prompt_of({words.begin() + 1, words.end()}, context);
  const std::string text = render_template(app, description, prompt);
  if (text.empty()) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "nothing to save", .remedy = "give a prompt or model options"});
  }
  check_template(name, text, name, context);
  if (!force && file_exists(path)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "a template named '" + name + "' exists",
                 .remedy = "use --force to overwrite it, or run: rellama template edit " + name});
  }
  system::write_private_file(path, text);
  tell(context, "rellama: saved " + terminal::one_line(path.string()) +
                    "; use it with: rellama -t " + name + "\n");
  return 0;
}

// The initial text of a template that the user does not have yet.
std::string initial_text(const std::string& name) {
  const auto built_in = settings::find_template(std::nullopt, name);
  return built_in ? built_in->text : std::string(template_example);
}

int edit(const Arguments& arguments, const Context& context) {
  std::string name;
  CLI::App app("Edit a template in $VISUAL or $EDITOR, then check it.");
  prepare(app, "rellama template edit");
  app.add_option("NAME", name)->required();
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  const auto path = require_template_path(name, context);
  if (!file_exists(path)) system::write_private_file(path, initial_text(name));
  edit_file(path, context);
  const auto text = system::find_own_text(path);
  if (!text) return 0;  // the user removed it
  check_template(name, text->text, path.string(), context);
  tell(context, "rellama: " + terminal::one_line(path.string()) +
                    " is valid; use it with: rellama -t " + name + "\n");
  return 0;
}

int remove(const Arguments& arguments, const Context& context) {
  std::string name;
  CLI::App app("Delete one of your own templates.");
  prepare(app, "rellama template delete");
  app.add_option("NAME", name)->required();
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  const auto path = require_template_path(name, context);
  if (::unlink(path.c_str()) == 0) {
    tell(context, "rellama: deleted " + terminal::one_line(path.string()) + "\n");
    return 0;
  }
  if (errno != ENOENT) {
    throw Error(ErrorKind::internal, {.failed = "cannot delete " + path.string(),
                                      .why = std::generic_category().message(errno),
                                      .remedy = "delete it by hand"});
  }
  if (settings::find_template(std::nullopt, name)) {
    throw Error(ErrorKind::invalid_input, {.failed = "the template '" + name + "' is built in",
                                           .remedy = "only your own can be deleted"});
  }
  (void)require_template(name, context);  // throws and suggests a similar name
  return 0;
}

struct Subcommand {
  const char* name;
  const char* help;
  int (*run)(const Arguments&, const Context&);
};

constexpr std::array kSubcommands{
    Subcommand{"list", "list templates and their descriptions", list},
    Subcommand{"show", "print a template", show},
    Subcommand{"save", "save a prompt and the given options", save},
    Subcommand{"edit", "edit a template in $VISUAL or $EDITOR", edit},
    Subcommand{"delete", "delete one of your own templates", remove},
};

}  // namespace

int run_template(const Arguments& arguments, const Context& context) {
  CLI::App app("List, show, save, edit or delete prompt templates.");
  prepare(app, "rellama template");
  app.require_subcommand(1);
  for (const Subcommand& subcommand : kSubcommands) {
    // Each subcommand has its own parser, because one of them takes words. This one is for the
    // help.
    app.add_subcommand(subcommand.name, subcommand.help);
    if (!arguments.empty() && arguments.front() == subcommand.name) {
      return subcommand.run({arguments.begin() + 1, arguments.end()}, context);
    }
  }
  return parse(app, arguments, context, Settings::leave) ? 1 : 0;
}

}  // namespace rellama::program
