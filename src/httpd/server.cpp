// Turns libmicrohttpd's callbacks into one call of the handler for each request.

#include "httpd/server.hpp"

#include <microhttpd.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <utility>
#include <variant>

#include "httpd/exchange_state.hpp"
#include "httpd/tcp.hpp"
#include "rellama/error.hpp"

namespace rellama::httpd {
namespace {

/// For each connection. It limits the head of a request to about 12 KB, a read to half of it and a
/// write to the rest. libmicrohttpd touches half of it for every request, so that much is resident
/// as long as a stream is open.
constexpr std::size_t kConnectionMemory = 16 * 1024;

/// A request from its first line until its reply has been sent.
struct Incoming {
  Request request = {};
  bool begun = false;
  bool too_long = false;
  std::shared_ptr<ExchangeState> exchange = {};  ///< once the request is complete
};

/// libmicrohttpd is C: no exception may pass through it.
template <class Result, class Action>
Result guarded(Result otherwise, const Action& action) noexcept {
  try {
    return action();
  } catch (...) {
    return otherwise;
  }
}

/// Called with the first line, the only time that the target is available as sent. The return value
/// becomes the `state` of the other callbacks.
void* begin_request(void*, const char* target, MHD_Connection*) noexcept {
  return guarded<void*>(nullptr, [target] {
    auto incoming = std::make_unique<Incoming>();
    if (target != nullptr) incoming->request.target = target;
    return incoming.release();
  });
}

MHD_Result add_header(void* request, MHD_ValueKind, const char* name, const char* value) noexcept {
  return guarded(MHD_NO, [=] {
    static_cast<Request*>(request)->headers.emplace_back(name, value == nullptr ? "" : value);
    return MHD_YES;
  });
}

MHD_Result add_parameter(void* request, MHD_ValueKind, const char* name,
                         const char* value) noexcept {
  return guarded(MHD_NO, [=] {
    static_cast<Request*>(request)->query.emplace(name, value == nullptr ? "" : value);
    return MHD_YES;
  });
}

Error cannot_listen(const ServerOptions& options, int error) {
  std::string why = "the port is in use";
  std::string remedy = "choose another one with --port, or 0 for any free port";
  if (error == EACCES || error == EPERM) why = "the port is not permitted";
  if (error == 0 || error == EADDRNOTAVAIL) {
    why = "this machine has no such address";
    remedy = "use 127.0.0.1, or an address of this machine";
  } else if (error != EADDRINUSE && error != EACCES && error != EPERM) {
    why = std::generic_category().message(error);
  }
  return {ErrorKind::network, ErrorParts{.failed = "cannot listen on " + options.host + ":" +
                                                   std::to_string(options.port),
                                         .why = std::move(why),
                                         .remedy = std::move(remedy)}};
}

Error no_thread() {
  return {ErrorKind::network, ErrorParts{.failed = "cannot serve HTTP",
                                         .why = "no thread could be started",
                                         .remedy = "end other programs and try again"}};
}

Reply body_too_long() {
  return {.status = 413,
          .headers = {{"Content-Type", "text/plain"}},
          .body = "the request body is too long\n"};
}

void call(const Server::Handler& handler, Request request, const Exchange& exchange) {
  try {
    handler(std::move(request), exchange);
  } catch (const std::exception& error) {
    exchange.reply(
        {.status = 500, .headers = {{"Content-Type", "text/plain"}}, .body = error.what()});
    exchange.abort();
  }
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler)
      : options_(std::move(options)), handler_(std::move(handler)), port_(options_.port) {}

  ~Impl() {
    if (listener_ >= 0) ::close(listener_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void listen() {
    const auto listener = listen_on(options_.host, options_.port);
    if (const auto* failure = std::get_if<ListenFailure>(&listener)) {
      throw cannot_listen(options_, failure->error);
    }
    listener_ = std::get<Listener>(listener).socket;
    port_ = std::get<Listener>(listener).port;
  }

  void start() {
    if (listener_ < 0) listen();
    const bool epoll = options_.use_epoll && MHD_is_feature_supported(MHD_FEATURE_EPOLL) == MHD_YES;
    auto hangups = epoll ? make_epoll_hangups() : nullptr;
    if (!hangups) hangups = make_peek_hangups();
    try {
      watcher_ = std::make_unique<Watcher>(std::move(hangups));
    } catch (const std::system_error&) {
      throw no_thread();
    }
    const unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                               MHD_USE_ITC | (epoll ? MHD_USE_EPOLL : MHD_USE_POLL);
    daemon_ = MHD_start_daemon(flags, 0, nullptr, nullptr, &Impl::go_on, this,  //
                               MHD_OPTION_LISTEN_SOCKET, listener_,             //
                               MHD_OPTION_CONNECTION_LIMIT,
                               static_cast<unsigned int>(options_.most_connections),   //
                               MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,  //
                               MHD_OPTION_CONNECTION_TIMEOUT,
                               static_cast<unsigned int>(options_.idle_timeout.count()),  //
                               MHD_OPTION_URI_LOG_CALLBACK, begin_request, nullptr,       //
                               MHD_OPTION_NOTIFY_COMPLETED, &Impl::end_request, this,     //
                               MHD_OPTION_END);
    if (daemon_ == nullptr) throw no_thread();
    listener_ = -1;  // libmicrohttpd closes it
  }

  void stop() {
    // libmicrohttpd must not be stopped while connections are suspended: the watcher has them
    // resumed, and does not let others be suspended.
    if (watcher_) watcher_->stop();
    if (daemon_ != nullptr) MHD_stop_daemon(std::exchange(daemon_, nullptr));
  }

  void finish(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    all_replied_.wait_for(lock, limit, [this] { return unreplied_ == 0; });
  }

  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  /// Called when the reply has been sent, or the connection is gone.
  static void end_request(void* self, MHD_Connection*, void** state,
                          MHD_RequestTerminationCode) noexcept {
    guarded(MHD_NO, [=] {
      const std::unique_ptr<Incoming> incoming(
          static_cast<Incoming*>(std::exchange(*state, nullptr)));
      if (!incoming || !incoming->exchange) return MHD_YES;
      incoming->exchange->completed();
      static_cast<Impl*>(self)->count_reply();
      return MHD_YES;
    });
  }

  void count_reply() {
    const std::lock_guard lock(mutex_);
    if (--unreplied_ == 0) all_replied_.notify_all();
  }

  /// Called with the head alone, then with each piece of the body, then once more, and again
  /// whenever the connection was suspended before there was a reply.
  static MHD_Result go_on(void* self, MHD_Connection* connection, const char* path,
                          const char* method, const char* /*version*/, const char* piece,
                          std::size_t* size, void** state) noexcept {
    return guarded(MHD_NO, [=] {
      auto* incoming = static_cast<Incoming*>(*state);
      if (incoming == nullptr) return MHD_NO;
      auto& impl = *static_cast<Impl*>(self);
      if (!incoming->begun) {
        incoming->begun = true;
        return MHD_YES;
      }
      if (*size > 0) {
        impl.add_body(*incoming, {piece, *size});
        *size = 0;
        return MHD_YES;
      }
      if (!incoming->exchange) {
        incoming->request.method = method;
        incoming->request.path = path;
        impl.handle(*incoming, connection);
      }
      return incoming->exchange->answer();
    });
  }

  void add_body(Incoming& incoming, std::string_view piece) const {
    std::string& body = incoming.request.body;
    // The rest of a body that is too long is read, or the client would never see the reply.
    incoming.too_long = incoming.too_long || body.size() + piece.size() > options_.longest_body;
    if (incoming.too_long) {
      std::string().swap(body);
    } else {
      body.append(piece);
    }
  }

  void handle(Incoming& incoming, MHD_Connection* connection) {
    Request& request = incoming.request;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &request);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_parameter, &request);
    incoming.exchange =
        std::make_shared<ExchangeState>(connection, *watcher_, request.method == "HEAD");
    {
      const std::lock_guard lock(mutex_);
      ++unreplied_;
    }
    const Exchange exchange(incoming.exchange);
    if (incoming.too_long) {
      exchange.reply(options_.refuse_body ? options_.refuse_body(request) : body_too_long());
    } else {
      call(handler_, std::move(request), exchange);
    }
  }

  ServerOptions options_;
  Handler handler_;
  int port_;
  int listener_ = -1;  // until libmicrohttpd has it
  std::unique_ptr<Watcher> watcher_;
  MHD_Daemon* daemon_ = nullptr;

  std::mutex mutex_;  // guards the following
  std::size_t unreplied_ = 0;
  std::condition_variable all_replied_;
};

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

Server::~Server() {
  stop();
}

void Server::finish(std::chrono::milliseconds limit) {
  impl_->finish(limit);
}

void Server::listen() {
  impl_->listen();
}

void Server::start() {
  impl_->start();
}

void Server::stop() {
  impl_->stop();
}

int Server::port() const noexcept {
  return impl_->port();
}

}  // namespace rellama::httpd
