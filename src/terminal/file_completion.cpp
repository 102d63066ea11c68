#include "terminal/file_completion.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace rellama::terminal {

namespace fs = std::filesystem;

std::vector<std::string> complete_file(std::string_view word) {
  const auto slash = word.rfind('/');
  const std::string folder(slash == std::string_view::npos ? "" : word.substr(0, slash + 1));
  const std::string_view begin = word.substr(folder.size());
  std::vector<std::string> candidates;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(begin) || (begin.empty() && name.starts_with('.'))) continue;
    std::error_code ignored;
    candidates.push_back(folder + name + (entry.is_directory(ignored) ? "/" : ""));
  }
  std::sort(candidates.begin(), candidates.end());
  return candidates;
}

}  // namespace rellama::terminal
