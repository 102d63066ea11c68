#pragma once

#include <functional>
#include <string_view>

#include "options/context.hpp"
#include "options/output_options.hpp"
#include "rellama/client.hpp"
#include "terminal/progress.hpp"

namespace rellama::program {

/// The log selected by the options. Unless they silence it, warnings always go to stderr: above the
/// progress line if there is one. `progress` must outlive the log.
[[nodiscard]] LogFunction make_log(const OutputOptions& options, const Context& context,
                                   terminal::Progress* progress = nullptr);

/// As above, but warnings go to `show` as whole lines.
[[nodiscard]] LogFunction make_log(const OutputOptions& options, const Context& context,
                                   const std::function<void(std::string_view)>& show);

}  // namespace rellama::program
