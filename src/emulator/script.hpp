#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "emulator/builds.hpp"
#include "emulator/faults.hpp"

namespace rellama::emulator {

/// The status of a prediction.
enum class Status { starting, processing, succeeded, failed, canceled, aborted };

[[nodiscard]] const char* name_of(Status status) noexcept;
[[nodiscard]] bool is_terminal(Status status) noexcept;

/// The output of a prediction and how it ends, determined when it is created.
struct Script {
  std::vector<std::string> tokens;
  Json whole_output = nullptr;  ///< for builds whose output is not tokens
  Status outcome = Status::succeeded;
  std::string error;
  std::string logs;
  std::size_t input_tokens = 0;
};

/// Runs `build` with an input that `check_input` accepts. `context_window` 0 is the build's own.
[[nodiscard]] Script write_script(const Build& build, const Json& input,
                                  std::int64_t context_window);

/// Applies a fault of Place::predict.
void apply_fault(Script& script, const Fault& fault);

}  // namespace rellama::emulator
