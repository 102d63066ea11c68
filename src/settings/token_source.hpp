#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "rellama/api_token.hpp"
#include "rellama/error.hpp"
#include "rellama/stop.hpp"
#include "system/environment.hpp"

namespace rellama::settings {

/// Where a token was found.
enum class TokenOrigin {
  option,       ///< the file named by --token-file
  environment,  ///< REPLICATE_API_TOKEN
  command,      ///< the output of `token_command` in the configuration
  stored,       ///< the file written by `rellama auth login`
};

/// A token and where it came from.
struct TokenSource {
  ApiToken token;
  TokenOrigin origin;
  std::string where;  ///< for people: "REPLICATE_API_TOKEN", "/home/ann/.config/rellama/token"
};

/// Where to look besides the environment.
struct TokenPlaces {
  std::optional<std::filesystem::path> option;  ///< the argument of --token-file
  std::string command = {};                     ///< `token_command`; empty: none
  std::optional<std::filesystem::path> stored;  ///< see `stored_token_file`
};

/// The file of `rellama auth login` in the configuration directory, if there is one.
[[nodiscard]] std::optional<std::filesystem::path> stored_token_file(
    const std::optional<std::filesystem::path>& config_directory);

/// Looks in the option's file, REPLICATE_API_TOKEN, the output of the command and the stored file,
/// in this order. `stop` ends waiting for the command. Throws Error if one of them exists but
/// cannot be used (unauthorized, or invalid_input for text that is not a token), or if the option's
/// file does not exist, or why `stop` was requested while the command ran.
[[nodiscard]] std::optional<TokenSource> find_token_source(const TokenPlaces& places,
                                                           const system::Environment& environment,
                                                           const StopToken& stop = {});

/// The error for a missing token.
[[nodiscard]] Error missing_token();

}  // namespace rellama::settings
