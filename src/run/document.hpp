#pragma once

#include <string>

#include "options/context.hpp"
#include "options/output_options.hpp"

namespace rellama::program {

/// Whether Markdown is rendered on `out`, rather than printed as it is.
[[nodiscard]] bool renders_markdown(const OutputOptions& options, const terminal::OutputStream& out,
                                    const Context& context);

/// Prints text in Markdown that is complete already, in the way in which answers are printed.
void show_document(const std::string& text, const OutputOptions& options, const Context& context);

}  // namespace rellama::program
