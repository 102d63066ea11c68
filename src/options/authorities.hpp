#pragma once

#include <string>

#include "system/environment.hpp"

namespace rellama::program {

/// Where the certificates of the trusted authorities are; both empty: the system's.
struct TrustedAuthorities {
  std::string file;
  std::string directory;
};

/// What `option` (the value of --cacert) names, or else CURL_CA_BUNDLE, or else SSL_CERT_FILE and
/// SSL_CERT_DIR, in the order of curl(1), or else NIX_SSL_CERT_FILE. Each may be a PEM file or a
/// directory of PEM files; SSL_CERT_DIR may be several directories. Throws Error (invalid_input) if
/// it is neither.
[[nodiscard]] TrustedAuthorities find_authorities(const std::string& option,
                                                  const system::Environment& environment);

}  // namespace rellama::program
