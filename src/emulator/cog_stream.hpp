#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "emulator/body_stream.hpp"
#include "emulator/faults.hpp"
#include "emulator/prediction_store.hpp"

namespace rellama::emulator {

/// A prediction as a container returns it: without what only Replicate adds.
[[nodiscard]] Json container_prediction(const Prediction& prediction, const Progress& progress);

/// The events of one run from the start, as a container sends them (docs/protocol.md §9).
class CogStream final : public BodyStream {
 public:
  CogStream(const PredictionStore& store, PredictionPtr prediction, std::optional<Fault> fault);

  [[nodiscard]] Part next() override;
  void on_change(std::function<void()> changed) override;

 private:
  /// Whether the fault occurs before the next chunk.
  [[nodiscard]] bool is_fault_due() const;
  [[nodiscard]] Part fail();
  [[nodiscard]] Part first_part();
  void append_chunks(std::string& out, std::size_t until);

  const PredictionStore& store_;
  PredictionPtr prediction_;
  PredictionStore::Subscription subscription_;
  std::optional<Fault> fault_;
  std::size_t position_ = 0;
  bool started_ = false;
};

}  // namespace rellama::emulator
