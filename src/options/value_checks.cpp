#include "options/value_checks.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

#include "rellama/error.hpp"
#include "settings/duration.hpp"
#include "settings/size.hpp"

namespace rellama::program {
namespace {

std::string_view without_plus(std::string_view text) {
  return text.size() > 1 && text[0] == '+' && text[1] != '-' ? text.substr(1) : text;
}

std::string takes(std::string_view kind, const std::string& text) {
  return "it takes " + std::string(kind) + ", not '" + text + "'";
}

// Replaces the text by the shortest form of its number, which CLI11 cannot misread.
template <typename Number>
std::string replace_by_number(std::string& text, std::string_view kind) {
  const std::string_view digits = without_plus(text);
  Number number{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_read = end == digits.data() + digits.size() && !digits.empty();
  if (is_read && error == std::errc::result_out_of_range) return "'" + text + "' is out of range";
  if (!is_read || error != std::errc{}) return takes(kind, text);
  if constexpr (std::is_floating_point_v<Number>) {
    if (!std::isfinite(number)) return takes(kind, text);
  }
  std::array<char, 32> shortest{};
  text.assign(shortest.data(),
              std::to_chars(shortest.data(), shortest.data() + shortest.size(), number).ptr);
  return {};
}

template <typename Parse>
CLI::Validator parsed_by(Parse parse) {
  const auto check = [parse](std::string& text) -> std::string {
    try {
      (void)parse(text);
      return {};
    } catch (const Error& error) {
      return error.parts().failed + "; " + error.parts().remedy;
    }
  };
  return {check, "", ""};
}

}  // namespace

CLI::Validator whole_number() {
  const auto replace = [](std::string& text) {
    return replace_by_number<std::int64_t>(text, "a whole number");
  };
  return {replace, "", ""};
}

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  const auto replace = [least, most](std::string& text) {
    const std::string given = text;
    const bool is_open = most == std::numeric_limits<std::int64_t>::max();
    const std::string kind = "a whole number, " + std::to_string(least) +
                             (is_open ? " or more" : " to " + std::to_string(most));
    std::string complaint = replace_by_number<std::int64_t>(text, kind);
    if (!complaint.empty()) return complaint;
    const long long number = std::stoll(text);
    return number < least || number > most ? takes(kind, given) : std::string();
  };
  return {replace, "", ""};
}

CLI::Validator decimal_number() {
  const auto replace = [](std::string& text) {
    return replace_by_number<double>(text, "a number");
  };
  return {replace, "", ""};
}

CLI::Validator amount() {
  const auto replace = [](std::string& text) {
    const std::string given = text;
    constexpr std::string_view kKind = "a number, 0 or more";
    std::string complaint = replace_by_number<double>(text, kKind);
    if (!complaint.empty()) return complaint;
    return text.starts_with('-') ? takes(kKind, given) : std::string();
  };
  return {replace, "", ""};
}

CLI::Validator duration() {
  return parsed_by([](const std::string& text) { return settings::parse_duration(text); });
}

CLI::Validator size() {
  return parsed_by([](const std::string& text) { return settings::parse_size(text); });
}

}  // namespace rellama::program
