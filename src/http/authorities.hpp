#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>

namespace rellama::http {

/// Where the certificates of the trusted authorities are. If both are empty, the system's count.
struct AuthorityPlaces {
  std::string file = {};       ///< a PEM bundle
  std::string directory = {};  ///< PEM files, or several directories, separated by colons
};

/// The certificate authorities that servers and proxies are checked against.
class Authorities {
 public:
  /// Reads the directory, unless it has hashed names: there OpenSSL finds by itself the certificate
  /// it needs.
  explicit Authorities(AuthorityPlaces places);

  /// Makes `handle` trust these authorities, for the server and for a proxy with https.
  ///
  /// OpenSSL takes 20 ms to read the system's whole bundle, but reads only the certificate it needs
  /// from a directory with hashed names. So if the system's bundle is requested and its directory
  /// has the same certificates, the directory is used.
  void apply(CURL* handle);

 private:
  [[nodiscard]] bool prefers_system_directory(CURL* handle);

  AuthorityPlaces places_;
  std::string pem_ = {};  // instead of both places, if it is not empty
  std::optional<bool> prefers_system_directory_ = {};
};

/// Whether `directory` contains certificates under hashed names (openssl-rehash(1)), and was
/// updated after `bundle` was written.
[[nodiscard]] bool is_hashed_copy(const std::string& directory, const std::string& bundle);

}  // namespace rellama::http
