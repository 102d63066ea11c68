#include "settings/directories.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace rellama::settings {
namespace {

namespace fs = std::filesystem;

// "All paths must be absolute. If an implementation encounters a relative path it should consider
// the path invalid and ignore it" (XDG Base Directory Specification).
std::optional<fs::path> find_absolute(const system::Environment& environment,
                                      std::string_view name) {
  const std::optional<std::string> value = system::find_variable(environment, name);
  if (!value || !fs::path(*value).is_absolute()) return std::nullopt;
  return *value;
}

#ifdef RELLAMA_STATIC
// getpwuid_r loads modules of the system, which a statically linked program cannot do.
std::optional<std::string> find_home_of(uid_t user) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen("/etc/passwd", "re"),
                                                                &std::fclose);
  if (!file) return std::nullopt;
  while (const passwd* entry = ::fgetpwent(file.get())) {
    if (entry->pw_uid == user) return entry->pw_dir;
  }
  return std::nullopt;
}
#else
std::optional<std::string> find_home_of(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  if (::getpwuid_r(user, &entry, text.data(), text.size(), &found) != 0 || !found ||
      !entry.pw_dir) {
    return std::nullopt;
  }
  return entry.pw_dir;
}
#endif

std::optional<fs::path> home_in_user_database() {
  const auto home = find_home_of(::getuid());
  if (!home || !home->starts_with('/')) return std::nullopt;
  return *home;
}

std::optional<fs::path> find_directory(const system::Environment& environment,
                                       std::string_view variable, const char* below_home) {
  if (const auto base = find_absolute(environment, variable)) return *base / "rellama";
  auto home = find_absolute(environment, "HOME");
  if (!home) home = home_in_user_database();
  if (!home) return std::nullopt;
  return *home / below_home / "rellama";
}

}  // namespace

Directories find_directories(const system::Environment& environment) {
  return {.config = find_directory(environment, "XDG_CONFIG_HOME", ".config"),
          .data = find_directory(environment, "XDG_DATA_HOME", ".local/share"),
          .state = find_directory(environment, "XDG_STATE_HOME", ".local/state"),
          .cache = find_directory(environment, "XDG_CACHE_HOME", ".cache")};
}

}  // namespace rellama::settings
