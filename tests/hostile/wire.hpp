#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hostile/hpack.hpp"
#include "hostile/socket.hpp"

namespace rellama::test {

/// A request, by whatever version of HTTP.
struct HostileRequest {
  std::string method;
  std::string path;
  std::string body;
  std::string last_event_id;
  bool is_http2 = false;
  int number = 0;  ///< on its connection, from 1
};

/// The response to one request. A server may break off at any point, or say what is not true. If it
/// returns before the end, the client waits for the rest.
class Wire {
 public:
  virtual ~Wire() = default;

  /// A whole response.
  virtual void respond(int status, const std::string& type, const std::string& body,
                       const Fields& more) = 0;
  void respond(int status, const std::string& json) {
    respond(status, "application/json", json, {});
  }
  /// The head of an event stream.
  virtual void begin_stream() = 0;
  /// A part of the body.
  virtual void send(std::string_view bytes) = 0;
  /// The body is complete.
  virtual void finish() = 0;
  /// Bytes as they are.
  void raw(std::string_view bytes) { socket_.send(bytes); }
  void close() { socket_.close(); }
  void reset() { socket_.reset(); }

  // HTTP/2 only.
  virtual void reset_stream(std::uint32_t /*error*/) {}
  virtual void go_away(std::uint32_t /*error*/, std::uint32_t /*last_stream*/) {}
  [[nodiscard]] virtual std::uint32_t stream() const { return 0; }

 protected:
  explicit Wire(Socket& socket) : socket_(socket) {}
  Socket& socket_;
};

/// Reads the requests of one connection.
class Requests {
 public:
  virtual ~Requests() = default;
  /// The next request; nullopt once the client has left.
  [[nodiscard]] virtual std::optional<HostileRequest> next() = 0;
  /// Where to respond to it.
  [[nodiscard]] virtual Wire& wire() = 0;
};

[[nodiscard]] std::unique_ptr<Requests> make_http1(Socket& socket);
[[nodiscard]] std::unique_ptr<Requests> make_http2(Socket& socket);

/// A response of HTTP/1.1, byte for byte.
[[nodiscard]] std::string render_http1(int status, const std::string& type, const std::string& body,
                                       const Fields& more = {});

}  // namespace rellama::test
