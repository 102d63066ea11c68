#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "support/certificates.hpp"

namespace rellama::test {

struct TlsFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsFree>;

/// What a TLS server needs. It speaks HTTP/2 with every client that offers it.
[[nodiscard]] TlsContext make_tls_context(const Certificate& certificate);

/// The server's end of a connection, plain or encrypted.
class Socket {
 public:
  /// Takes `fd`.
  explicit Socket(int fd);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Encrypts it from now on.
  void accept_tls(SSL_CTX& context);
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  [[nodiscard]] bool chose_http2() const;

  /// What arrives next; empty once the client has left.
  [[nodiscard]] std::string read_some();
  void send(std::string_view bytes);
  void close();
  /// Ends it with a reset instead of an orderly end.
  void reset();
  /// Ends the call that waits for the client. From another thread.
  void interrupt();

 private:
  std::mutex mutex_;  // guards the number against a close at the moment of an interrupt
  int fd_;
  std::unique_ptr<SSL, TlsFree> session_;
};

}  // namespace rellama::test
