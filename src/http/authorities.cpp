#include "http/authorities.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "http/easy_options.hpp"

namespace rellama::http {
namespace {

namespace fs = std::filesystem;

// Only OpenSSL looks up hashed names; other TLS libraries would read every file in the directory.
bool is_openssl() {
  const char* tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
  return tls != nullptr && std::string_view(tls).starts_with("OpenSSL");
}

template <CURLINFO info>
std::string default_of(CURL* handle) {
  const char* text = get_info<info>(handle);
  return text == nullptr ? std::string() : text;
}

bool is_pem_name(const fs::path& path) {
  return path.extension() == ".pem" || path.extension() == ".crt" || path.extension() == ".cer";
}

// Nobody has so many authorities; a file without end could be among them.
constexpr std::uintmax_t kMaxPemBytes = std::uintmax_t{16} << 20;

void append_file(std::string& pem, const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || pem.size() + fs::file_size(path, error) > kMaxPemBytes) {
    return;
  }
  std::ifstream file(path, std::ios::binary);
  pem.append(std::istreambuf_iterator<char>(file), {});
  pem += '\n';
}

std::string read_directory(const std::string& directory) {
  std::string pem;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    if (is_pem_name(at->path())) append_file(pem, at->path());
  }
  return pem;
}

const char* null_if_empty(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

}  // namespace

bool is_hashed_copy(const std::string& directory, const std::string& bundle) {
  std::error_code error;
  const auto written = fs::last_write_time(bundle, error);
  if (error || fs::last_write_time(directory, error) < written || error) return false;
  return has_hashed_names(directory);
}

Authorities::Authorities(AuthorityPlaces places) : places_(std::move(places)) {
  const std::string& directory = places_.directory;
  if (directory.empty() || directory.find(':') != std::string::npos ||
      (is_openssl() && has_hashed_names(directory))) {
    return;
  }
  pem_ = read_directory(directory);
  if (!pem_.empty() && !places_.file.empty()) append_file(pem_, places_.file);
}

// Once, for the first connection that may need them.
void Authorities::choose(CURL* handle) {
  if (is_chosen_) return;
  is_chosen_ = true;
  AuthorityPlaces system{.file = default_of<CURLINFO_CAINFO>(handle),
                         .directory = default_of<CURLINFO_CAPATH>(handle)};
  const bool is_known = !system.file.empty() || !system.directory.empty();
  if (!is_known) system = find_system_authorities();
  if ((!places_.file.empty() && places_.file != system.file) ||
      (!places_.directory.empty() && places_.directory != system.directory)) {
    return;  // others than the system's
  }
  if (is_openssl() && is_hashed_copy(system.directory, system.file)) {
    places_ = {.directory = std::move(system.directory)};
  } else if (!is_known && !system.file.empty()) {
    places_ = {.file = std::move(system.file)};
  } else if (!is_known) {
    places_ = {.directory = std::move(system.directory)};
  }
}

void Authorities::apply(CURL* handle) {
  choose(handle);
  if (places_.file.empty() && places_.directory.empty()) return;
  const char* file = pem_.empty() ? null_if_empty(places_.file) : nullptr;
  const char* directory = pem_.empty() ? null_if_empty(places_.directory) : nullptr;
  set_option<CURLOPT_CAINFO>(handle, file);
  set_option<CURLOPT_CAPATH>(handle, directory);
  set_option<CURLOPT_PROXY_CAINFO>(handle, file);
  set_option<CURLOPT_PROXY_CAPATH>(handle, directory);
  if (pem_.empty()) return;
  const curl_blob blob{.data = pem_.data(), .len = pem_.size(), .flags = CURL_BLOB_NOCOPY};
  set_option<CURLOPT_CAINFO_BLOB>(handle, &blob);
  set_option<CURLOPT_PROXY_CAINFO_BLOB>(handle, &blob);
}

}  // namespace rellama::http
