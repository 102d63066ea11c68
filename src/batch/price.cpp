#include "batch/price.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <variant>

#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "rellama/transcript.hpp"

namespace rellama::batch {
namespace {

constexpr double kMillion = 1e6;

std::optional<double> parse_amount(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) ||
      value < 0) {
    return std::nullopt;
  }
  return value;
}

// The limit of the answer: as set for the row, or the default.
std::int64_t most_tokens(const GenerateRequest& request) {
  constexpr std::string_view kLimit = "max_new_tokens";
  if (request.parameters.max_new_tokens) return *request.parameters.max_new_tokens;
  for (const InputField& field : request.parameters.others) {
    if (prompt::parameter_of(field.name) != kLimit) continue;
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) return *number;
    if (const auto* text = std::get_if<UntypedText>(&field.value)) {
      return static_cast<std::int64_t>(parse_amount(text->text).value_or(0));
    }
  }
  const prompt::Parameter* parameter = prompt::find_parameter(kLimit);
  const auto usual = prompt::find_default(*parameter);
  return std::get<std::int64_t>(*usual);
}

std::int64_t count_tokens(const GenerateRequest& request) {
  const TokenEstimate& estimate = request.tokens;
  constexpr std::int64_t kMarkers = 16;  // what the format of a turn adds
  const std::string_view system = request.parameters.system_prompt
                                      ? std::string_view(*request.parameters.system_prompt)
                                      : default_system_prompt;
  std::int64_t tokens = estimate.count(request.prompt) + estimate.count(system) + kMarkers;
  for (const Turn& turn : request.earlier) {
    tokens += estimate.count(turn.user) + estimate.count(turn.assistant) + kMarkers;
  }
  return tokens;
}

}  // namespace

std::optional<double> Price::most(const GenerateRequest& request) const {
  const auto longest = static_cast<double>(request.cancel_after.count());
  if (second > 0 && longest <= 0) return std::nullopt;
  return cost(count_tokens(request), most_tokens(request), longest);
}

Price parse_price(std::string_view text) {
  const auto slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto first = parse_amount(text.substr(0, slash));
    const std::string_view rest = text.substr(slash + 1);
    if (first && rest == "s") return {.second = *first};
    const auto output = parse_amount(rest);
    if (first && output) return {.input = *first / kMillion, .output = *output / kMillion};
  }
  throw Error(ErrorKind::invalid_input,
              {.failed = "\"" + std::string(text) + "\" is not a price",
               .remedy = "write dollars for a million tokens of input and output, like 0.65/2.75, "
                         "or for a second, like 0.0014/s"});
}

std::string render_dollars(double amount) {
  constexpr double kSmall = 0.1;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), amount > 0 && amount < kSmall ? "$%.6f" : "$%.2f",
                amount);
  return text.data();
}

}  // namespace rellama::batch
