#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/field.hpp"

namespace rellama::api {

/// Whose protocol.
enum class Protocol { openai, ollama, anthropic };

/// What is asked for, in which protocol.
enum class Kind { chat, completion, response, ollama_chat, ollama_generate, message };

/// A route that answers prompts.
struct Endpoint {
  Kind kind;
  Protocol protocol;
  std::string_view path;
  const FieldTable* fields;
  std::string_view prompt;  ///< the field that has the prompt
};

/// All of them.
[[nodiscard]] std::span<const Endpoint> endpoints() noexcept;

/// The endpoint at `path`, which is normal; null if there is none.
[[nodiscard]] const Endpoint* find_endpoint(std::string_view path) noexcept;

/// A path as the routes have it: without slashes at the end, doubled slashes, and a doubled /v1.
/// Clients append their paths to a URL that may have a part of them already.
[[nodiscard]] std::string normal_path(std::string_view path);

/// The protocol whose clients ask for `path`; by it errors are written.
[[nodiscard]] Protocol protocol_of(std::string_view path) noexcept;

/// Whether a path belongs to the API.
[[nodiscard]] bool is_api_path(std::string_view path) noexcept;

}  // namespace rellama::api
