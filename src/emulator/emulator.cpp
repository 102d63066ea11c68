// Sockets around the service: requests in, replies out, every one of them recorded.

#include "emulator/emulator.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <thread>

#include "emulator/event_stream.hpp"
#include "emulator/http_server.hpp"
#include "emulator/service.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

constexpr std::size_t kMostRecorded = 10'000;
/// How soon a stream notices that its reader has gone.
constexpr std::chrono::milliseconds kPatience(250);

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

Request read_request(const httplib::Request& from, const std::string& own_host) {
  Request request;
  RecordedRequest& recorded = request.recorded;
  // See Connection::await_request.
  recorded.method = from.method == "PATCH" ? "QUERY" : from.method;
  recorded.path = from.path;
  recorded.target = from.target;
  recorded.body = from.body;
  for (const auto& [name, value] : from.headers) {
    if (same_name(name, "Authorization")) {
      read_authorization(value, request);
    } else if (!same_name(name, "Proxy-Authorization") && name != "REMOTE_ADDR" &&
               name != "REMOTE_PORT" && name != "LOCAL_ADDR" &&
               name != "LOCAL_PORT") {  // cpp-httplib's own
      recorded.headers.emplace_back(name, value);
    }
  }
  request.query.insert(from.params.begin(), from.params.end());
  const std::string host = recorded.header("Host");
  // A gateway in front says what its own clients speak.
  const bool secure = recorded.header("X-Forwarded-Proto") == "https";
  request.origin = (secure ? "https://" : "http://") + (host.empty() ? own_host : host);
  return request;
}

/// Writes what the stream says next; false ends the connection inside of the body.
bool write_part(EventStream& stream, httplib::DataSink& sink) {
  const EventStream::Part part = stream.next(kPatience);
  const std::size_t size = stream.byte_by_byte() ? 1 : std::max<std::size_t>(1, part.bytes.size());
  for (std::size_t at = 0; at < part.bytes.size(); at += size) {
    if (!sink.write(part.bytes.data() + at, std::min(size, part.bytes.size() - at))) return false;
  }
  if (part.bytes.empty() && part.after == EventStream::After::more && !sink.is_writable()) {
    return false;
  }
  if (part.after == EventStream::After::end) sink.done();
  return part.after != EventStream::After::broken;
}

void write_reply(const Reply& reply, httplib::Response& to) {
  to.status = reply.status;
  for (const auto& [name, value] : reply.headers) to.set_header(name, value);
  if (reply.stream) {
    to.set_chunked_content_provider(reply.content_type,
                                    [stream = reply.stream](std::size_t, httplib::DataSink& sink) {
                                      return write_part(*stream, sink);
                                    });
    return;
  }
  switch (reply.ending) {
    case Reply::Ending::complete:
      if (!reply.content_type.empty()) to.set_content(reply.body, reply.content_type);
      break;
    case Reply::Ending::truncated:
      to.set_content_provider(
          2 * reply.body.size(), reply.content_type,
          [body = reply.body](std::size_t at, std::size_t, httplib::DataSink& sink) {
            return at == 0 && sink.write(body.data(), body.size());
          });
      break;
    case Reply::Ending::closed: HttpServer::hang_up(Connection::HangUp::close); break;
    case Reply::Ending::reset: HttpServer::hang_up(Connection::HangUp::reset); break;
  }
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
      : host_(options.host), port_(options.port), log_(options.access_log), service_(options) {
    if (!is_loopback(host_)) {
      throw Error(ErrorKind::invalid_input,
                  ErrorParts{.failed = "cannot emulate Replicate on " + host_,
                             .why = "it listens on loopback only",
                             .remedy = "use 127.0.0.1"});
    }
    const auto handler = [this](const httplib::Request& from, httplib::Response& to) {
      answer(from, to);
    };
    server_.Get(".*", handler);
    server_.Post(".*", handler);
    server_.Put(".*", handler);
    server_.Patch(".*", handler);
    server_.Delete(".*", handler);
    server_.Options(".*", handler);
  }

  void start() {
    const int bound = server_.bind(host_, port_);
    if (bound == 0) {
      throw Error(ErrorKind::network,
                  ErrorParts{.failed = "cannot listen on " + host_ + ":" + std::to_string(port_),
                             .why = "the port is taken or not permitted",
                             .remedy = "choose another one with --port, or 0 for any"});
    }
    port_ = bound;
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }

  void stop() {
    if (!thread_.joinable()) return;
    service_.stop();
    server_.close();
    thread_.join();
  }

  [[nodiscard]] int port() const noexcept { return port_; }

  [[nodiscard]] std::string authority() const {
    const bool v6 = host_.find(':') != std::string::npos;
    return (v6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port_);
  }

  [[nodiscard]] std::vector<RecordedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return {recorded_.begin(), recorded_.end()};
  }

 private:
  void answer(const httplib::Request& from, httplib::Response& to) {
    const Request request = read_request(from, authority());
    {
      const std::lock_guard lock(mutex_);
      recorded_.push_back(request.recorded);
      if (recorded_.size() > kMostRecorded) recorded_.pop_front();
    }
    const Reply reply = service_.answer(request);
    if (log_) {
      const bool silent =
          reply.ending == Reply::Ending::closed || reply.ending == Reply::Ending::reset;
      const std::string outcome = silent ? "no answer" : std::to_string(reply.status);
      const std::lock_guard lock(mutex_);
      log_(request.recorded.method + " " + request.recorded.target + " " + outcome);
    }
    write_reply(reply, to);
  }

  std::string host_;
  int port_;
  std::function<void(std::string_view)> log_;
  mutable std::mutex mutex_;
  std::deque<RecordedRequest> recorded_;
  Service service_;
  HttpServer server_;
  std::thread thread_;
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
  return "http://" + impl_->authority() + "/v1";
}

std::vector<RecordedRequest> Emulator::requests() const {
  return impl_->requests();
}

}  // namespace rellama::emulator
