#include "http/system_authorities.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace rellama::http {
namespace {

namespace fs = std::filesystem;

// The paths that Go's crypto/x509 and OpenSSL's packagers know. The first is the most common one.
constexpr std::array kBundles{
    "etc/ssl/certs/ca-certificates.crt",                 // Debian, Arch, Alpine, NixOS, Gentoo
    "etc/pki/tls/certs/ca-bundle.crt",                   // Fedora to 43, RHEL 6 to 10
    "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL 7 and newer
    "etc/ssl/ca-bundle.pem",                             // SUSE
    "var/lib/ca-certificates/ca-bundle.pem",             // SUSE without the link above
    "etc/ssl/certs/ca-bundle.crt",                       // NixOS
    "etc/ssl/cert.pem",                                  // Alpine, Void, and the BSDs
    "etc/ca-certificates/extracted/tls-ca-bundle.pem",   // Arch without the links above
};
constexpr std::array kDirectories{
    "etc/ssl/certs",                                  // Debian, SUSE, Arch, Alpine, Fedora
    "etc/pki/ca-trust/extracted/pem/directory-hash",  // Fedora, RHEL 9 and newer
    "etc/ca-certificates/extracted/cadir",            // Arch
};

// Eight hexadecimal digits (a hash of the subject), a dot and a number.
bool is_hashed_name(std::string_view name) {
  constexpr std::size_t kHash = 8;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_hex = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return name.size() > kHash + 1 && name[kHash] == '.' &&
         std::all_of(name.begin(), name.begin() + kHash, is_hex) &&
         std::all_of(name.begin() + kHash + 1, name.end(), is_digit);
}

bool has_contents(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && fs::file_size(file, error) > 0 && !error;
}

}  // namespace

bool has_hashed_names(const std::string& directory) {
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    if (is_hashed_name(at->path().filename().native())) return true;
  }
  return false;
}

AuthorityPlaces find_system_authorities(const fs::path& root) {
  AuthorityPlaces found;
  for (const char* bundle : kBundles) {
    if (!has_contents(root / bundle)) continue;
    found.file = root / bundle;
    break;
  }
  for (const char* directory : kDirectories) {
    if (!has_hashed_names(root / directory)) continue;
    found.directory = root / directory;
    break;
  }
  return found;
}

}  // namespace rellama::http
