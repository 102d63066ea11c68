#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "options/context.hpp"
#include "rellama/client.hpp"
#include "rellama/cog.hpp"
#include "settings/token_source.hpp"

namespace rellama::program {

/// How to reach the server. Every command that uses the network has these options.
struct ConnectionOptions {
  std::string endpoint;
  std::string base_url;
  std::string proxy;
  bool no_proxy = false;  ///< whether `proxy` was set, but to nothing
  std::string ca_file;
  std::string token_file;
  std::string token_command;   ///< from the configuration only
  std::string gateway_header;  ///< from the configuration or RELLAMA_GATEWAY_HEADER only
  std::string profile;
  std::string record;  ///< the file that exchanges are added to; empty: none
  std::string connect_timeout = "10s";
  int retries = ClientOptions{}.retries;
  bool allow_http = false;
};

void declare(CLI::App& app, ConnectionOptions& options);

/// The client's options: those set by the user, then REPLICATE_BASE_URL,
/// REPLICATE_POLL_INTERVAL and those of `find_authorities`. What the history has is known to belong
/// to other requests; the context must outlive the options. Throws Error (invalid_input).
[[nodiscard]] ClientOptions client_options(const ConnectionOptions& options,
                                           const Context& context);

/// The container, if the endpoint is cog=URL. Throws Error (invalid_input).
[[nodiscard]] std::optional<CogOptions> find_container(const ConnectionOptions& options,
                                                       const Context& context);

/// Throws Error (invalid_input): the option cannot be used with a container, because of `why`.
[[noreturn]] void refuse_with_container(const std::string& option, const std::string& why);

/// Throws Error (invalid_input) if the endpoint is a container: the command cannot be used with
/// one, because of `why`.
void refuse_container(const std::string& command, const std::string& why,
                      const ConnectionOptions& options, const Context& context);

/// The token and its source; see settings::find_token_source.
[[nodiscard]] std::optional<settings::TokenSource> find_token(const ConnectionOptions& options,
                                                              const Context& context);

/// The token. Throws Error: unauthorized if there is none, invalid_input if the endpoint is a
/// container.
[[nodiscard]] ApiToken require_token(const ConnectionOptions& options, const Context& context);

/// Where `rellama auth login` stores the token. Throws Error (internal) if there is no home
/// directory.
[[nodiscard]] std::filesystem::path stored_token_path(const Context& context);

}  // namespace rellama::program
