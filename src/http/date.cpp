#include "http/date.hpp"

#include <curl/curl.h>

namespace rellama::http {

std::optional<std::chrono::system_clock::time_point> parse_date(const std::string& text) {
  const std::time_t seconds = curl_getdate(text.c_str(), nullptr);
  if (seconds == -1) return std::nullopt;
  return std::chrono::system_clock::from_time_t(seconds);
}

}  // namespace rellama::http
