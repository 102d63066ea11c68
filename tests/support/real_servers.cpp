#include "support/real_servers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace rellama::test {
namespace {

namespace fs = std::filesystem;

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  const bool bound = ::bind(fd, generic, length) == 0 && ::getsockname(fd, generic, &length) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port on loopback");
  return ntohs(address.sin_port);
}

std::string write_file(const fs::path& path, const std::string& content) {
  std::ofstream(path) << content;
  return path.string();
}

struct CertificateFiles {
  std::string certificate;
  std::string key;
};

CertificateFiles write_certificate(const fs::path& directory, const std::string& name,
                                   const Certificate& certificate) {
  return {write_file(directory / (name + ".pem"), certificate.certificate),
          write_file(directory / (name + ".key"), certificate.key)};
}

std::string address_of(int port) {
  return "127.0.0.1," + std::to_string(port);
}

}  // namespace

RealServer::RealServer(const std::function<std::string(int port)>& command,
                       const std::string& ready) {
  constexpr int kAttempts = 5;  // another program may take the port first
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    port_ = free_port();
    process_ = std::make_unique<Process>(
        Launch{.program = "/bin/sh",
               .arguments = {"-c", "exec " + command(port_) + " 2>&1"},
               .environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}, {"LC_ALL", "C"}}});
    if (process_->read_until(ready)) return;
  }
  throw std::runtime_error("the server does not start: " + process_->wait().out);
}

RealServer::~RealServer() = default;

void RealServer::stop() {
  process_->send_signal(SIGQUIT);
  process_->wait();
}

std::unique_ptr<RealServer> start_nginx(const fs::path& directory, const Certificate& certificate,
                                        int plain_port, Buffering buffering) {
  const CertificateFiles files = write_certificate(directory, "nginx", certificate);
  const auto command = [&](int port) {
    std::string temporary;
    for (const char* what : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      temporary += std::string(what) + "_temp_path " + (directory / what).string() + ";\n";
    }
    const std::string config =
        "daemon off; master_process off; error_log stderr notice;\n"
        "pid " +
        (directory / "nginx.pid").string() +
        ";\n"
        "events {}\n"
        "http {\n" +
        temporary +
        "log_format lines '$server_protocol $request_method $uri';\n"
        "access_log " +
        (directory / "nginx.log").string() +
        " lines;\n"
        "server {\n"
        "listen 127.0.0.1:" +
        std::to_string(port) +
        " ssl http2;\n"
        "ssl_certificate " +
        files.certificate + "; ssl_certificate_key " + files.key +
        ";\n"
        "location / {\n"
        "proxy_pass http://127.0.0.1:" +
        std::to_string(plain_port) +
        ";\n"
        "proxy_http_version 1.1; proxy_set_header Connection '';\n"
        "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;\n"
        "proxy_buffering " +
        (buffering == Buffering::on ? "on" : "off") +
        ";\n"
        "} } }\n";
    return "nginx -e stderr -c " + write_file(directory / "nginx.conf", config);
  };
  return std::make_unique<RealServer>(command, "getrlimit");
}

std::unique_ptr<RealServer> start_nghttpx(const fs::path& directory, const Certificate& certificate,
                                          int plain_port) {
  const CertificateFiles files = write_certificate(directory, "nghttpx", certificate);
  const auto command = [&](int port) {
    return "nghttpx --conf=/dev/null --single-process --no-ocsp --frontend=" + address_of(port) +
           " --backend=" + address_of(plain_port) + " " + files.key + " " + files.certificate;
  };
  return std::make_unique<RealServer>(command, "Created worker thread");
}

std::unique_ptr<RealServer> start_tinyproxy(const fs::path& directory,
                                            const std::string& user_and_password) {
  const auto command = [&](int port) {
    std::string config = "Port " + std::to_string(port) +
                         "\nListen 127.0.0.1\nLogLevel Info\nTimeout 60\nMaxClients 50\n";
    if (!user_and_password.empty()) config += "BasicAuth " + user_and_password + "\n";
    return "tinyproxy -d -c " + write_file(directory / "tinyproxy.conf", config);
  };
  return std::make_unique<RealServer>(command, "Accepting connections");
}

std::unique_ptr<RealServer> start_tls_proxy(const fs::path& directory,
                                            const Certificate& certificate, int proxy_port) {
  const CertificateFiles files = write_certificate(directory, "tls-proxy", certificate);
  const auto command = [&](int port) {
    return "nghttpx --conf=/dev/null --single-process --no-ocsp --http2-proxy --frontend=" +
           address_of(port) + " --backend=" + address_of(proxy_port) + " " + files.key + " " +
           files.certificate;
  };
  return std::make_unique<RealServer>(command, "Created worker thread");
}

}  // namespace rellama::test
