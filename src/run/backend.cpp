#include "run/backend.hpp"

#include "run/demo.hpp"

namespace rellama::program {

HostedAccess open_hosted(const ConnectionOptions& options, bool demo, const Context& context) {
  HostedAccess access{.demo = nullptr,
                      .client = client_options(options, context),
                      .token = [&options, &context] { return require_token(options, context); }};
  if (demo) {
    access.demo = start_demo(context);
    access.client.base_url = access.demo->base_url();
    access.token = [] { return ApiToken("demo"); };  // the emulator accepts any token
  }
  return access;
}

OpenBackend open_backend(const ConnectionOptions& options, bool demo, const Context& context) {
  OpenBackend open{.demo = nullptr, .log = std::make_unique<LogRelay>(), .backend = nullptr};
  if (auto container = find_container(options, context)) {
    container->log = open.log->function();
    open.backend = std::make_unique<CogBackend>(*std::move(container));
    return open;
  }
  HostedAccess access = open_hosted(options, demo, context);
  access.client.log = open.log->function();
  open.demo = std::move(access.demo);
  open.backend =
      std::make_unique<ReplicateBackend>(std::move(access.client), std::move(access.token));
  return open;
}

}  // namespace rellama::program
