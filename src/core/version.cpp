#include "rellama/version.hpp"

namespace rellama {

std::string_view version() noexcept {
  return RELLAMA_VERSION;
}

}  // namespace rellama
