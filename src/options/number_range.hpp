#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <system_error>

namespace rellama::program {

/// Accepts numbers from `least` to `most`, or without an upper bound.
template <typename Number>
CLI::Validator in_range(Number least, std::optional<Number> most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    Number number{};
    const char* end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, number);
    const bool is_number = error == std::errc{} && read == end;
    if (is_number && number >= least && (!most || number <= *most)) return {};
    const auto render = [](Number bound) { return std::to_string(static_cast<long long>(bound)); };
    return "it takes a " + std::string(std::is_integral_v<Number> ? "whole " : "") + "number, " +
           (most ? render(least) + " to " + render(*most) : render(least) + " or more");
  };
  return CLI::Validator(check, "", "");
}

}  // namespace rellama::program
