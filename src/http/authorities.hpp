#pragma once

#include <curl/curl.h>

#include <string>

namespace rellama::http {

/// Tells `handle` which certificate authorities to trust: those of the PEM file `ca_file`, or the
/// system's where it is empty.
///
/// OpenSSL reads a bundle of all the authorities there are in 20 ms, but from a folder of hashed
/// names only the one it needs. Where the system's bundle is what is asked for and its folder holds
/// the same, the folder is taken.
void trust_authorities(CURL* handle, const std::string& ca_file);

/// Whether `folder` has authorities under hashed names (openssl-rehash(1)), and has been brought up
/// to date since `bundle` was written.
[[nodiscard]] bool is_hashed_copy(const std::string& folder, const std::string& bundle);

}  // namespace rellama::http
