#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/prediction.hpp"

namespace rellama::emulator {

using PredictionPtr = std::shared_ptr<const Prediction>;

/// All predictions of one emulator. Thread-safe.
class PredictionStore {
  struct Subscriber {
    const Prediction* prediction;
    std::function<void()> canceled;
  };

 public:
  /// Keeps a function registered for as long as it lives. The store must outlive it.
  class Subscription {
   public:
    Subscription() = default;
    ~Subscription() { end(); }
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;

   private:
    friend class PredictionStore;
    Subscription(const PredictionStore& store, std::list<Subscriber>::iterator place)
        : store_(&store), place_(place) {}
    void end();

    const PredictionStore* store_ = nullptr;
    std::list<Subscriber>::iterator place_ = {};
  };

  PredictionStore();

  /// Gives the prediction an id if it has none, a creation time and, if `streams`, a stream.
  PredictionPtr add(Prediction prediction, bool streams);

  [[nodiscard]] PredictionPtr find(std::string_view id) const;
  [[nodiscard]] PredictionPtr find_stream(std::string_view key) const;
  /// Newest first.
  [[nodiscard]] std::vector<PredictionPtr> list() const;

  [[nodiscard]] Progress progress(const Prediction& prediction,
                                  Clock::time_point now = Clock::now()) const;
  /// When the progress will change next; empty if the prediction is finished.
  [[nodiscard]] std::optional<Clock::time_point> next_change(const Prediction& prediction,
                                                             Clock::time_point now) const;
  /// When the prediction is or will be finished.
  [[nodiscard]] Clock::time_point end_of(const Prediction& prediction) const;

  /// Has no effect on a finished prediction (docs/protocol.md §4).
  void cancel(const Prediction& prediction);

  /// Has `canceled` called when the prediction is canceled.
  [[nodiscard]] Subscription on_cancel(const Prediction& prediction,
                                       std::function<void()> canceled) const;

 private:
  [[nodiscard]] std::string make_name(std::size_t letters);

  mutable std::mutex mutex_;
  mutable std::list<Subscriber> subscribers_;
  std::uint64_t random_;
  std::deque<std::shared_ptr<Prediction>> oldest_first_;
  std::unordered_map<std::string, std::shared_ptr<Prediction>> by_id_;
  std::unordered_map<std::string, std::shared_ptr<Prediction>> by_stream_;
};

}  // namespace rellama::emulator
