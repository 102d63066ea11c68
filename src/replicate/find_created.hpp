#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "http/task.hpp"
#include "rellama/input.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/prediction.hpp"
#include "replicate/api.hpp"
#include "replicate/create_ledger.hpp"

namespace rellama::replicate {

/// A create request that was sent.
struct SentCreate {
  ModelRef model;
  Input input;
  std::chrono::system_clock::time_point sent_at = {};  ///< by our clock, before it was sent
  http::Clock::time_point sent_tick = {};              ///< the same time, for measuring
  /// Whether an earlier process sent it, if it was sent at all. Its other predictions are known.
  bool by_earlier_process = false;
};

/// Finds the prediction that a create request without a response may have started: the one created
/// since then with this model and this input, unless it belongs to another request of this client.
/// Finds none if there are more than requests that could have started them, or if the predictions
/// cannot be listed. Searches up to three times, since after a gateway timeout a prediction may
/// appear late. A stop leaves it `Exchange::kGrace`:
///
///     list, page by page ──one matches──▶ done
///       ▲        └── the server's clock is behind: list again from an earlier time
///       └─ delay ◀── none matches
///
/// What an earlier process has left is found by many searches at once. They share their listings.
class FindCreated final : public http::Task {
 public:
  /// `sent` and `entry` must outlive this. `limit`: when the search must have ended.
  FindCreated(Api& api, const SentCreate& sent, CreateLedger::Entry& entry,
              http::Clock::time_point limit);

  ~FindCreated() override;
  FindCreated(const FindCreated&) = delete;
  FindCreated& operator=(const FindCreated&) = delete;

  /// Never throws Error: a search that fails finds nothing.
  http::Step handle(const http::Event& event) override;

  /// Whether nothing can have been started if nothing was found: everything since then was listed,
  /// and no prediction of this model is among it that belongs to no other request, whatever its
  /// input. The list may show an input otherwise than it was sent.
  [[nodiscard]] bool is_certain() const noexcept { return certain_; }

  /// Whether the predictions could not be listed.
  [[nodiscard]] bool has_failed() const noexcept { return failed_; }

  /// The prediction, once the task is done; nullopt if it was not found.
  [[nodiscard]] std::optional<Prediction> take() { return std::move(found_); }

 private:
  http::Step advance(const http::Event& event);
  http::Step find_listing(http::Clock::time_point now);
  http::Step list(http::Clock::time_point now);
  http::Step read_page(std::string url, http::Clock::time_point now);
  http::Step take_page(http::Clock::time_point now);
  http::Step take_listing(const Listing& listing, http::Clock::time_point now);
  http::Step choose(http::Clock::time_point now);
  http::Step search_again(bool waits, http::Clock::time_point now);
  void take_server_time(const ServerTime& server);
  [[nodiscard]] bool is_known(const Prediction& prediction) const;
  [[nodiscard]] bool had_ended(const Prediction& prediction) const;
  [[nodiscard]] bool may_be_ours(const Prediction& prediction) const;
  [[nodiscard]] bool matches(const Prediction& prediction) const;

  Api& api_;
  const SentCreate& sent_;
  CreateLedger::Entry& entry_;
  http::Clock::time_point limit_;
  std::optional<Exchange> exchange_ = {};
  std::optional<Listing> listing_ = {};  // being made
  http::Clock::time_point page_asked_at_ = {};
  int pages_ = 0;
  std::vector<Prediction> listed_ = {};
  std::chrono::system_clock::time_point created_after_ = {};  // what is to be listed
  http::Clock::time_point seen_ = {};  // when the last listing was requested that it has used
  http::Clock::time_point begun_at_ = {};
  // When the create request was sent, at the earliest: by the server's clock, or by ours if the
  // server does not send its time.
  std::chrono::system_clock::time_point since_ = {};
  // When it was sent, more precisely; what had ended before was not started by it.
  std::chrono::system_clock::time_point sent_at_ = {};
  bool listed_again_ = false;
  http::Clock::time_point again_at_ = {};  // the next search
  int searches_ = 0;
  bool listed_all_ = true;   // in every search
  bool listed_none_ = true;  // that may be ours, in the last search
  bool certain_ = false;
  bool failed_ = false;
  std::optional<Prediction> found_ = {};
};

}  // namespace rellama::replicate
