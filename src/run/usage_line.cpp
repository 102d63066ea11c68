#include "run/usage_line.hpp"

#include <array>
#include <cstdio>

#include "rellama/outcome.hpp"
#include "wire/counted.hpp"

namespace rellama::program {
namespace {

std::string render_decimal(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

}  // namespace

std::string render_usage(const Prediction& prediction) {
  const Usage usage = usage_of(prediction);
  std::string line;
  const auto add = [&line](const std::string& part) { line += (line.empty() ? "" : " · ") + part; };
  if (usage.input_tokens && usage.output_tokens) {
    add(wire::counted(*usage.input_tokens, "token") + " in, " +
        std::to_string(*usage.output_tokens) + " out");
  }
  if (usage.seconds) add(render_decimal(*usage.seconds) + " s");
  if (usage.tokens_per_second) add(render_decimal(*usage.tokens_per_second) + " tokens/s");
  if (line.empty()) line = "the server reported no metrics";
  return "rellama: " + line + "\n";
}

}  // namespace rellama::program
