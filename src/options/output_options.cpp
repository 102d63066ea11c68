#include "options/output_options.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "options/value_checks.hpp"
#include "options/word_option.hpp"
#include "settings/size.hpp"

namespace rellama::program {
namespace {

std::map<std::string, terminal::ColorMode> color_modes() {
  return {{"auto", terminal::ColorMode::automatic},
          {"always", terminal::ColorMode::always},
          {"never", terminal::ColorMode::never}};
}

std::map<std::string, MarkdownMode> markdown_modes() {
  return {{"auto", MarkdownMode::automatic},
          {"always", MarkdownMode::always},
          {"never", MarkdownMode::never}};
}

constexpr const char* kOutputGroup = "Output";

}  // namespace

// A device is not a file that could be complete or absent. What it means is not to save.
bool names_stdout(const std::string& path) {
  return path == "-" || path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1";
}

void declare(CLI::App& app, OutputOptions& options) {
  CLI::Option* json = app.add_flag("--json", options.json, "print one JSON object at the end");
  json->group(kOutputGroup);
  app.add_flag("--jsonl", options.jsonl, "print one JSON line per event")
      ->excludes(json)
      ->group(kOutputGroup);
  declare_text(app, options);
  declare_saving(app, options);
}

void declare_answer(CLI::App& app, OutputOptions& options) {
  app.add_flag("--raw", options.raw,
               "print the exact bytes: no filtering, no blanks or line ends changed")
      ->group(kOutputGroup);
  declare_rendering(app, options);
  declare_color(app, options);
}

void declare_text(CLI::App& app, OutputOptions& options) {
  declare_answer(app, options);
  app.add_flag("-u,--usage", options.usage, "print token counts and time to stderr")
      ->group(kOutputGroup);
  declare_log(app, options);
}

void declare_color(CLI::App& app, OutputOptions& options) {
  app.add_option("--color", options.color, "use color: auto, always or never")
      ->type_name("WHEN")
      ->default_str("auto")
      ->transform(one_of(color_modes()))
      ->group(kOutputGroup);
}

void declare_rendering(CLI::App& app, OutputOptions& options) {
  CLI::Option* extract = app.add_flag("-x,--extract", options.extract,
                                      "print only the first fenced code block of the answer");
  CLI::Option* markdown = app.add_option("--markdown", options.markdown,
                                         "render Markdown: auto (on a terminal), always or never");
  constexpr int kWidest = 10'000;
  CLI::Option* width = app.add_option("--width", options.width, "width of rendered Markdown");
  extract->group(kOutputGroup);
  markdown->default_str("auto");
  width->default_str("the terminal's");
  markdown->type_name("WHEN")->transform(one_of(markdown_modes()))->group(kOutputGroup);
  width->type_name("N")->transform(whole_number(1, kWidest))->group(kOutputGroup);
  for (CLI::Option* option : {extract, markdown, width}) {
    for (const char* form : {"--json", "--jsonl", "--raw"}) {
      if (CLI::Option* other = app.get_option_no_throw(form)) option->excludes(other);
    }
    if (option != extract) option->excludes(extract);
  }
}

void declare_saving(CLI::App& app, OutputOptions& options) {
  CLI::Option* output =
      app.add_option_function<std::string>(
             "-O,--output",
             [&options](const std::string& path) {
               options.saves = !names_stdout(path);
               options.save_path = options.saves ? path : std::string();
             },
             "save the answer to a file, created once the answer is complete, or the files a "
             "model produced to a directory (an existing one, or a path ending in /); stdout "
             "stays empty. - prints to stdout")
          ->type_name("PATH")
          ->group(kOutputGroup);
  app.add_flag("--force", options.force, "let -O overwrite an existing file")
      ->needs(output)
      ->group(kOutputGroup);
  app.add_option_function<std::string>(
         "--max-download",
         [&options](const std::string& size) { options.max_download = settings::parse_size(size); },
         "size limit for downloaded files")
      ->type_name("SIZE")
      ->check(size())
      ->default_str("1GiB")
      ->needs(output)
      ->group(kOutputGroup);
}

void declare_log(CLI::App& app, OutputOptions& options) {
  CLI::Option* quiet = app.add_flag("-q,--quiet", options.quiet, "print only errors to stderr");
  quiet->group(kOutputGroup);
  // Newer versions of CLI11 treat a counting flag as given (0) and show that in the help.
  app.add_flag("-v,--verbose", options.verbosity, "log requests to stderr; twice for more")
      ->default_str("")
      ->force_callback(false)
      ->excludes(quiet)
      ->group(kOutputGroup);
  app.add_option("--log-file", options.log_file, "append the complete log to a file")
      ->type_name("FILE")
      ->group(kOutputGroup);
}

}  // namespace rellama::program
