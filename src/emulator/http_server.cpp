#include "emulator/http_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "emulator/connection_threads.hpp"

namespace rellama::emulator {
namespace {

constexpr int kBacklog = 1024;

/// The connection this thread answers; cpp-httplib does not hand it to handlers.
thread_local Connection* current_connection = nullptr;

/// cpp-httplib would compress with brotli at its slowest, which takes longer than all the rest.
void prefer_gzip(httplib::Request& request) {
  const std::string accepted = request.get_header_value("Accept-Encoding");
  if (accepted.empty()) return;
  request.headers.erase("Accept-Encoding");
  if (accepted.find("gzip") != std::string::npos) request.set_header("Accept-Encoding", "gzip");
}

/// A request that names no length has no body, `curl -X POST` for one; cpp-httplib would read on
/// until the connection ends.
void say_length(httplib::Request& request) {
  if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
    request.set_header("Content-Length", "0");
  }
}

}  // namespace

HttpServer::HttpServer() {
  new_task_queue = [] { return new ConnectionThreads; };
  // Not SO_REUSEPORT, cpp-httplib's choice: a port that is taken must be refused.
  set_socket_options([](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  set_keep_alive_timeout(kIdleSeconds);
  set_keep_alive_max_count(1'000'000);
}

int HttpServer::bind(const std::string& host, int port) {
  if (port == 0) {
    port = std::max(0, bind_to_any_port(host));
  } else if (!bind_to_port(host, port)) {
    port = 0;
  }
  // cpp-httplib lets 5 connections wait; a crowd that arrives at once would meet SYN time-outs.
  if (port != 0) ::listen(svr_sock_, kBacklog);
  return port;
}

void HttpServer::close() {
  // Shut down, not closed: the accepting thread owns the descriptor and closes it as it ends.
  ::shutdown(svr_sock_, SHUT_RDWR);
  const std::lock_guard lock(mutex_);
  closing_ = true;
  for (const socket_t connection : connections_) ::shutdown(connection, SHUT_RDWR);
}

void HttpServer::hang_up(Connection::HangUp how) {
  if (current_connection != nullptr) current_connection->hang_up(how);
}

bool HttpServer::process_and_close_socket(socket_t socket) {
  {
    const std::lock_guard lock(mutex_);
    connections_.insert(socket);
    if (closing_) ::shutdown(socket, SHUT_RDWR);
  }
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  Connection connection(socket);
  current_connection = &connection;
  bool closed = false;
  while (!closed && !connection.is_silent() && connection.await_request()) {
    const auto prepare = [](httplib::Request& request) {
      say_length(request);
      prefer_gzip(request);
    };
    if (!process_request(connection, false, closed, prepare)) break;
  }
  current_connection = nullptr;
  {
    const std::lock_guard lock(mutex_);
    connections_.erase(socket);
  }
  if (!connection.is_silent()) ::shutdown(socket, SHUT_RDWR);
  ::close(socket);
  return true;
}

}  // namespace rellama::emulator
