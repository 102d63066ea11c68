#pragma once

#include <string>
#include <string_view>

namespace rellama::wire {

/// A number and what it counts: "1 answer", "2 answers".
template <typename Number>
[[nodiscard]] std::string counted(Number number, std::string_view noun) {
  return std::to_string(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

/// The same with its verb: "1 row is", "2 rows are".
template <typename Number>
[[nodiscard]] std::string counted(Number number, std::string_view noun, std::string_view one,
                                  std::string_view several) {
  return counted(number, noun) + " " + std::string(number == 1 ? one : several);
}

}  // namespace rellama::wire
