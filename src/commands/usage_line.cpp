#include "commands/usage_line.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace rellama::commands {
namespace {

std::string render_decimal(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

}  // namespace

std::string render_usage(const Prediction& prediction) {
  const auto metrics = nlohmann::json::parse(prediction.metrics.text, nullptr, false);
  const auto number = [&metrics](const char* key) -> std::optional<double> {
    if (!metrics.is_object() || !metrics.contains(key) || !metrics[key].is_number()) return {};
    return metrics[key].get<double>();
  };
  const auto count = [](double value) { return std::to_string(static_cast<long long>(value)); };

  std::string line;
  const auto add = [&line](const std::string& part) { line += (line.empty() ? "" : " · ") + part; };
  const auto input = number("input_token_count");
  const auto output = number("output_token_count");
  if (input && output) add(count(*input) + " tokens in, " + count(*output) + " out");
  if (const auto seconds = number("predict_time")) add(render_decimal(*seconds) + " s");
  if (const auto rate = number("tokens_per_second")) add(render_decimal(*rate) + " tokens/s");
  if (line.empty()) line = "the server reported no metrics";
  return "rellama: " + line + "\n";
}

}  // namespace rellama::commands
