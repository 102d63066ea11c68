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

// Eight hexadecimal digits (a hash of the subject), a dot and a number.
bool is_hashed_name(std::string_view name) {
  constexpr std::size_t kHash = 8;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_hex = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return name.size() > kHash + 1 && name[kHash] == '.' &&
         std::all_of(name.begin(), name.begin() + kHash, is_hex) &&
         std::all_of(name.begin() + kHash + 1, name.end(), is_digit);
}

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

bool has_hashed_names(const std::string& directory) {
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    if (is_hashed_name(at->path().filename().native())) return true;
  }
  return false;
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

bool Authorities::prefers_system_directory(CURL* handle) {
  if (!prefers_system_directory_) {
    const std::string bundle = default_of<CURLINFO_CAINFO>(handle);
    const std::string directory = default_of<CURLINFO_CAPATH>(handle);
    const bool is_system = (places_.file.empty() || places_.file == bundle) &&
                           (places_.directory.empty() || places_.directory == directory);
    prefers_system_directory_ = is_system && is_openssl() && is_hashed_copy(directory, bundle);
  }
  return *prefers_system_directory_;
}

void Authorities::apply(CURL* handle) {
  if (prefers_system_directory(handle)) {
    set_option<CURLOPT_CAINFO>(handle, nullptr);
    set_option<CURLOPT_PROXY_CAINFO>(handle, nullptr);
    return;
  }
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
