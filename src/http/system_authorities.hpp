#pragma once

#include <filesystem>
#include <string>

namespace rellama::http {

/// Where the certificates of the trusted authorities are. If both are empty, the system's count.
struct AuthorityPlaces {
  std::string file = {};       ///< a PEM bundle
  std::string directory = {};  ///< PEM files, or several directories, separated by colons
};

/// Whether `directory` has certificates under hashed names (openssl-rehash(1)).
[[nodiscard]] bool has_hashed_names(const std::string& directory);

/// Where the system below `root` keeps the certificates of its authorities: the first bundle that
/// exists of those that Linux distributions have, and the first directory with hashed names. For a
/// libcurl that was not built for one system and does not know (decision 0027).
[[nodiscard]] AuthorityPlaces find_system_authorities(const std::filesystem::path& root = "/");

}  // namespace rellama::http
