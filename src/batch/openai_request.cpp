// The members of a request to OpenAI's batch API:
// https://platform.openai.com/docs/api-reference/batch/request-input

#include "batch/openai_request.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "batch/row_fields.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::batch {
namespace {

constexpr std::string_view kChat = "/v1/chat/completions";
constexpr std::string_view kCompletions = "/v1/completions";

// OpenAI's name, and rellama's for the same.
struct Renamed {
  std::string_view openai;
  const char* parameter;
};
constexpr std::array kParameterNames{Renamed{"temperature", "temperature"},
                                     Renamed{"top_p", "top_p"},
                                     Renamed{"top_k", "top_k"},
                                     Renamed{"max_tokens", "max_new_tokens"},
                                     Renamed{"max_completion_tokens", "max_new_tokens"},
                                     Renamed{"min_tokens", "min_new_tokens"},
                                     Renamed{"seed", "seed"},
                                     Renamed{"stop", "stop_sequences"}};

// These say nothing about the answer.
constexpr std::array<std::string_view, 5> kLabels{"user", "metadata", "store", "service_tier",
                                                  "safety_identifier"};

// Values that ask for what rellama does anyway.
bool is_usual(std::string_view name, const Json& value) {
  if (value.is_null()) return true;
  if (name == "n" || name == "best_of") return value == 1;
  if (name == "stream" || name == "logprobs" || name == "echo") return value == false;
  if (name == "frequency_penalty" || name == "presence_penalty") return value == 0;
  if (name == "response_format") return value == Json{{"type", "text"}};
  return false;
}

void take_member(const std::string& name, const Json& value, GenerateRequest& request) {
  const auto* const known =
      std::find_if(kParameterNames.begin(), kParameterNames.end(),
                   [&name](const Renamed& renamed) { return renamed.openai == name; });
  if (known != kParameterNames.end()) {
    set_input(known->parameter, value, Typing::as_json, request);
    return;
  }
  if (is_usual(name, value)) return;
  if (std::find(kLabels.begin(), kLabels.end(), name) != kLabels.end()) return;
  throw unusable_row("'" + name + "' in the body is not supported", "leave it out");
}

}  // namespace

bool is_chat(const Json& fields) {
  return wire::string_at(fields, "url") != kCompletions;
}

void take_openai_row(const Json& fields, GenerateRequest& request) {
  const std::string method = wire::string_at(fields, "method");
  const std::string url = wire::string_at(fields, "url");
  if (method != "POST" || (url != kChat && url != kCompletions)) {
    throw unusable_row("it asks for '" + method + " " + url + "'",
                       "rellama answers POST /v1/chat/completions and POST /v1/completions");
  }
  const auto body = fields.find("body");
  if (body == fields.end() || !body->is_object()) throw unusable_row("it has no 'body'");
  const char* const asked = url == kChat ? "messages" : "prompt";
  if (!body->contains(asked)) {
    throw unusable_row(std::string("the body has no '") + asked + "'");
  }
  for (const auto& [name, value] : body->items()) {
    if (name == "model") {
      request.model = request.catalogue.parse_model_ref(require_text(value, name));
    } else if (name == asked) {
      if (url == kChat) {
        set_messages(value, request);
      } else {
        request.prompt = require_text(value, name);
      }
    } else {
      take_member(name, value, request);
    }
  }
}

}  // namespace rellama::batch
