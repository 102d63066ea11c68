// From the body of a request to what is asked of the model.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.hpp"
#include "api/failure.hpp"
#include "rellama/generate.hpp"

namespace rellama::api {

/// What a request asks for.
struct Order {
  GenerateRequest request;
  std::string model;                    ///< as the answer names it
  std::vector<std::string> stops = {};  ///< where the answer is cut
  bool stream = false;
  bool include_usage = false;  ///< whether a stream of OpenAI's ends with the usage
  bool keeps_turns = false;    ///< whether to refuse it rather than to leave out old turns
  bool keeps_blanks = false;   ///< whether blanks at the beginning of the answer are part of it
  bool only_loads = false;     ///< Ollama: nothing is asked, the model is only to be loaded
  /// A parameter that the request sets, and what it calls it.
  struct Named {
    std::string parameter;
    std::string path;
    Json value;
  };
  std::vector<Named> named = {};
};

/// What the server has.
struct Offer {
  GenerateRequest request;  ///< the model and the parameters where a request says nothing
  /// The model in a container, whatever a request calls it; empty: Replicate's models.
  std::string container = {};
};

/// Reads the body of a request to `endpoint`. Nothing in it can name a file, a server, a proxy or a
/// token. Throws Error: invalid_input, or not_found for a model; `input` is the field that is
/// wrong. What the model does not accept is found later, by `check`.
[[nodiscard]] Order read_order(const Endpoint& endpoint, std::string_view body, const Offer& offer);

/// Reads the members of a chat or a completion, except for the model. Used for batches too.
void read_members(const Endpoint& endpoint, const Json& body, Order& order);

/// Prepares the order for its model: temperature 0 becomes the lowest that the model accepts, and
/// stop sequences are sent where the model takes them. Then checks everything that can be checked
/// without the network. Throws Error (invalid_input).
void check(Order& order, bool is_container);

/// The failure with the names that the request has for parameters, in place of rellama's own.
[[nodiscard]] Failure in_words_of_request(const Endpoint& endpoint, const Order& order,
                                          Failure failure);

}  // namespace rellama::api
