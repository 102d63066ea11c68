// Other programs' requests: OpenAI's, Ollama's and Anthropic's protocols (docs/api.md).

#pragma once

#include "api/order.hpp"
#include "httpd/exchange.hpp"
#include "httpd/request.hpp"
#include "web/api_runs.hpp"
#include "web/engine.hpp"

namespace rellama::web {

class Api {
 public:
  /// `engine` must outlive this.
  Api(Engine& engine, api::Offer offer, ApiPatience patience = {});

  /// Answers a request that the guard has let through and whose path belongs to the API.
  /// `headers`: what every reply has besides its own. Called on the server's thread.
  void handle(const httpd::Request& request, const httpd::Exchange& exchange,
              const httpd::Headers& headers);

 private:
  void ask(const api::Endpoint& endpoint, const httpd::Request& request, Caller caller);
  [[nodiscard]] httpd::Reply answer(const std::string& path, const httpd::Request& request) const;

  Engine& engine_;
  const api::Offer offer_;
  ApiRuns runs_;
};

}  // namespace rellama::web
