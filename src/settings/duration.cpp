// duration = number                      seconds
//          | { number unit }             units from large to small, each at most once
// number   = digits [ "." digits ]
// unit     = "h" | "m" | "s" | "ms"

#include "settings/duration.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "rellama/error.hpp"

namespace rellama::settings {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::array kUnits{Unit{"h", 3600 * kSecond}, Unit{"m", 60 * kSecond}, Unit{"s", kSecond},
                            Unit{"ms", 1000}};
// A deadline this far away still fits the clocks.
constexpr std::int64_t kMaxDuration = 365 * 24 * 3600 * kSecond;

std::string_view take_while(std::string_view& text, std::string_view accepted) {
  const std::string_view taken = text.substr(0, text.find_first_not_of(accepted));
  text.remove_prefix(taken.size());
  return taken;
}

// `whole` "." `fraction` in units of `unit` microseconds; none if it is above the maximum.
std::optional<std::int64_t> scale(std::string_view whole, std::string_view fraction,
                                  std::int64_t unit) {
  std::int64_t result = 0;
  for (const char digit : whole) {
    result = result * 10 + (digit - '0') * unit;
    if (result > kMaxDuration) return std::nullopt;
  }
  std::int64_t place = unit;
  for (const char digit : fraction) {
    place /= 10;
    result += (digit - '0') * place;
  }
  return result;
}

// Removes a number and its unit from `text`. Only units from `next_unit` on are accepted.
std::optional<std::int64_t> take_part(std::string_view& text, std::size_t& next_unit) {
  constexpr std::string_view kDigits = "0123456789";
  const std::string_view whole = take_while(text, kDigits);
  if (whole.empty()) return std::nullopt;
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_while(text, kDigits);
    if (fraction.empty()) return std::nullopt;
  }
  const std::string_view name = take_while(text, "hms");
  if (name.empty() && text.empty() && next_unit == 0) return scale(whole, fraction, kSecond);
  for (; next_unit < kUnits.size(); ++next_unit) {
    const Unit& unit = kUnits[next_unit];
    if (unit.name != name) continue;
    ++next_unit;
    return scale(whole, fraction, unit.microseconds);
  }
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> find_duration(std::string_view text) {
  std::int64_t microseconds = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto part = take_part(text, next_unit);
    if (!part) return std::nullopt;
    microseconds += *part;
    if (microseconds > kMaxDuration) return std::nullopt;
  }
  const std::chrono::milliseconds duration((microseconds + 500) / 1000);
  if (duration.count() == 0) return std::nullopt;
  return duration;
}

}  // namespace

std::chrono::milliseconds parse_duration(std::string_view text) {
  if (const auto duration = find_duration(text)) return *duration;
  throw Error(
      ErrorKind::invalid_input,
      {.failed = "\"" + std::string(text) + "\" is not a duration",
       .remedy = "write it like 30 (seconds), 30s, 1.5s, 500ms, 5m, 1m30s or 2h, above zero and up "
                 "to 8760h"});
}

}  // namespace rellama::settings
