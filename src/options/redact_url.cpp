#include "options/redact_url.hpp"

namespace rellama::program {

std::string without_credentials(std::string url) {
  const auto scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  // A password may hold an unescaped slash or at sign: better too much is hidden than too little.
  const auto at = url.rfind('@');
  if (at == std::string::npos || at < begin) return url;
  return url.replace(begin, at - begin, "…");
}

}  // namespace rellama::program
