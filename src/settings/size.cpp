#include "settings/size.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include "rellama/error.hpp"

namespace rellama::settings {
namespace {

constexpr double kMaxSize = 1e18;

// Each unit is 1024 times the one before.
std::optional<double> find_factor(std::string unit) {
  constexpr std::string_view kSizeUnits = "kmgt";
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (unit.empty() || unit == "b") return 1;
  const std::size_t place = kSizeUnits.find(unit.front());
  const std::string rest = unit.substr(1);
  if (place == std::string_view::npos || (!rest.empty() && rest != "b" && rest != "ib")) {
    return std::nullopt;
  }
  double factor = 1024;
  for (std::size_t i = 0; i < place; ++i) factor *= 1024;
  return factor;
}

std::optional<std::uint64_t> find_size(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string number(text.substr(0, end));
  const bool usable = !number.empty() && number.front() != '.' && number.back() != '.' &&
                      std::count(number.begin(), number.end(), '.') <= 1 && number.size() < 30;
  const auto factor = find_factor(std::string(text.substr(end)));
  if (!usable || !factor) return std::nullopt;
  const double bytes = std::stod(number) * *factor;
  if (bytes < 1 || bytes > kMaxSize) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace

std::uint64_t parse_size(std::string_view text) {
  if (const auto size = find_size(text)) return *size;
  throw Error(ErrorKind::invalid_input,
              {.failed = "\"" + std::string(text) + "\" is not a size",
               .remedy = "write it like 1000 (bytes), 200k, 10M, 1.5G or 1GiB, above zero"});
}

}  // namespace rellama::settings
