#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "emulator/builds.hpp"
#include "emulator/faults.hpp"

namespace rellama::emulator {

/// How a prediction ends.
enum class Status { starting, processing, succeeded, failed, canceled, aborted };

[[nodiscard]] const char* name_of(Status status) noexcept;
[[nodiscard]] bool is_terminal(Status status) noexcept;

/// What a prediction will say and how it will end, settled when it is created.
struct Script {
  std::vector<std::string> tokens;
  Json whole_output = nullptr;  ///< of a build whose output is not tokens
  Status outcome = Status::succeeded;
  std::string error;
  std::string logs;
  std::size_t input_tokens = 0;
};

/// What `build` does with `input`, which it has accepted. `context_window` 0 is the build's own.
[[nodiscard]] Script write_script(const Build& build, const Json& input,
                                  std::int64_t context_window);

/// Ends the script as the fault, one of Place::predict, has it.
void cut_short(Script& script, const Fault& fault);

}  // namespace rellama::emulator
