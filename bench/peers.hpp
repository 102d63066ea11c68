#pragma once

#include <optional>
#include <string>

#include "measure.hpp"

namespace rellama::bench {

/// What a script does for one answer: create with curl, jq, the stream with curl.
[[nodiscard]] Command curl_streams(const std::string& base_url, int tokens);
/// As above, but it asks for the prediction each half second until it is over.
[[nodiscard]] Command curl_polls(const std::string& base_url, int tokens);
/// As above, but the create request waits for the answer.
[[nodiscard]] Command curl_waits(const std::string& base_url, int tokens);
/// The least a program on libcurl can do: minimal.cpp.
[[nodiscard]] Command minimal(const std::string& base_url, int tokens);
/// Replicate's own JavaScript client; nothing where `bench/run` could not install it.
[[nodiscard]] std::optional<Command> javascript(const std::string& base_url, int tokens);
/// Replicate's own Python client; nothing where it is not installed.
[[nodiscard]] std::optional<Command> python(const std::string& base_url, int tokens);
/// The program that all of them are compared with.
[[nodiscard]] Command rellama(const std::string& base_url, int tokens);

/// The text of an answer, without the blanks around it, which each prints in its own way.
[[nodiscard]] std::string trimmed(const std::string& text);
/// The text in the events that curl prints.
[[nodiscard]] std::string text_of_events(const std::string& events);

}  // namespace rellama::bench
