#include "commands/auth.hpp"

#include <CLI/CLI.hpp>

#include "options/connection.hpp"
#include "options/parser.hpp"
#include "rellama/client.hpp"
#include "rellama/error.hpp"
#include "run/signal_watcher.hpp"
#include "settings/token_file.hpp"
#include "terminal/secret_input.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

constexpr const char* kTokenPage = "https://replicate.com/account/api-tokens";

ApiToken read_new_token(const Context& context, const StopToken& stop) {
  std::string text;
  if (context.streams.in.is_terminal()) {
    tell(context, "Create a token at " + std::string(kTokenPage) + "\n");
    text = terminal::read_secret("API token (not shown): ", stop);
  } else {
    text = context.streams.in.read_all(stop);
  }
  if (auto token = settings::parse_token(text, "standard input")) return *std::move(token);
  throw Error(ErrorKind::invalid_input,
              {.failed = "no token given", .remedy = "copy one from " + std::string(kTokenPage)});
}

int log_in(const Context& context, const StopToken& stop) {
  const auto path = stored_token_path(context);
  settings::write_token(path, read_new_token(context, stop));
  tell(context, "rellama: stored the token in " + terminal::one_line(path.string()) +
                    "; check it with: rellama auth status\n");
  return 0;
}

int log_out(const Context& context) {
  const auto path = stored_token_path(context);
  const bool removed = settings::remove_token(path);
  const std::string where = terminal::one_line(path.string());
  tell(context, removed ? "rellama: removed the token in " + where + "\n"
                        : "rellama: no token in " + where + "\n");
  return 0;
}

int show_status(const ConnectionOptions& options, const Context& context, const StopToken& stop) {
  const auto source = find_token(options, context);
  if (!source) throw settings::missing_token();
  Client client(source->token, client_options(options, context));
  const Account account = client.account(stop);
  context.streams.out.print(terminal::one_line("logged in as " + account.username + " (" +
                                               account.type + ") with the token from " +
                                               source->where) +
                            "\n");
  return 0;
}

}  // namespace

int run_auth(const Arguments& arguments, const Context& context) {
  ConnectionOptions options;
  CLI::App app("Store, check or remove the API token.");
  prepare(app, "rellama auth");
  app.require_subcommand(1);
  const CLI::App* login = app.add_subcommand(
      "login", "read a token from the terminal, without echo, or from standard input");
  CLI::App* status = app.add_subcommand("status", "show which account the token belongs to");
  const CLI::App* logout = app.add_subcommand("logout", "remove the stored token");
  declare(*status, options);
  if (!parse(app, arguments, context)) return 0;

  const StopSource stop;
  const SignalWatcher watcher(stop, context.streams);
  if (login->parsed()) return log_in(context, stop.token());
  if (logout->parsed()) return log_out(context);
  return show_status(options, stopped_by(context, stop.token()), stop.token());
}

}  // namespace rellama::program
