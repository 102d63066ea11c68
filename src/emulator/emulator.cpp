// The HTTP server around an emulated API. Records every request.

#include "emulator/emulator.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <string_view>

#include "emulator/cog_service.hpp"
#include "emulator/delivery.hpp"
#include "emulator/replay_service.hpp"
#include "emulator/service.hpp"
#include "httpd/server.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

constexpr std::size_t kMostRecorded = 10'000;

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::unique_ptr<Dialect> make_dialect(const EmulatorOptions& options) {
  if (!options.replay.empty()) return std::make_unique<ReplayService>(options.replay);
  if (options.dialect == DialectName::cog) return std::make_unique<CogService>(options);
  return std::make_unique<Service>(options);
}

}  // namespace

class Emulator::Impl {
 public:
  explicit Impl(const EmulatorOptions& options)
      : host_(options.host),
        latency_(options.latency),
        log_(options.access_log),
        service_(make_dialect(options)),
        server_({.host = options.host, .port = options.port},
                [this](httpd::Request request, const httpd::Exchange& exchange) {
                  receive(std::move(request), exchange);
                }) {
    if (!is_loopback(host_)) {
      throw Error(ErrorKind::invalid_input,
                  ErrorParts{.failed = "cannot emulate Replicate on " + host_,
                             .why = "the emulator listens on loopback only",
                             .remedy = "use 127.0.0.1"});
    }
  }

  void start() { server_.start(); }

  void stop() { server_.stop(); }

  [[nodiscard]] int port() const noexcept { return server_.port(); }

  [[nodiscard]] std::string authority() const {
    const bool v6 = host_.find(':') != std::string::npos;
    return (v6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port());
  }

  [[nodiscard]] std::string base_url() const {
    return "http://" + authority() + service_->base_path();
  }

  [[nodiscard]] std::vector<RecordedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return {recorded_.begin(), recorded_.end()};
  }

 private:
  void receive(httpd::Request from, const httpd::Exchange& exchange) {
    auto request = std::make_shared<const Request>(read_request(std::move(from), authority()));
    {
      const std::lock_guard lock(mutex_);
      recorded_.push_back(request->recorded);
      if (recorded_.size() > kMostRecorded) recorded_.pop_front();
    }
    if (latency_.count() == 0) {
      answer(*request, exchange);
      return;
    }
    const Clock::time_point begin = Clock::now() + latency_;
    exchange.wake_at(begin);
    exchange.on_ready([this, request = std::move(request), exchange, begin] {
      if (Clock::now() >= begin) answer(*request, exchange);
    });
  }

  void answer(const Request& request, const httpd::Exchange& exchange) {
    const auto log = [this, line = request.recorded.method + " " +
                                   request.recorded.target](const Reply& reply) {
      if (!log_) return;
      const bool silent = reply.ending == Reply::Ending::closed ||
                          reply.ending == Reply::Ending::reset ||
                          reply.ending == Reply::Ending::none;
      log_(line + " " + (silent ? "no answer" : std::to_string(reply.status)));
    };
    deliver(service_->answer(request), exchange, log);
  }

  std::string host_;
  std::chrono::milliseconds latency_;
  std::function<void(std::string_view)> log_;
  mutable std::mutex mutex_;
  std::deque<RecordedRequest> recorded_;
  std::unique_ptr<Dialect> service_;
  httpd::Server server_;  // its exchanges refer to all of the above
};

Emulator::Emulator(const EmulatorOptions& options) : impl_(std::make_unique<Impl>(options)) {}

Emulator::~Emulator() {
  stop();
}

void Emulator::start() {
  impl_->start();
}

void Emulator::stop() {
  impl_->stop();
}

int Emulator::port() const noexcept {
  return impl_->port();
}

std::string Emulator::base_url() const {
  return impl_->base_url();
}

std::vector<RecordedRequest> Emulator::requests() const {
  return impl_->requests();
}

}  // namespace rellama::emulator
