#include "commands/auth.hpp"

#include <CLI/CLI.hpp>
#include <optional>
#include <utility>

#include "options/connection.hpp"
#include "options/option_settings.hpp"
#include "options/parser.hpp"
#include "rellama/client.hpp"
#include "rellama/error.hpp"
#include "run/signal_watcher.hpp"
#include "settings/token_file.hpp"
#include "terminal/secret_input.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"
#include "terminal/word_wrap.hpp"

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

// What Replicate says about a new token. Throws Error, with a remedy for when it cannot be asked.
Account check_token(const ApiToken& token, const ConnectionOptions& options, const Context& context,
                    const StopToken& stop) {
  try {
    return Client(token, client_options(options, context)).account(stop);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    if (error.kind() == ErrorKind::unauthorized) {
      parts.failed = "the token was not stored";
      parts.remedy = "copy the whole token from " + std::string(kTokenPage);
    } else if (error.kind() == ErrorKind::network || error.kind() == ErrorKind::server) {
      parts.remedy = "to store the token without a check: rellama auth login --no-check";
    }
    throw Error(error.kind(), std::move(parts));
  }
}

// The place of a token that takes precedence over the stored one; empty if there is none.
std::string find_overriding(const ConnectionOptions& options, const Context& context) {
  if (!options.token_file.empty()) return "the token file " + options.token_file;
  if (system::find_variable(context.environment, "REPLICATE_API_TOKEN")) {
    return "REPLICATE_API_TOKEN";
  }
  return options.token_command.empty() ? std::string() : "token_command in the configuration";
}

int log_in(const ConnectionOptions& options, bool checks, const Context& context,
           const StopToken& stop) {
  const auto path = stored_token_path(context);
  const ApiToken token = read_new_token(context, stop);
  const auto account =
      checks ? std::optional(check_token(token, options, context, stop)) : std::nullopt;
  settings::write_token(path, token);
  tell(context, "rellama: stored the token " +
                    (account ? "of " + terminal::one_line(account->username) + " " : "") + "in " +
                    terminal::one_line(path.string()) +
                    (account ? "\n" : "; check it with: rellama auth status\n"));
  const std::string overriding = find_overriding(options, context);
  if (!overriding.empty()) {
    tell(context, "rellama: warning: " + terminal::one_line(overriding) +
                      " is set and takes precedence over the stored token\n");
  }
  return 0;
}

int log_out(const ConnectionOptions& options, const Context& context) {
  const auto path = stored_token_path(context);
  const bool removed = settings::remove_token(path);
  const std::string where = terminal::one_line(path.string());
  tell(context, removed ? "rellama: removed the token in " + where +
                              "; it stays valid until you revoke it at " + kTokenPage + "\n"
                        : "rellama: no token in " + where + "\n");
  const std::string remaining = find_overriding(options, context);
  if (!remaining.empty()) {
    tell(context, "rellama: " + terminal::one_line(remaining) + " is still set and is used\n");
  }
  return 0;
}

int show_status(const ConnectionOptions& options, const Context& context, const StopToken& stop) {
  const auto source = find_token(options, context);
  if (!source) throw settings::missing_token();
  Client client(source->token, client_options(options, context));
  const Account account = client.account(stop);
  const std::string line =
      terminal::one_line("logged in as " + account.username + " (" + account.type +
                         ") with the token from " + source->where);
  context.streams.out.print(
      terminal::render_wrapped(line, terminal::table_width(context.streams.out)));
  return 0;
}

// A token can be removed whatever the configuration says.
void apply_settings_if_valid(CLI::App& app, const Context& context) {
  try {
    apply_settings(app, context);
  } catch (const Error&) {
  }
}

}  // namespace

int run_auth(const Arguments& arguments, const Context& context) {
  ConnectionOptions options;
  CLI::App app("Store, check or remove the API token.");
  prepare(app, "rellama auth");
  app.require_subcommand(1);
  CLI::App* login = app.add_subcommand(
      "login", "read a token from the terminal, without echo, or from stdin; check and store it");
  CLI::App* status = app.add_subcommand("status", "show which account the token belongs to");
  CLI::App* logout = app.add_subcommand("logout", "remove the stored token");
  bool no_check = false;
  login->add_flag("--no-check", no_check, "store the token without asking Replicate about it")
      ->configurable(false);
  for (CLI::App* below : {login, status, logout}) declare(*below, options);
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  if (logout->parsed()) {
    apply_settings_if_valid(app, context);
  } else {
    apply_settings(app, context);
  }

  const StopSource stop;
  const SignalWatcher watcher(stop, context.streams);
  const Context stoppable = stopped_by(context, stop.token());
  if (login->parsed()) return log_in(options, !no_check, stoppable, stop.token());
  if (logout->parsed()) return log_out(options, stoppable);
  return show_status(options, stoppable, stop.token());
}

}  // namespace rellama::program
