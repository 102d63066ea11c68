#include "api/order.hpp"

#include <algorithm>

#include "api/field_tables.hpp"
#include "api/inputs.hpp"
#include "api/read_orders.hpp"
#include "prompt/checks.hpp"
#include "prompt/parameters.hpp"
#include "wire/exact_number.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

constexpr std::string_view kStops = "stop_sequences";
constexpr std::string_view kLimit = "max_new_tokens";

bool is_in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Replaces `word` where it is not a part of another one.
void replace_word(std::string& text, std::string_view word, std::string_view by) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
    const std::size_t end = at + word.size();
    const bool is_part = (at > 0 && (is_in_word(text[at - 1]) || text[at - 1] == '.')) ||
                         (end < text.size() && is_in_word(text[end]));
    if (!is_part) text.replace(at, word.size(), by);
    at += is_part ? word.size() : by.size();
  }
}

// What a request calls a parameter, or would call it; empty if it has no name for it.
std::string find_name(const Endpoint& endpoint, const Order& order, std::string_view parameter) {
  for (const Order::Named& named : order.named) {
    if (named.parameter == parameter) return named.path;
  }
  for (const Field& field : endpoint.fields->fields) {
    if (!field.parameter.empty() && field.parameter == parameter) return std::string(field.name);
  }
  return {};
}

// Sets an input of the model, which the request calls `path`. Some clients say the same twice, as
// max_tokens and as max_completion_tokens.
void set_named(const std::string& name, const Json& value, const std::string& path, Order& order) {
  const std::string parameter(prompt::parameter_of(name));
  if (parameter == "prompt") {
    throw unusable(path, "'" + path + "' in the body is not supported", "leave it out");
  }
  for (const Order::Named& before : order.named) {
    if (before.parameter != parameter) continue;
    if (before.value == value) return;
    throw unusable(path, "'" + path + "' and '" + before.path + "' differ",
                   "leave out one of them");
  }
  order.named.push_back({.parameter = parameter, .path = path, .value = value});
  if (parameter == kStops) {
    order.stops = read_stops(value, path);
    order.request.parameters.stop_sequences.clear();
  } else {
    set_input(name, value, Typing::as_json, order.request);
  }
}

}  // namespace

void take_model(const Json& value, Order& order) {
  const std::string text = require_text(value, "model");
  try {
    order.request.model = order.request.catalogue.parse_model_ref(text);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.input = "model";
    throw Error(ErrorKind::not_found, std::move(parts));
  }
}

void set_parameter(const Field& field, const Json& value, const std::string& path, Order& order) {
  if (field.parameter != kStops && !value.is_number()) {
    const bool is_huge = !wire::find_exact_number(value).empty();
    throw unusable(path, "'" + path + (is_huge ? "' is out of range" : "' is not a number"));
  }
  set_named(std::string(field.parameter), value, path, order);
}

void set_other(const std::string& name, const Json& value, Order& order) {
  set_named(name, value, name, order);
}

Order read_order(const Endpoint& endpoint, std::string_view body, const Offer& offer) {
  const Json object = wire::find_json(body);
  if (!object.is_object()) {
    throw Error(ErrorKind::invalid_input, {.failed = "the body is not a JSON object"});
  }
  Order order{.request = offer.request, .model = {}};
  order.stream = endpoint.protocol == Protocol::ollama;
  if (const auto model = object.find("model"); model != object.end() && !model->is_null()) {
    if (offer.container.empty()) {
      Json name = *model;
      if (endpoint.protocol == Protocol::ollama && name.is_string()) {
        constexpr std::string_view kTag = ":latest";
        const auto text = name.get<std::string>();
        if (text.ends_with(kTag)) name = text.substr(0, text.size() - kTag.size());
      }
      take_model(name, order);
    } else {
      (void)require_text(*model, "model");
    }
  }
  order.model = offer.container.empty() ? render_model_ref(order.request.model) : offer.container;
  read_members(endpoint, object, order);
  order.request.conversation = endpoint.prompt != "prompt";
  order.keeps_blanks =
      endpoint.kind == Kind::completion || !prompt::is_blank(order.request.answer_start);
  return order;
}

void read_members(const Endpoint& endpoint, const Json& body, Order& order) {
  switch (endpoint.kind) {
    case Kind::chat: return read_chat(body, order);
    case Kind::completion: return read_completion(body, order);
    case Kind::response: return read_response(body, order);
    case Kind::ollama_chat: return read_ollama_chat(body, order);
    case Kind::ollama_generate: return read_ollama_generate(body, order);
    case Kind::message: return read_message(body, order);
  }
}

Failure in_words_of_request(const Endpoint& endpoint, const Order& order, Failure failure) {
  const bool is_prompt = failure.param == "prompt";
  // What a prompt has no room for is the longest answer.
  const std::string parameter(is_prompt ? kLimit : prompt::parameter_of(failure.param));
  const std::string name = find_name(endpoint, order, parameter);
  if (!name.empty()) replace_word(failure.message, parameter, name);
  if (is_prompt) {
    failure.param = endpoint.prompt;
  } else if (!name.empty()) {
    failure.param = name;
  }
  return failure;
}

}  // namespace rellama::api
