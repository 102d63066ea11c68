#include "support/tls_front.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string_view>

#include "support/loopback.hpp"

namespace rellama::test {
namespace {

struct TlsDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

std::unique_ptr<BIO, TlsDeleter> reading(const std::string& pem) {
  return std::unique_ptr<BIO, TlsDeleter>(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// libcurl writes a request's headers at once, followed by its body.
std::string mark_as_forwarded(std::string bytes) {
  const bool is_head = bytes.starts_with("GET ") || bytes.starts_with("POST ");
  const auto end = bytes.find("\r\n");
  if (is_head && end != std::string::npos) bytes.insert(end, "\r\nX-Forwarded-Proto: https");
  return bytes;
}

}  // namespace

struct TlsFront::Context {
  std::unique_ptr<SSL_CTX, TlsDeleter> handle{SSL_CTX_new(TLS_server_method())};
};

TlsFront::TlsFront(const Certificate& certificate, int plain_port)
    : context_(std::make_unique<Context>()), plain_port_(plain_port) {
  SSL_CTX* context = context_->handle.get();
  const std::unique_ptr<X509, TlsDeleter> own(
      PEM_read_bio_X509(reading(certificate.certificate).get(), nullptr, nullptr, nullptr));
  const std::unique_ptr<EVP_PKEY, TlsDeleter> key(
      PEM_read_bio_PrivateKey(reading(certificate.key).get(), nullptr, nullptr, nullptr));
  const LoopbackListener listening = listen_on_loopback();
  listener_ = listening.socket;
  port_ = listening.port;
  if (SSL_CTX_use_certificate(context, own.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1 || ::pipe(stop_pipe_.data()) != 0) {
    throw std::runtime_error("cannot serve TLS on loopback");
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

TlsFront::~TlsFront() {
  ::close(stop_pipe_[1]);
  acceptor_.join();
  for (std::thread& relay : relays_) relay.join();
  ::close(listener_);
  ::close(stop_pipe_[0]);
}

void TlsFront::accept_all() {
  bool ready = false;
  bool nothing = false;
  while (wait_for(listener_, -1, ready, nothing)) {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    ++connections_;
    relays_.emplace_back([this, client] {
      relay(client);
      ::close(client);
    });
  }
}

void TlsFront::relay(int client) {
  const std::unique_ptr<SSL, TlsDeleter> session(SSL_new(context_->handle.get()));
  SSL_set_fd(session.get(), client);
  if (SSL_accept(session.get()) != 1) return;
  const int server = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(plain_port_);
  bool open = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  std::array<char, 16384> buffer{};
  bool from_client = false;
  bool from_server = false;
  while (open) {
    from_client = SSL_pending(session.get()) > 0;
    from_server = false;
    if (!from_client && !wait_for(client, server, from_client, from_server)) break;
    if (from_client) {
      const int got = SSL_read(session.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (got <= 0) break;
      const std::string bytes =
          mark_as_forwarded(std::string(buffer.data(), static_cast<std::size_t>(got)));
      open = ::send(server, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
    }
    if (from_server) {
      const auto got = ::recv(server, buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      open = SSL_write(session.get(), buffer.data(), static_cast<int>(got)) > 0;
    }
  }
  SSL_shutdown(session.get());
  ::close(server);
}

bool TlsFront::wait_for(int first, int second, bool& first_ready, bool& second_ready) const {
  std::array<pollfd, 3> fds{{{first, POLLIN, 0}, {second, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}}};
  while (::poll(fds.data(), fds.size(), -1) < 0) {
  }
  first_ready = fds[0].revents != 0;
  second_ready = fds[1].revents != 0;
  return fds[2].revents == 0;
}

}  // namespace rellama::test
