#include "http/authorities.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

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

}  // namespace

bool is_hashed_copy(const std::string& directory, const std::string& bundle) {
  std::error_code error;
  const auto written = fs::last_write_time(bundle, error);
  if (error || fs::last_write_time(directory, error) < written || error) return false;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    if (is_hashed_name(at->path().filename().native())) return true;
  }
  return false;
}

void trust_authorities(CURL* handle, const std::string& ca_file) {
  const std::string bundle = default_of<CURLINFO_CAINFO>(handle);
  const std::string directory = default_of<CURLINFO_CAPATH>(handle);
  const bool is_system_bundle = ca_file.empty() || ca_file == bundle;
  if (is_system_bundle && is_openssl() && is_hashed_copy(directory, bundle)) {
    set_option<CURLOPT_CAINFO>(handle, nullptr);
  } else if (!ca_file.empty()) {
    set_option<CURLOPT_CAINFO>(handle, ca_file.c_str());
    set_option<CURLOPT_CAPATH>(handle, nullptr);
  }
}

}  // namespace rellama::http
