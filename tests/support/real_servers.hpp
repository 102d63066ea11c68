#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/certificates.hpp"
#include "support/process.hpp"

namespace rellama::test {

/// A server from a Debian package, in the foreground on a free port of loopback, with its files in
/// the test's own directory. It runs as any user.
class RealServer {
 public:
  /// `command` is a shell command for a port. The server is ready when it has printed `ready`.
  /// Throws std::runtime_error if it ends before that.
  RealServer(const std::function<std::string(int port)>& command, const std::string& ready);
  ~RealServer();
  RealServer(const RealServer&) = delete;
  RealServer& operator=(const RealServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string https_url() const {
    return "https://localhost:" + std::to_string(port_);
  }

  /// Lets it answer what it has begun, and end.
  void stop();

 private:
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

/// Whether nginx keeps a response back until it has a whole buffer of it.
enum class Buffering { off, on };

/// nginx: TLS with HTTP/2 and HTTP/1.1 in front of a plain server on `plain_port`. It writes a line
/// for each request, `HTTP/2.0 GET /v1/account`, to `nginx.log` in `directory`.
[[nodiscard]] std::unique_ptr<RealServer> start_nginx(const std::filesystem::path& directory,
                                                      const Certificate& certificate,
                                                      int plain_port, Buffering buffering);

/// nghttpx: likewise.
[[nodiscard]] std::unique_ptr<RealServer> start_nghttpx(const std::filesystem::path& directory,
                                                        const Certificate& certificate,
                                                        int plain_port);

/// tinyproxy: a proxy that wants `user_and_password`, unless that is empty.
[[nodiscard]] std::unique_ptr<RealServer> start_tinyproxy(
    const std::filesystem::path& directory, const std::string& user_and_password = {});

/// nghttpx as a proxy to which one speaks TLS. It passes everything on to the proxy on
/// `proxy_port`.
[[nodiscard]] std::unique_ptr<RealServer> start_tls_proxy(const std::filesystem::path& directory,
                                                          const Certificate& certificate,
                                                          int proxy_port);

}  // namespace rellama::test
