#pragma once

#include <mutex>

#include "emulator/dialect.hpp"
#include "emulator/faults.hpp"
#include "emulator/options.hpp"
#include "emulator/prediction_store.hpp"

namespace rellama::emulator {

struct Build;

/// A Cog container: one model, one run at a time (docs/protocol.md §9). Thread-safe.
class CogService final : public Dialect {
 public:
  /// Throws rellama::Error (invalid_input) for a fault that it does not understand, and for a model
  /// that the emulator does not have.
  explicit CogService(EmulatorOptions options);

  [[nodiscard]] Reply answer(const Request& request) override;
  [[nodiscard]] std::string base_path() const override { return ""; }

 private:
  [[nodiscard]] Reply index() const;
  [[nodiscard]] Reply health();
  [[nodiscard]] Reply predict(const Request& request, const std::string& id);
  [[nodiscard]] Reply cancel(const std::string& id);

  [[nodiscard]] const char* state();
  /// Returns the run in progress if it has this ID, or a new one. Null if another run is in
  /// progress.
  [[nodiscard]] PredictionPtr begin(const Json& input, const std::string& id);
  [[nodiscard]] PredictionPtr running() const;
  [[nodiscard]] Reply wait_for(const PredictionPtr& prediction) const;

  EmulatorOptions options_;
  FaultPlan faults_;
  const Build& build_;
  const Clock::time_point started_ = Clock::now();
  PredictionStore store_;
  mutable std::mutex mutex_;  // guards `latest_`
  PredictionPtr latest_;
};

}  // namespace rellama::emulator
