#include "api/failure.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

constexpr int kUnprocessable = 422;
constexpr int kFirstServerError = 500;

// What the protocols call a status.
struct ErrorType {
  int status;
  std::string_view openai;
  std::string_view anthropic;
};
constexpr std::array kTypes{
    ErrorType{401, "authentication_error", "authentication_error"},
    ErrorType{402, "insufficient_quota", "billing_error"},
    ErrorType{403, "permission_error", "permission_error"},
    ErrorType{404, "invalid_request_error", "not_found_error"},
    ErrorType{413, "invalid_request_error", "request_too_large"},
    ErrorType{kUnprocessable, "prediction_error", "api_error"},
    ErrorType{429, "rate_limit_error", "rate_limit_error"},
};

ErrorType type_of(int status) {
  for (const ErrorType& type : kTypes) {
    if (type.status == status) return type;
  }
  if (status >= kFirstServerError) return {status, "server_error", "api_error"};
  return {status, "invalid_request_error", "invalid_request_error"};
}

// A remedy for a client of the API. What speaks of options is for the command line.
std::string without_options(std::string remedy) {
  remedy.resize(std::min(remedy.find(" (--"), remedy.size()));
  const bool is_for_shell = remedy.find("--") != std::string::npos ||
                            remedy.find(" -o ") != std::string::npos ||
                            remedy.find("argument") != std::string::npos ||
                            remedy.find("rellama models") != std::string::npos;
  return is_for_shell ? std::string() : remedy;
}

std::string message_of(const Error& error) {
  const bool is_about_request =
      error.kind() == ErrorKind::invalid_input || error.kind() == ErrorKind::not_found;
  ErrorParts parts = error.parts();
  if (is_about_request) parts.remedy = without_options(parts.remedy);
  return Error(error.kind(), std::move(parts)).what();
}

bool is_from_signal(ErrorKind kind) {
  return kind == ErrorKind::interrupted || kind == ErrorKind::terminated ||
         kind == ErrorKind::hung_up;
}

}  // namespace

Failure failure_of(const Error& error, bool was_made) {
  const bool may_be_billed = was_made || traits(error.kind()).may_be_billed;
  Failure failure{.status = may_be_billed ? kUnprocessable : traits(error.kind()).http_status,
                  .message = message_of(error),
                  .code = std::string(traits(error.kind()).name),
                  .param = error.parts().input};
  if (is_from_signal(error.kind())) failure = stopped(kUnprocessable);
  // A request names nothing else that could be missing.
  if (error.kind() == ErrorKind::not_found && !was_made) {
    failure.code = "model_not_found";
    failure.param = "model";
  }
  return failure;
}

Failure stopped(int status) {
  return {
      .status = status,
      .message = "the server was stopped before the answer was complete; ask again when it runs",
      .code = "shutting_down"};
}

std::string render_failure(Protocol protocol, const Failure& failure) {
  const ErrorType type = type_of(failure.status);
  switch (protocol) {
    case Protocol::ollama: return wire::render_json(Json{{"error", failure.message}});
    case Protocol::anthropic:
      return wire::render_json(Json{
          {"type", "error"}, {"error", {{"type", type.anthropic}, {"message", failure.message}}}});
    case Protocol::openai: break;
  }
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Json() : Json(text);
  };
  return wire::render_json(Json{{"error",
                                 {{"message", failure.message},
                                  {"type", type.openai},
                                  {"param", text_or_null(failure.param)},
                                  {"code", text_or_null(failure.code)}}}});
}

}  // namespace rellama::api
