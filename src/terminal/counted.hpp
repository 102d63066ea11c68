#pragma once

#include <string>
#include <string_view>

namespace rellama::terminal {

/// A number and what it counts: "1 answer", "2 answers".
template <typename Number>
[[nodiscard]] std::string counted(Number number, std::string_view noun) {
  return std::to_string(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

}  // namespace rellama::terminal
