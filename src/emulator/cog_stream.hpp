#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "emulator/body_stream.hpp"
#include "emulator/faults.hpp"
#include "emulator/prediction_store.hpp"

namespace rellama::emulator {

/// A prediction as a container answers it: without what only Replicate adds.
[[nodiscard]] Json container_prediction(const Prediction& prediction, const Progress& progress);

/// The events of one run, from its first, as a container sends them (docs/protocol.md §9).
class CogStream final : public BodyStream {
 public:
  CogStream(const PredictionStore& store, PredictionPtr prediction,
            std::chrono::milliseconds keep_alive, std::optional<Fault> fault);

  [[nodiscard]] Part next(Clock::duration patience) override;

 private:
  /// Whether the fault strikes before the next chunk.
  [[nodiscard]] bool is_struck() const;
  [[nodiscard]] Part strike();
  void say_chunks(std::string& out, std::size_t until);

  const PredictionStore& store_;
  PredictionPtr prediction_;
  std::chrono::milliseconds keep_alive_;
  std::optional<Fault> fault_;
  std::size_t said_ = 0;
  bool started_ = false;
};

}  // namespace rellama::emulator
