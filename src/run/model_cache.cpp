#include "run/model_cache.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <system_error>

#include "rellama/error.hpp"
#include "settings/directories.hpp"
#include "system/private_file.hpp"
#include "wire/resource_json.hpp"

namespace rellama::program {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kFresh = std::chrono::hours{24};

// One directory per API: "https___api.replicate.com_v1".
std::string directory_name(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  if (!url.ends_with("/v1")) url += "/v1";
  std::replace_if(
      url.begin(), url.end(),
      [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '-'; }, '_');
  return url;
}

std::optional<std::chrono::seconds> age_of(const fs::path& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  if (error) return std::nullopt;
  const auto age =
      std::chrono::duration_cast<std::chrono::seconds>(fs::file_time_type::clock::now() - written);
  return std::max(age, std::chrono::seconds{0});
}

// A file that cannot be read or parsed counts as missing, so that it is fetched again.
template <typename Parse>
auto find_parsed(const fs::path& path, Parse parse) -> std::optional<decltype(parse({}))> {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return parse(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// A full disk or a read-only home directory must not prevent an answer.
void write_if_possible(const fs::path& path, const std::string& text) {
  try {
    system::write_private_file(path, text);
  } catch (const std::exception&) {
  }
}

}  // namespace

ModelCache::ModelCache(const Context& context, const std::string& base_url, Use use) : use_(use) {
  const auto cache = settings::find_directories(context.environment).cache;
  if (cache) directory_ = *cache / "models" / directory_name(base_url);
}

// Owners, names and versions are safe in a path: parse_model_ref accepts no others.
std::optional<fs::path> ModelCache::path_of(const ModelRef& ref) const {
  if (!directory_) return std::nullopt;
  if (const auto* name = std::get_if<ModelName>(&ref)) {
    return *directory_ / name->owner / (name->name + ".json");
  }
  const auto* version = std::get_if<ModelVersion>(&ref);
  if (version == nullptr || !version->model) return std::nullopt;
  return *directory_ / version->model->owner / (version->model->name + "@" + version->id + ".json");
}

std::optional<std::chrono::seconds> ModelCache::age(const ModelRef& ref) const {
  const auto path = path_of(ref);
  return path ? age_of(*path) : std::nullopt;
}

std::optional<Model> ModelCache::find(const ModelRef& ref) {
  const auto path = path_of(ref);
  if (!path || !is_usable(*path)) return std::nullopt;
  if (std::holds_alternative<ModelName>(ref)) {
    const auto age = age_of(*path);
    if (!age || *age > kFresh) return std::nullopt;
  }
  return find_parsed(*path, [](std::string_view json) { return wire::parse_model(json); });
}

void ModelCache::keep(const ModelRef& ref, const Model& model) {
  const auto path = path_of(ref);
  if (!path) return;
  write_if_possible(*path, wire::render_model(model));
  own_.insert(*path);
}

bool ModelCache::is_usable(const fs::path& path) const {
  return use_ == Use::everything || own_.contains(path);
}

std::optional<std::vector<PublishedVersion>> ModelCache::find_versions(
    const ModelName& name) const {
  if (!directory_) return std::nullopt;
  return find_parsed(*directory_ / name.owner / (name.name + "@@versions.json"),
                     [](std::string_view json) { return wire::parse_version_page(json); });
}

void ModelCache::keep_versions(const ModelName& name,
                               const std::vector<PublishedVersion>& versions) const {
  if (!directory_) return;
  write_if_possible(*directory_ / name.owner / (name.name + "@@versions.json"),
                    wire::render_version_page(versions));
}

}  // namespace rellama::program
