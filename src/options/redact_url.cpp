#include "options/redact_url.hpp"

namespace rellama::program {

std::string without_credentials(std::string url) {
  const auto scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  // A password may contain an unescaped slash or at sign, so hide everything up to the last one.
  const auto at = url.rfind('@');
  if (at == std::string::npos || at < begin) return url;
  return url.replace(begin, at - begin, "…");
}

}  // namespace rellama::program
