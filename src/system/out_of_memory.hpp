#pragma once

#include <string_view>

namespace rellama::system {

/// Prepares for a lack of memory. The first allocation that fails sets free, before it throws, what
/// is set aside here: enough to cancel a run and to report why. That costs address space, but no
/// memory. Where std::bad_alloc cannot be thrown, as from a function of another library that is
/// noexcept, the process ends with `message` on standard error and exit code 1.
void prepare_for_out_of_memory(std::string_view message) noexcept;

}  // namespace rellama::system
