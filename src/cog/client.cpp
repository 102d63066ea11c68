#include <optional>
#include <utility>

#include "cog/cancel.hpp"
#include "cog/connection.hpp"
#include "cog/exchange.hpp"
#include "cog/run.hpp"
#include "http/runner.hpp"
#include "rellama/cog.hpp"
#include "replicate/api.hpp"
#include "replicate/download.hpp"
#include "wire/cog_json.hpp"

namespace rellama {

class CogClient::Impl : public cog::Connection {
 public:
  using Connection::Connection;

  [[nodiscard]] std::string get(cog::Resource what, const StopToken& stop) {
    cog::Exchange exchange(*this, what);
    http::run(loop(), exchange, stop);
    return exchange.take_body();
  }

  // The container's files come from the container or from wherever it uploads them.
  [[nodiscard]] replicate::Api& files() {
    if (!files_) {
      ClientOptions client;
      client.base_url = options().base_url;
      client.ca_file = options().ca_file;
      client.ca_directory = options().ca_directory;
      client.proxy = options().proxy;
      client.no_proxy = options().no_proxy;
      client.connect_timeout = options().connect_timeout;
      client.retries = options().retries;
      client.backoff = options().backoff;
      client.allow_http = options().allow_http;
      client.log = options().log;
      files_.emplace(std::nullopt, std::move(client));
    }
    return *files_;
  }

 private:
  std::optional<replicate::Api> files_;
};

CogClient::CogClient(CogOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
CogClient::~CogClient() = default;
CogClient::CogClient(CogClient&&) noexcept = default;
CogClient& CogClient::operator=(CogClient&&) noexcept = default;

namespace cog {

Connection& connection_of(CogClient& client) noexcept {
  return *client.impl_;
}

}  // namespace cog

CogHealth CogClient::health(const StopToken& stop) {
  return wire::parse_cog_health(impl_->get(cog::kHealth, stop));
}

JsonText CogClient::schema(const StopToken& stop) {
  return {impl_->get(cog::kSchema, stop)};
}

Prediction CogClient::run(const Input& input, Delivery delivery, EventSink& sink,
                          const StopToken& stop) {
  cog::Run run(*impl_, input, delivery, sink);
  http::run(impl_->loop(), run, stop);
  return run.take();
}

void CogClient::cancel(const PredictionId& id, const StopToken& stop) {
  stop.throw_if_stopped(id.value);
  cog::Cancel cancel(*impl_, id.value);
  http::run(impl_->loop(), cancel, {});
}

void CogClient::download(const std::string& url, FileSink& sink, const DownloadOptions& options,
                         const StopToken& stop) {
  replicate::download(impl_->files(), url, sink, options, stop);
}

void CogClient::wake() noexcept {
  impl_->loop().wake();
}

PreparedRequest prepare_run(const CogOptions& options, const Input& input, Delivery delivery) {
  const cog::Connection connection(options);
  const std::string id = cog::make_id();
  return {.method = "PUT",
          .url = connection.url_of("/predictions/" + id),
          .headers = cog::run_headers(delivery),
          .body = wire::render_cog_body(id, input),
          .needs_token = false};
}

}  // namespace rellama
