#pragma once

#include <functional>
#include <string_view>

#include "options/context.hpp"
#include "options/output_options.hpp"
#include "rellama/client.hpp"
#include "terminal/progress.hpp"

namespace rellama::program {

/// The log that the options ask for, with the warnings on stderr in any case: above the progress
/// line where there is one, which must outlive the log.
[[nodiscard]] LogFunction make_log(const OutputOptions& options, const Context& context,
                                   terminal::Progress* progress = nullptr);

/// As above, with a function that shows whole lines to the user wherever there is room for them.
[[nodiscard]] LogFunction make_log(const OutputOptions& options, const Context& context,
                                   const std::function<void(std::string_view)>& show);

}  // namespace rellama::program
