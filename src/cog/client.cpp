#include <utility>

#include "cog/connection.hpp"
#include "cog/run.hpp"
#include "rellama/cog.hpp"
#include "wire/cog_json.hpp"

namespace rellama {

class CogClient::Impl : public cog::Connection {
 public:
  using Connection::Connection;
};

CogClient::CogClient(CogOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
CogClient::~CogClient() = default;
CogClient::CogClient(CogClient&&) noexcept = default;
CogClient& CogClient::operator=(CogClient&&) noexcept = default;

CogHealth CogClient::health(const StopToken& stop) {
  return wire::parse_cog_health(
      impl_->get("/health-check", "cannot read the container's health", stop).body);
}

JsonText CogClient::schema(const StopToken& stop) {
  return {impl_->get("/openapi.json", "cannot read the container's schema", stop).body};
}

Prediction CogClient::run(const Input& input, Delivery delivery, EventSink& sink,
                          const StopToken& stop) {
  return cog::run(*impl_, input, delivery, sink, stop);
}

PreparedRequest prepare_run(const CogOptions& options, const Input& input, Delivery delivery) {
  const cog::Connection connection(options);
  const std::string id = cog::make_id();
  return {.method = "PUT",
          .url = connection.url_of("/predictions/" + id),
          .headers = cog::run_headers(delivery),
          .body = wire::render_cog_body(id, input)};
}

}  // namespace rellama
