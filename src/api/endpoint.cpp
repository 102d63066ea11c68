#include "api/endpoint.hpp"

#include <algorithm>
#include <array>

#include "api/field_tables.hpp"

namespace rellama::api {
namespace {

constexpr std::array kEndpoints{
    Endpoint{Kind::chat, Protocol::openai, "/v1/chat/completions", &chat_fields, "messages"},
    Endpoint{Kind::completion, Protocol::openai, "/v1/completions", &completion_fields, "prompt"},
    Endpoint{Kind::response, Protocol::openai, "/v1/responses", &response_fields, "input"},
    Endpoint{Kind::ollama_chat, Protocol::ollama, "/api/chat", &ollama_chat_fields, "messages"},
    Endpoint{Kind::ollama_generate, Protocol::ollama, "/api/generate", &ollama_generate_fields,
             "prompt"},
    Endpoint{Kind::message, Protocol::anthropic, "/v1/messages", &anthropic_fields, "messages"},
};

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace

std::span<const Endpoint> endpoints() noexcept {
  return kEndpoints;
}

const Endpoint* find_endpoint(std::string_view path) noexcept {
  const auto* const found =
      std::find_if(kEndpoints.begin(), kEndpoints.end(),
                   [path](const Endpoint& endpoint) { return endpoint.path == path; });
  return found == kEndpoints.end() ? nullptr : found;
}

std::string normal_path(std::string_view path) {
  constexpr std::string_view kTwice = "/v1/v1/";
  std::string normal;
  for (const char c : path) {
    if (c != '/' || !normal.ends_with('/')) normal += c;
  }
  while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  while (normal.starts_with(kTwice)) normal.erase(0, std::string_view("/v1").size());
  return normal;
}

Protocol protocol_of(std::string_view path) noexcept {
  if (is_below(path, "/api")) return Protocol::ollama;
  return is_below(path, "/v1/messages") ? Protocol::anthropic : Protocol::openai;
}

bool is_api_path(std::string_view path) noexcept {
  return is_below(path, "/v1") || is_below(path, "/api");
}

}  // namespace rellama::api
