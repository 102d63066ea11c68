// Requests in: libmicrohttpd's callbacks, put together to one call for each request.

#include "emulator/http_server.hpp"

#include <microhttpd.h>

#include <exception>
#include <memory>

#include "emulator/http_answer.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

/// For each connection. Half of it is what one read of a request takes, nearly all of it what one
/// write of a stream takes: the longest part of an EventStream, in one piece.
constexpr std::size_t kConnectionMemory = 80 * 1024;
/// A body beyond this is read and thrown away, and its request refused.
constexpr std::size_t kLongestBody = 64 * 1024 * 1024;
/// More than there are file descriptors; libmicrohttpd's own limit is what select() can watch.
constexpr unsigned int kMostConnections = 1'000'000;

/// A request that is being read.
struct Incoming {
  HttpRequest request = {};
  bool begun = false;
  bool too_long = false;
};

/// Nothing may be thrown through libmicrohttpd, which is C.
template <class Result, class Action>
Result guarded(Result otherwise, const Action& action) noexcept {
  try {
    return action();
  } catch (...) {
    return otherwise;
  }
}

/// The one place that sees the target as it was sent. What it returns is the state of the request.
void* begin_request(void*, const char* target, MHD_Connection*) noexcept {
  return guarded<void*>(nullptr, [target] {
    auto incoming = std::make_unique<Incoming>();
    if (target != nullptr) incoming->request.target = target;
    return incoming.release();
  });
}

MHD_Result add_header(void* request, MHD_ValueKind, const char* name, const char* value) noexcept {
  return guarded(MHD_NO, [=] {
    static_cast<HttpRequest*>(request)->headers.emplace_back(name, value == nullptr ? "" : value);
    return MHD_YES;
  });
}

MHD_Result add_parameter(void* request, MHD_ValueKind, const char* name,
                         const char* value) noexcept {
  return guarded(MHD_NO, [=] {
    static_cast<HttpRequest*>(request)->query.emplace(name, value == nullptr ? "" : value);
    return MHD_YES;
  });
}

Reply answer(const HttpServer::Handler& handler, HttpRequest request) {
  try {
    return handler(std::move(request));
  } catch (const std::exception& error) {
    return {.status = 500, .content_type = "text/plain", .body = error.what()};
  }
}

/// Is called with the head alone, then with each piece of the body, then once more.
MHD_Result go_on_with_request(void* handler, MHD_Connection* connection, const char* path,
                              const char* method, const char* /*version*/, const char* piece,
                              std::size_t* size, void** state) noexcept {
  return guarded(MHD_NO, [=] {
    auto* incoming = static_cast<Incoming*>(*state);
    if (incoming == nullptr) return MHD_NO;
    if (!incoming->begun) {
      incoming->begun = true;
      return MHD_YES;
    }
    HttpRequest& request = incoming->request;
    if (*size > 0) {
      incoming->too_long = incoming->too_long || request.body.size() + *size > kLongestBody;
      if (!incoming->too_long) request.body.append(piece, *size);
      *size = 0;
      return MHD_YES;
    }
    if (incoming->too_long) {
      return send_answer(connection, problem(413, "Payload too large", "The body is too long."));
    }
    request.method = method;
    request.path = path;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &request);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_parameter, &request);
    return send_answer(
        connection, answer(*static_cast<const HttpServer::Handler*>(handler), std::move(request)));
  });
}

void end_request(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) noexcept {
  delete static_cast<Incoming*>(*state);
  *state = nullptr;
}

}  // namespace

void HttpServer::start(int socket) {
  // poll() also watches descriptors beyond select()'s 1024.
  daemon_ = MHD_start_daemon(
      MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC,
      0, nullptr, nullptr, go_on_with_request, &handler_,     //
      MHD_OPTION_LISTEN_SOCKET, socket,                       //
      MHD_OPTION_CONNECTION_LIMIT, kMostConnections,          //
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,  //
      MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,            //
      MHD_OPTION_URI_LOG_CALLBACK, begin_request, nullptr,    //
      MHD_OPTION_NOTIFY_COMPLETED, end_request, nullptr,      //
      MHD_OPTION_END);
  if (daemon_ == nullptr) {
    throw Error(ErrorKind::network, ErrorParts{.failed = "cannot serve HTTP",
                                               .why = "the system has no thread for it",
                                               .remedy = "end other programs and try again"});
  }
}

void HttpServer::stop() {
  if (daemon_ != nullptr) MHD_stop_daemon(std::exchange(daemon_, nullptr));
}

}  // namespace rellama::emulator
