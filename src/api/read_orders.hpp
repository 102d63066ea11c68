// The readers of the protocols, and what they share.

#pragma once

#include <string>

#include "api/field.hpp"
#include "api/order.hpp"

namespace rellama::api {

void read_chat(const Json& body, Order& order);
void read_completion(const Json& body, Order& order);
void read_response(const Json& body, Order& order);
void read_ollama_chat(const Json& body, Order& order);
void read_ollama_generate(const Json& body, Order& order);
void read_message(const Json& body, Order& order);

/// Sets the parameter of a field, which the request calls `path`.
void set_parameter(const Field& field, const Json& value, const std::string& path, Order& order);

/// Sets an input of the model by its own name.
void set_other(const std::string& name, const Json& value, Order& order);

/// Takes the name of the model. Throws Error (not_found).
void take_model(const Json& value, Order& order);

}  // namespace rellama::api
