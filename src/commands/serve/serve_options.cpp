#include "commands/serve/serve_options.hpp"

#include <CLI/CLI.hpp>

#include "options/value_checks.hpp"

namespace rellama::program {
namespace {

constexpr const char* kFooter =
    "Prints a URL with a key in it. Open it once: the page keeps the key in a cookie. The key "
    "stays\n"
    "the same until --new-key. Conversations are in the same history as those of rellama chat.\n"
    "\n"
    "Examples:\n"
    "  rellama serve --open\n"
    "  rellama serve --demo --port 0\n"
    "  rellama serve --single --title \"Ask Llama\" --description \"One question, one answer.\"\n"
    "  rellama serve --public-url https://chat.example.org --max-predictions-per-hour 60\n"
    "\n"
    "To reach it from elsewhere, use ssh -R, Caddy or nginx as docs/serve.md shows.\n";

void declare_server(CLI::App& app, ServeOptions& options) {
  constexpr const char* kGroup = "Server";
  constexpr int kLastPort = 65535;
  app.add_option("--host", options.host, "address to listen on")
      ->type_name("ADDRESS")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--port", options.port, "port to listen on; 0 picks a free one")
      ->type_name("N")
      ->transform(whole_number())
      ->check(CLI::Range(0, kLastPort).name(""))
      ->capture_default_str()
      ->group(kGroup);
  app.add_flag("--open", options.open, "open the page in the browser")->group(kGroup);
  app.add_option("--public-url", options.public_urls,
                 "URL under which a proxy or a tunnel publishes the server; repeatable")
      ->type_name("URL")
      ->allow_extra_args(false)
      ->group(kGroup);
  app.add_option("--allow-origin", options.origins,
                 "let pages of another site use the API, with the key; repeatable")
      ->type_name("ORIGIN")
      ->allow_extra_args(false)
      ->group(kGroup);
  CLI::Option* file =
      app.add_option("--api-key-file", options.key_file, "read the key from a file of mode 0600")
          ->type_name("FILE")
          ->group(kGroup);
  CLI::Option* fresh = app.add_flag("--new-key", options.new_key, "replace the key")
                           ->excludes(file)
                           ->configurable(false)
                           ->group(kGroup);
  app.add_flag("--no-key", options.no_key,
               "let every program and user of this machine in; loopback only")
      ->excludes(file)
      ->excludes(fresh)
      ->group(kGroup);
}

void declare_page(CLI::App& app, ServeOptions& options) {
  constexpr const char* kGroup = "Page";
  app.add_option("--title", options.title, "title of the page")
      ->type_name("TEXT")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--description", options.description, "text below the title")
      ->type_name("TEXT")
      ->group(kGroup);
  app.add_option("--example", options.examples, "prompt to offer; repeatable")
      ->type_name("TEXT")
      ->allow_extra_args(false)
      ->group(kGroup);
  app.add_flag("--single", options.single, "one prompt, one answer, without a conversation")
      ->group(kGroup);
}

void declare_limits(CLI::App& app, ServeOptions& options) {
  constexpr const char* kGroup = "Safety";
  constexpr std::size_t kMostConcurrent = 1000;
  constexpr std::size_t kMostHourly = 1'000'000;
  app.add_option("--max-concurrent", options.concurrent, "predictions at a time; others wait")
      ->type_name("N")
      ->transform(whole_number())
      ->check(CLI::Range(std::size_t{1}, kMostConcurrent).name(""))
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--max-predictions-per-hour", options.hourly,
                 "refuse to start more than this within an hour")
      ->type_name("N")
      ->transform(whole_number())
      ->check(CLI::Range(std::size_t{1}, kMostHourly).name(""))
      ->default_str("none")
      ->group(kGroup);
  app.add_option("--timeout", options.timeout, "time limit for each answer: 30, 45s, 1m30s")
      ->type_name("DUR")
      ->check(duration())
      ->default_str("none")
      ->group(kGroup);
  app.add_flag("--cancel-on-close", options.cancel_on_close,
               "cancel the runs of a page that is closed, instead of finishing them")
      ->group(kGroup);
  app.add_flag("--drain", options.drain,
               "at Ctrl-C, finish what is running instead of canceling it; again cancels")
      ->group(kGroup);
  app.add_flag("--demo", options.demo,
               "give canned answers from the built-in emulator; needs no account")
      ->group(kGroup);
}

}  // namespace

void declare(CLI::App& app, ServeOptions& options) {
  declare_server(app, options);
  declare_page(app, options);
  declare(app, options.model);
  declare_no_log(app, options.history);
  declare_log(app, options.output);
  declare_limits(app, options);
  declare(app, options.connection);
  app.footer(kFooter);
}

}  // namespace rellama::program
