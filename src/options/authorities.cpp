#include "options/authorities.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "rellama/error.hpp"

namespace rellama::program {
namespace {

namespace fs = std::filesystem;

Error unusable_authorities(const std::string& path, const std::string& source, std::string why) {
  return Error(ErrorKind::invalid_input,
               {.failed = "cannot read the certificates in '" + path + "'",
                .why = std::move(why),
                .remedy = "give " + source + " a PEM file or a directory of PEM files"});
}

bool is_directory(std::string_view path) {
  std::error_code error;
  return fs::is_directory(fs::path(path), error);
}

bool is_file(std::string_view path) {
  std::error_code error;
  return fs::is_regular_file(fs::path(path), error);
}

// A list of directories, as OpenSSL takes it, of which those that do not exist are ignored.
bool has_directory(std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(':'), list.size());
    if (is_directory(list.substr(0, end))) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

void add(TrustedAuthorities& authorities, const std::string& path, const std::string& source) {
  if (is_directory(path) || (source == "SSL_CERT_DIR" && has_directory(path))) {
    authorities.directory = path;
    return;
  }
  if (::access(path.c_str(), R_OK) != 0) {
    throw unusable_authorities(path, source, std::generic_category().message(errno));
  }
  // A pipe could be read only once, and each connection reads the file.
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    throw unusable_authorities(path, source, "it is not a regular file");
  }
  authorities.file = path;
}

}  // namespace

TrustedAuthorities find_authorities(const std::string& option,
                                    const system::Environment& environment) {
  TrustedAuthorities authorities;
  if (!option.empty()) {
    add(authorities, option, "--cacert");
  } else if (const auto bundle = system::find_variable(environment, "CURL_CA_BUNDLE")) {
    add(authorities, *bundle, "CURL_CA_BUNDLE");
  } else {
    const auto file = system::find_variable(environment, "SSL_CERT_FILE");
    const auto directory = system::find_variable(environment, "SSL_CERT_DIR");
    // Some systems set it whether it exists or not.
    const bool counts = directory && (!file || has_directory(*directory));
    if (counts) add(authorities, *directory, "SSL_CERT_DIR");
    if (file) add(authorities, *file, "SSL_CERT_FILE");
    // What Nix sets in its shells. While it builds a package it names a file that does not exist.
    const auto nix = system::find_variable(environment, "NIX_SSL_CERT_FILE");
    if (nix && !file && !counts && is_file(*nix)) add(authorities, *nix, "NIX_SSL_CERT_FILE");
  }
  return authorities;
}

}  // namespace rellama::program
