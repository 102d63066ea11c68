// Sockets around the service: requests in, replies out, every one of them recorded.

#include "emulator/emulator.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>

#include "emulator/cog_service.hpp"
#include "emulator/http_server.hpp"
#include "emulator/service.hpp"
#include "emulator/tcp.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

constexpr std::size_t kMostRecorded = 10'000;

bool same_name(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](char a, char b) {
    const auto lower = [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    };
    return lower(a) == lower(b);
  });
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// Tokens that stand for one that is refused; every other one is as good as any.
bool is_accepted(std::string_view token) {
  constexpr std::array<std::string_view, 3> kRefused{"", "invalid", "r8_invalid"};
  return std::ranges::find(kRefused, token) == kRefused.end();
}

/// The token is looked at here and nowhere else; it is not kept.
void read_authorization(std::string_view value, Request& request) {
  const std::size_t space = std::min(value.find(' '), value.size());
  request.recorded.authorized = true;
  request.recorded.authorization_scheme = value.substr(0, space);
  value.remove_prefix(std::min(value.find_first_not_of(' ', space), value.size()));
  const std::string& scheme = request.recorded.authorization_scheme;
  request.token_accepted =
      (same_name(scheme, "Bearer") || same_name(scheme, "Token")) && is_accepted(value);
}

std::unique_ptr<Dialect> make_dialect(const EmulatorOptions& options) {
  if (options.dialect == DialectName::cog) return std::make_unique<CogService>(options);
  return std::make_unique<Service>(options);
}

Request read_request(HttpRequest from, const std::string& own_host) {
  Request request;
  RecordedRequest& recorded = request.recorded;
  recorded.method = std::move(from.method);
  recorded.path = std::move(from.path);
  recorded.target = std::move(from.target);
  recorded.body = std::move(from.body);
  for (auto& [name, value] : from.headers) {
    if (same_name(name, "Authorization")) {
      read_authorization(value, request);
    } else if (!same_name(name, "Proxy-Authorization")) {
      recorded.headers.emplace_back(std::move(name), std::move(value));
    }
  }
  request.query = std::move(from.query);
  const std::string host = recorded.header("Host");
  // A gateway in front says what its own clients speak.
  const bool secure = recorded.header("X-Forwarded-Proto") == "https";
  request.origin = (secure ? "https://" : "http://") + (host.empty() ? own_host : host);
  return request;
}

}  // namespace

std::string RecordedRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return "";
}

class Emulator::Impl {
 public:
  explicit Impl(const EmulatorOptions& options)
      : host_(options.host),
        port_(options.port),
        log_(options.access_log),
        base_path_(options.dialect == DialectName::cog ? "" : "/v1"),
        service_(make_dialect(options)),
        server_([this](HttpRequest from) { return answer(std::move(from)); }) {
    if (!is_loopback(host_)) {
      throw Error(ErrorKind::invalid_input,
                  ErrorParts{.failed = "cannot emulate Replicate on " + host_,
                             .why = "it listens on loopback only",
                             .remedy = "use 127.0.0.1"});
    }
  }

  void start() {
    const auto listener = listen_on(host_, port_);
    if (!listener) {
      throw Error(ErrorKind::network,
                  ErrorParts{.failed = "cannot listen on " + host_ + ":" + std::to_string(port_),
                             .why = "the port is taken or not permitted",
                             .remedy = "choose another one with --port, or 0 for any"});
    }
    port_ = listener->port;
    server_.start(listener->socket);
  }

  void stop() {
    service_->stop();
    server_.stop();
  }

  [[nodiscard]] int port() const noexcept { return port_; }

  [[nodiscard]] std::string authority() const {
    const bool v6 = host_.find(':') != std::string::npos;
    return (v6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port_);
  }

  [[nodiscard]] std::string base_url() const { return "http://" + authority() + base_path_; }

  [[nodiscard]] std::vector<RecordedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return {recorded_.begin(), recorded_.end()};
  }

 private:
  Reply answer(HttpRequest from) {
    const Request request = read_request(std::move(from), authority());
    {
      const std::lock_guard lock(mutex_);
      recorded_.push_back(request.recorded);
      if (recorded_.size() > kMostRecorded) recorded_.pop_front();
    }
    Reply reply = service_->answer(request);
    if (log_) {
      const bool silent =
          reply.ending == Reply::Ending::closed || reply.ending == Reply::Ending::reset;
      const std::string outcome = silent ? "no answer" : std::to_string(reply.status);
      const std::lock_guard lock(mutex_);
      log_(request.recorded.method + " " + request.recorded.target + " " + outcome);
    }
    return reply;
  }

  std::string host_;
  int port_;
  std::function<void(std::string_view)> log_;
  mutable std::mutex mutex_;
  std::deque<RecordedRequest> recorded_;
  std::string base_path_;
  std::unique_ptr<Dialect> service_;
  HttpServer server_;
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
