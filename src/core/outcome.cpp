#include "rellama/outcome.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace rellama {
namespace {

bool is_empty(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// The last lines of a log that are not empty. Of a progress bar, which is drawn over itself, only
// what it shows last.
std::vector<std::string> last_lines(std::string_view log) {
  constexpr std::size_t kMost = 10;
  constexpr std::size_t kMaxBytes = 500;
  std::vector<std::string> lines;
  while (!log.empty() && lines.size() < kMost) {
    const std::size_t begin = log.find_last_of('\n') + 1;
    std::string_view line = log.substr(begin);
    while (line.ends_with('\r')) line.remove_suffix(1);
    line = line.substr(line.find_last_of('\r') + 1);
    if (!is_empty(line)) lines.emplace_back(line.substr(0, kMaxBytes));
    log.remove_suffix(log.size() - (begin == 0 ? 0 : begin - 1));
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace

Usage usage_of(const Prediction& prediction) {
  const auto metrics = nlohmann::json::parse(prediction.metrics.text, nullptr, false);
  const auto number = [&metrics](const char* key) -> std::optional<double> {
    if (!metrics.is_object() || !metrics.contains(key) || !metrics[key].is_number()) return {};
    return metrics[key].get<double>();
  };
  const auto count = [&number](const char* key) -> std::optional<std::int64_t> {
    constexpr double kMost = 1e15;  // a hostile server may send anything
    const auto value = number(key);
    if (!value || !(*value >= 0 && *value < kMost)) return {};
    return static_cast<std::int64_t>(*value);
  };
  return {.input_tokens = count("input_token_count"),
          .output_tokens = count("output_token_count"),
          .seconds = number("predict_time"),
          .tokens_per_second = number("tokens_per_second")};
}

std::optional<std::int64_t> find_token_limit_reached(const Prediction& prediction) {
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

std::string reason_of(const Prediction& prediction) {
  if (!is_empty(prediction.error) || prediction.status != Status::failed) return prediction.error;
  std::string reason;
  for (const std::string& line : last_lines(prediction.logs)) {
    if (reason.empty()) reason = "it gave no reason; its log ends with:";
    reason.append("\n").append(line);
  }
  return reason;
}

std::optional<Error> find_failure(const Prediction& prediction) {
  switch (prediction.status) {
    case Status::succeeded:
      if (!prediction.data_removed || !prediction.output.empty()) return std::nullopt;
      return Error(ErrorKind::incomplete, {.failed = "the output is gone",
                                           .why = "Replicate deletes it an hour after the run",
                                           .remedy = "ask again",
                                           .prediction_id = prediction.id.value});
    case Status::failed: {
      const std::string reason = reason_of(prediction);
      return Error(ErrorKind::prediction_failed,
                   {.failed = "the model failed",
                    .why = reason.empty() ? "it gave no reason" : reason,
                    .remedy = prediction.get_url.empty()
                                  ? "see the container's log"
                                  : "see https://replicate.com/p/" + prediction.id.value,
                    .prediction_id = prediction.id.value});
    }
    default:
      return Error(ErrorKind::canceled, {.failed = "the prediction was " +
                                                   std::string(render_status(prediction.status)) +
                                                   " by someone else or by its own deadline",
                                         .remedy = "ask again if you still want the answer",
                                         .prediction_id = prediction.id.value});
  }
}

}  // namespace rellama
