#include "run/usage_line.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace rellama::program {
namespace {

std::string render_decimal(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

}  // namespace

Usage usage_of(const Prediction& prediction) {
  const auto metrics = nlohmann::json::parse(prediction.metrics.text, nullptr, false);
  const auto number = [&metrics](const char* key) -> std::optional<double> {
    if (!metrics.is_object() || !metrics.contains(key) || !metrics[key].is_number()) return {};
    return metrics[key].get<double>();
  };
  const auto count = [&number](const char* key) -> std::optional<std::int64_t> {
    constexpr double kMost = 1e15;  // what a hostile server says is not a count
    const auto value = number(key);
    if (!value || !(*value >= 0 && *value < kMost)) return {};
    return static_cast<std::int64_t>(*value);
  };
  return {.input_tokens = count("input_token_count"),
          .output_tokens = count("output_token_count"),
          .seconds = number("predict_time"),
          .tokens_per_second = number("tokens_per_second")};
}

std::optional<std::int64_t> limit_reached(const Prediction& prediction) {
  const auto input = nlohmann::json::parse(prediction.input.text, nullptr, false);
  const auto used = usage_of(prediction).output_tokens;
  if (!input.is_object() || !used) return std::nullopt;
  for (const char* name : {"max_new_tokens", "max_tokens"}) {
    const auto limit = input.find(name);
    if (limit == input.end() || !limit->is_number_integer()) continue;
    const auto most = limit->get<std::int64_t>();
    if (most > 0 && *used >= most) return most;
  }
  return std::nullopt;
}

std::string render_usage(const Prediction& prediction) {
  const Usage usage = usage_of(prediction);
  std::string line;
  const auto add = [&line](const std::string& part) { line += (line.empty() ? "" : " · ") + part; };
  if (usage.input_tokens && usage.output_tokens) {
    add(std::to_string(*usage.input_tokens) + " tokens in, " +
        std::to_string(*usage.output_tokens) + " out");
  }
  if (usage.seconds) add(render_decimal(*usage.seconds) + " s");
  if (usage.tokens_per_second) add(render_decimal(*usage.tokens_per_second) + " tokens/s");
  if (line.empty()) line = "the server reported no metrics";
  return "rellama: " + line + "\n";
}

}  // namespace rellama::program
