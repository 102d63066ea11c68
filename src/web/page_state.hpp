#pragma once

#include <string>
#include <vector>

#include "web/page_api.hpp"

namespace rellama::web {

/// What the page has to know when it opens.
[[nodiscard]] std::string render_state(const PageOptions& options, const RequestMaker& maker,
                                       const std::vector<std::string>& live_runs);

}  // namespace rellama::web
