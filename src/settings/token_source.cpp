#include "settings/token_source.hpp"

#include <utility>

#include "settings/token_command.hpp"
#include "settings/token_file.hpp"

namespace rellama::settings {

namespace fs = std::filesystem;

std::optional<fs::path> stored_token_file(const std::optional<fs::path>& config_directory) {
  if (!config_directory) return std::nullopt;
  return *config_directory / "token";
}

std::optional<TokenSource> find_token_source(const TokenPlaces& places,
                                             const system::Environment& environment,
                                             const StopToken& stop) {
  if (places.option) {
    auto token = find_token(*places.option);
    if (!token) {
      throw Error(ErrorKind::unauthorized,
                  {.failed = "cannot use the token file " + places.option->string(),
                   .why = "the file does not exist",
                   .remedy = "pass --token-file a file that contains the token"});
    }
    return TokenSource{*std::move(token), TokenOrigin::option, places.option->string()};
  }
  if (const auto value = system::find_variable(environment, "REPLICATE_API_TOKEN")) {
    if (auto token = parse_token(*value, "REPLICATE_API_TOKEN")) {
      return TokenSource{*std::move(token), TokenOrigin::environment, "REPLICATE_API_TOKEN"};
    }
  }
  if (!places.command.empty()) {
    return TokenSource{ask_token_command(places.command, kTokenCommandTimeout, stop),
                       TokenOrigin::command, "token_command"};
  }
  if (places.stored) {
    if (auto token = find_token(*places.stored)) {
      return TokenSource{*std::move(token), TokenOrigin::stored, places.stored->string()};
    }
  }
  return std::nullopt;
}

Error missing_token() {
  return Error(ErrorKind::unauthorized,
               {.failed = "no API token",
                .why = "REPLICATE_API_TOKEN is not set and none is stored",
                .remedy = "create one at https://replicate.com/account/api-tokens, then set "
                          "REPLICATE_API_TOKEN or run: rellama auth login"});
}

}  // namespace rellama::settings
