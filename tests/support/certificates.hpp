#pragma once

#include <memory>
#include <string>

namespace rellama::test {

/// A certificate with its private key, as PEM.
struct Certificate {
  std::string certificate;
  std::string key;
};

/// What is wrong with a server's certificate.
enum class Flaw {
  none,        ///< valid for localhost and 127.0.0.1
  other_host,  ///< valid only for other.example
  expired,     ///< an hour ago
};

/// An authority created for one test, trusted by nobody else.
class Authority {
 public:
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  /// Its own certificate, for `--cacert`.
  [[nodiscard]] std::string pem() const;

  /// Signs a certificate for a server.
  [[nodiscard]] Certificate issue(Flaw flaw) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rellama::test
