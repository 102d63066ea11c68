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

/// How to reach Replicate, as every command that does so lets the user say it.
struct ConnectionOptions {
  std::string endpoint;
  std::string base_url;
  std::string proxy;
  std::string ca_file;
  std::string token_file;
  std::string token_command;  ///< from the configuration only
  std::string profile;
  std::string connect_timeout = "10s";
  int retries = ClientOptions{}.retries;
  bool allow_http = false;
};

void declare(CLI::App& app, ConnectionOptions& options);

/// The client's options from what was set, then REPLICATE_BASE_URL, SSL_CERT_FILE and
/// REPLICATE_POLL_INTERVAL. Throws Error (invalid_input).
[[nodiscard]] ClientOptions client_options(const ConnectionOptions& options,
                                           const Context& context);

/// The container that the endpoint names as cog=URL, if it does. Throws Error
/// (invalid_input).
[[nodiscard]] std::optional<CogOptions> find_container(const ConnectionOptions& options,
                                                       const Context& context);

/// Throws Error (invalid_input): a container has no use for the option, `why` says so.
[[noreturn]] void refuse_with_container(const std::string& option, const std::string& why);

/// The token and where it is from; see settings::find_token_source.
[[nodiscard]] std::optional<settings::TokenSource> find_token(const ConnectionOptions& options,
                                                              const Context& context);

/// The token. Throws Error (unauthorized) with what to do where there is none.
[[nodiscard]] ApiToken require_token(const ConnectionOptions& options, const Context& context);

/// Where `rellama auth login` keeps the token. Throws Error (internal) where there is no home.
[[nodiscard]] std::filesystem::path stored_token_path(const Context& context);

}  // namespace rellama::program
