#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "rellama/api_token.hpp"
#include "rellama/error.hpp"
#include "system/environment.hpp"

namespace rellama::settings {

/// Where a token was found.
enum class TokenOrigin {
  option,       ///< the file named by --token-file
  environment,  ///< REPLICATE_API_TOKEN
  command,      ///< what `token_command` of the configuration prints
  stored,       ///< the file written by `rellama auth login`
};

/// A token and where it came from.
struct TokenSource {
  ApiToken token;
  TokenOrigin origin;
  std::string where;  ///< for people: "REPLICATE_API_TOKEN", "/home/ann/.config/rellama/token"
};

/// Where to look beside the environment.
struct TokenPlaces {
  std::optional<std::filesystem::path> option;  ///< the argument of --token-file
  std::string command = {};                     ///< `token_command`; empty: none
  std::optional<std::filesystem::path> stored;  ///< see `stored_token_file`
};

/// The file of `rellama auth login` in the configuration directory, if there is one.
[[nodiscard]] std::optional<std::filesystem::path> stored_token_file(
    const std::optional<std::filesystem::path>& config_directory);

/// Looks into the option's file, REPLICATE_API_TOKEN, the output of the command and the stored
/// file, in this order. Throws Error (unauthorized, or invalid_input for text that cannot be a
/// token) where one of them is there and cannot be used; the file of the option must be there.
[[nodiscard]] std::optional<TokenSource> find_token_source(const TokenPlaces& places,
                                                           const system::Environment& environment);

/// The error for whoever needs a token and has none.
[[nodiscard]] Error missing_token();

}  // namespace rellama::settings
