#include "run/backend.hpp"

#include "run/demo.hpp"

namespace rellama::program {

OpenBackend open_backend(const ConnectionOptions& options, bool demo, const Context& context) {
  OpenBackend open{.demo = nullptr, .log = std::make_unique<LogRelay>(), .backend = nullptr};
  if (auto container = find_container(options, context)) {
    container->log = open.log->function();
    open.backend = std::make_unique<CogBackend>(*std::move(container));
    return open;
  }
  ClientOptions client = client_options(options, context);
  client.log = open.log->function();
  ReplicateBackend::TokenFunction token = [&options, &context] {
    return require_token(options, context);
  };
  if (demo) {
    open.demo = start_demo(context);
    client.base_url = open.demo->base_url();
    token = [] { return ApiToken("demo"); };  // the emulator accepts any token
  }
  open.backend = std::make_unique<ReplicateBackend>(std::move(client), std::move(token));
  return open;
}

}  // namespace rellama::program
