#include "emulator/recorded_request.hpp"

#include "httpd/request.hpp"

namespace rellama::emulator {

std::string RecordedRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (httpd::same_header_name(key, name)) return value;
  }
  return "";
}

}  // namespace rellama::emulator
