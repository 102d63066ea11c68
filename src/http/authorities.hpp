#pragma once

#include <curl/curl.h>

#include <string>

#include "http/system_authorities.hpp"

namespace rellama::http {

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
  /// has the same certificates, the directory is used. A libcurl that knows neither place gets what
  /// `find_system_authorities` finds.
  void apply(CURL* handle);

 private:
  void choose(CURL* handle);

  AuthorityPlaces places_;
  std::string pem_ = {};  // instead of both places, if it is not empty
  bool is_chosen_ = false;
};

/// Whether `directory` contains certificates under hashed names (openssl-rehash(1)), and was
/// updated after `bundle` was written.
[[nodiscard]] bool is_hashed_copy(const std::string& directory, const std::string& bundle);

}  // namespace rellama::http
