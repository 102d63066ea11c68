#include "hostile/socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace rellama::test {
namespace {

struct PemFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

std::unique_ptr<BIO, PemFree> open_pem(const std::string& pem) {
  return std::unique_ptr<BIO, PemFree>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

int choose_protocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned int size, void* /*user*/) {
  static constexpr std::array<unsigned char, 12> kOurs{2,   'h', '2', 8,   'h', 't',
                                                       't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, kOurs.data(), kOurs.size(), offered, size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TlsContext make_tls_context(const Certificate& certificate) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  const std::unique_ptr<X509, PemFree> own(
      PEM_read_bio_X509(open_pem(certificate.certificate).get(), nullptr, nullptr, nullptr));
  const std::unique_ptr<EVP_PKEY, PemFree> key(
      PEM_read_bio_PrivateKey(open_pem(certificate.key).get(), nullptr, nullptr, nullptr));
  if (SSL_CTX_use_certificate(context.get(), own.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    throw std::runtime_error("cannot use the certificate");
  }
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  return context;
}

Socket::Socket(int fd) : fd_(fd) {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Socket::accept_tls(SSL_CTX& context) {
  session_.reset(SSL_new(&context));
  SSL_set_fd(session_.get(), fd_);
  if (SSL_accept(session_.get()) != 1) close();
}

Socket::~Socket() {
  close();
}

bool Socket::chose_http2() const {
  if (!session_) return false;
  const unsigned char* name = nullptr;
  unsigned int length = 0;
  SSL_get0_alpn_selected(session_.get(), &name, &length);
  return length == 2;  // "h2"
}

std::string Socket::read_some() {
  std::string bytes(16384, '\0');
  if (!is_open()) return {};
  const auto got = session_ ? SSL_read(session_.get(), bytes.data(), static_cast<int>(bytes.size()))
                            : ::recv(fd_, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

void Socket::send(std::string_view bytes) {
  while (is_open() && !bytes.empty()) {
    const auto sent = session_
                          ? SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()))
                          : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Socket::close() {
  const std::lock_guard lock(mutex_);
  if (is_open()) ::close(fd_);
  fd_ = -1;
}

void Socket::interrupt() {
  const std::lock_guard lock(mutex_);
  if (is_open()) ::shutdown(fd_, SHUT_RDWR);
}

void Socket::reset() {
  const linger none{1, 0};
  if (is_open()) ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  close();
}

}  // namespace rellama::test
