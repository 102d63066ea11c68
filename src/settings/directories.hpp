#pragma once

#include <filesystem>
#include <optional>

#include "system/environment.hpp"

namespace rellama::settings {

/// Where rellama keeps its files. A directory is absent if there is neither its XDG variable nor a
/// home directory, as under some cron daemons. None is created here.
struct Directories {
  std::optional<std::filesystem::path> config;
  std::optional<std::filesystem::path> data;
  std::optional<std::filesystem::path> state;
  std::optional<std::filesystem::path> cache;
};

/// The directories of the XDG Base Directory Specification, with `rellama` below each.
[[nodiscard]] Directories find_directories(const system::Environment& environment);

}  // namespace rellama::settings
