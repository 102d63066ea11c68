#pragma once

#include <optional>
#include <string>

#include "measure.hpp"

namespace rellama::bench {

/// A script for one answer: create with curl, parse with jq, stream with curl.
[[nodiscard]] Command curl_streams(const std::string& base_url, int tokens);
/// The same, but it polls the prediction every half second until it ends.
[[nodiscard]] Command curl_polls(const std::string& base_url, int tokens);
/// The same, but the create request waits for the answer.
[[nodiscard]] Command curl_waits(const std::string& base_url, int tokens);
/// The minimal libcurl client, minimal.cpp.
[[nodiscard]] Command minimal(const std::string& base_url, int tokens);
/// Replicate's own JavaScript client; empty if `bench/run` could not install it.
[[nodiscard]] std::optional<Command> javascript(const std::string& base_url, int tokens);
/// Replicate's own Python client; empty if it is not installed.
[[nodiscard]] std::optional<Command> python(const std::string& base_url, int tokens);
/// rellama, which the others are compared with.
[[nodiscard]] Command rellama(const std::string& base_url, int tokens);

/// The text of an answer without surrounding whitespace, which differs between clients.
[[nodiscard]] std::string trimmed(const std::string& text);
/// The text in the events that curl prints.
[[nodiscard]] std::string text_of_events(const std::string& events);

}  // namespace rellama::bench
