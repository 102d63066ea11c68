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
  none,        ///< good for localhost and 127.0.0.1
  other_host,  ///< good for other.example only
  expired,     ///< since an hour ago
};

/// An authority made for one test, which nobody else trusts.
class Authority {
 public:
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  /// Its own certificate, for `--cacert`.
  [[nodiscard]] std::string pem() const;

  /// A server's certificate that it has signed.
  [[nodiscard]] Certificate issue(Flaw flaw) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rellama::test
