#pragma once

#include <curl/curl.h>

#include <string>

namespace rellama::http {

/// Sets which certificate authorities `handle` trusts: those in the PEM file `ca_file`, or the
/// system's if it is empty.
///
/// OpenSSL takes 20 ms to read the system's whole bundle, but reads only the certificate it needs
/// from a directory with hashed names. So if the system's bundle is requested and its directory has
/// the same certificates, the directory is used.
void trust_authorities(CURL* handle, const std::string& ca_file);

/// Whether `directory` contains certificates under hashed names (openssl-rehash(1)), and was
/// updated after `bundle` was written.
[[nodiscard]] bool is_hashed_copy(const std::string& directory, const std::string& bundle);

}  // namespace rellama::http
