// The local checks of `rellama doctor`.

#include "commands/doctor/checks.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "http/proxy.hpp"
#include "settings/config_file.hpp"
#include "settings/directories.hpp"
#include "terminal/style.hpp"
#include "wire/counted.hpp"
#include "wire/redact_url.hpp"

namespace rellama::program {
namespace {

using Status = Finding::Status;

constexpr mode_t kOthersMayChange = S_IWGRP | S_IWOTH;
constexpr mode_t kOthersMayAnything = S_IRWXG | S_IRWXO;

struct Place {
  std::optional<std::filesystem::path> path;
  mode_t forbidden;
  const char* remedy;
};

std::vector<Place> places_of(const ConnectionOptions& options, const Context& context) {
  const auto directories = settings::find_directories(context.environment);
  std::vector<Place> places{
      {directories.config, kOthersMayChange, "chmod go-w "},
      {settings::config_path(directories.config), kOthersMayChange, "chmod go-w "},
      {settings::stored_token_file(directories.config), kOthersMayAnything, "chmod 600 "},
      {directories.data, kOthersMayAnything, "chmod 700 "},
      {directories.state, kOthersMayAnything, "chmod 700 "},
      {directories.cache, kOthersMayChange, "chmod go-w "}};
  if (!options.token_file.empty()) {
    places.push_back({options.token_file, kOthersMayAnything, "chmod 600 "});
  }
  return places;
}

std::string describe_stream(const char* name, bool is_terminal) {
  return std::string(name) + (is_terminal ? " is a terminal" : " is not a terminal");
}

// The form of the tokens that Replicate issues.
bool looks_like_a_token(std::string_view token) {
  constexpr std::size_t kLength = 40;
  return token.size() == kLength && token.starts_with("r8_") &&
         std::all_of(token.begin() + 3, token.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0; });
}

}  // namespace

Finding failure(const std::string& name, const Error& error) {
  const ErrorParts& parts = error.parts();
  return {Status::failure, name, parts.why.empty() ? parts.failed : parts.failed + ": " + parts.why,
          parts.remedy, traits(error.kind()).exit_code};
}

Finding check_files(const ConnectionOptions& options, const Context& context) {
  int checked = 0;
  for (const Place& place : places_of(options, context)) {
    struct stat about {};
    if (!place.path || ::stat(place.path->c_str(), &about) != 0) continue;
    ++checked;
    if ((about.st_mode & place.forbidden) == 0) continue;
    const bool only_change = place.forbidden == kOthersMayChange;
    return {Status::warning, "files",
            "other users can " + std::string(only_change ? "change " : "read or change ") +
                place.path->string(),
            "run: " + std::string(place.remedy) + place.path->string()};
  }
  if (checked == 0) return {Status::ok, "files", "none yet"};
  return {Status::ok, "files", wire::counted(checked, "file") + " checked, private"};
}

Finding check_terminal(const Context& context) {
  const auto& [in, out, err] = context.streams;
  std::string detail = describe_stream("stdin", in.is_terminal()) + ", " +
                       describe_stream("stdout", out.is_terminal()) + ", " +
                       describe_stream("stderr", err.is_terminal());
  const auto term = system::find_variable(context.environment, "TERM");
  detail += ", TERM=" + term.value_or("(not set)");
  if (out.is_terminal()) detail += ", " + wire::counted(out.columns(), "column");
  const bool utf8 = terminal::has_utf8(context.environment);
  detail += utf8 ? ", UTF-8" : ", not UTF-8";
  const bool shown = out.is_terminal() || err.is_terminal();
  if (shown && !utf8) {
    return {Status::warning, "terminal", detail, "set LC_ALL to a UTF-8 locale, such as C.UTF-8"};
  }
  return {Status::ok, "terminal", detail};
}

Finding check_proxy(const ConnectionOptions& options, const Context& context) {
  if (options.no_proxy) return {Status::ok, "proxy", "none: --proxy is empty"};
  if (const auto fault = http::find_proxy_fault(options.proxy); fault && !options.proxy.empty()) {
    return {Status::failure, "proxy", wire::without_credentials(options.proxy) + ": " + *fault,
            "correct --proxy", traits(ErrorKind::invalid_input).exit_code};
  }
  if (!options.proxy.empty()) {
    return {Status::ok, "proxy", "proxy " + wire::without_credentials(options.proxy)};
  }
  std::string detail;
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY",
                           "no_proxy", "NO_PROXY"}) {
    const auto value = system::find_variable(context.environment, name);
    if (!value) continue;
    detail += (detail.empty() ? "" : ", ") + std::string(name) + "=" +
              (std::tolower(name[0]) == 'n' ? *value : wire::without_credentials(*value));
  }
  return {Status::ok, "proxy", detail.empty() ? "none" : detail};
}

Finding check_token(const std::optional<settings::TokenSource>& source) {
  if (!source) return failure("token", settings::missing_token());
  const std::string_view token = source->token.reveal();
  const std::string detail =
      "from " + source->where + ", " + wire::counted(token.size(), "character");
  if (looks_like_a_token(token)) return {Status::ok, "token", detail};
  return {Status::warning, "token",
          detail + "; Replicate tokens are r8_ followed by 37 letters and digits",
          "compare it with https://replicate.com/account/api-tokens"};
}

}  // namespace rellama::program
