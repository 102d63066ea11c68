#pragma once

#include <string>
#include <string_view>

#include "rellama/client.hpp"
#include "rellama/prediction.hpp"
#include "wire/prediction_members.hpp"

namespace rellama::wire {

/// The fields of a prediction that are used.
inline constexpr std::string_view kPredictionFields[] = {
    "id",    "model",  "version", "status",  "logs", "created_at",   "started_at",
    "input", "output", "error",   "metrics", "urls", "completed_at", "data_removed"};

/// Parses a prediction object leniently: it accepts keys in any order, absent and null fields, and
/// unknown keys (docs/protocol.md §3). Of an object that is not valid JSON it reads what it can.
/// Throws Error (server) if `json` is not an object with an `id`, or if the ID, the status or the
/// output is damaged.
///
/// If `known_id` is given, an ID that is missing or damaged is replaced by it, provided that there
/// is a status.
[[nodiscard]] Prediction parse_prediction(std::string_view json, std::string_view known_id = {});

/// As above, and sets `damage` to what was wrong; empty if nothing was.
[[nodiscard]] Prediction parse_damaged_prediction(std::string_view json, std::string& damage,
                                                  std::string_view known_id = {});

/// Parses a prediction repeatedly while its output grows. Each poll returns the whole output; the
/// part known from the previous poll is compared instead of parsed again.
/// Without this, polling for 64,000 tokens at 10,000 per second takes 31% more CPU time
/// (docs/performance.md).
class PredictionReader {
 public:
  /// Parses `json` into `prediction`, which must be the result of the previous call (on the first
  /// call, all but its ID is overwritten). If the ID cannot be read, it stays. Throws as above; if
  /// so, `json` is unchanged and `prediction` has no output.
  void read(std::string&& json, Prediction& prediction);

  /// What was wrong with the object that was read last; empty if nothing was.
  [[nodiscard]] const std::string& damage() const noexcept { return damage_; }

 private:
  std::string json_;  // the last response whose output was an array of strings, and where that is
  OutputItems items_;
  std::string damage_;
};

/// Parses one page of predictions, `{next, previous, results}`. Throws as above.
[[nodiscard]] PredictionPage parse_prediction_page(std::string_view json);

}  // namespace rellama::wire
