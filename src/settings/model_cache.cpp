#include "settings/model_cache.hpp"

#include <unistd.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <system_error>

namespace rellama::settings {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxBytes = std::uintmax_t{4} << 20;

// A name for a file, whatever the text.
std::string file_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
    name += plain ? c : '_';
  }
  return name;
}

}  // namespace

ModelCache::ModelCache(const Directories& directories, const std::string& server) {
  if (directories.cache) directory_ = *directories.cache / "models" / file_name(server);
}

fs::path ModelCache::path_of(const ModelName& model) const {
  return directory_ / (file_name(model.owner) + "~" + file_name(model.name) + ".json");
}

std::optional<CachedText> ModelCache::find(const ModelName& model) const noexcept {
  try {
    if (directory_.empty()) return std::nullopt;
    const fs::path path = path_of(model);
    std::error_code error;
    const auto written = fs::last_write_time(path, error);
    if (error || fs::file_size(path, error) > kMaxBytes || error) return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file || text.empty()) return std::nullopt;
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(
        fs::file_time_type::clock::now() - written);
    return CachedText{std::move(text), age};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// Written beside its place and moved there: whoever reads meanwhile sees one or the other.
void ModelCache::keep(const ModelName& model, const std::string& text) const noexcept {
  try {
    if (directory_.empty() || text.size() > kMaxBytes) return;
    std::error_code error;
    fs::create_directories(directory_, error);
    if (error) return;
    // A private model's description is nobody else's business.
    fs::permissions(directory_, fs::perms::owner_all, error);
    const fs::path path = path_of(model);
    const fs::path part = path.string() + "." + std::to_string(::getpid());
    std::ofstream file(part, std::ios::binary);
    file << text;
    file.close();
    if (file) fs::rename(part, path, error);
    if (!file || error) fs::remove(part, error);
  } catch (const std::exception&) {
  }
}

}  // namespace rellama::settings
