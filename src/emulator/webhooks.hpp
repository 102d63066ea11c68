#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "emulator/loopback_post.hpp"
#include "emulator/prediction_store.hpp"
#include "httpd/interrupt.hpp"

namespace rellama::emulator {

/// The signing secret of every webhook: `whsec_` and a key in base64 (docs/protocol.md §10).
[[nodiscard]] std::string webhook_secret();

/// Returns the value of `webhook-signature`.
[[nodiscard]] std::string webhook_signature(std::string_view id, std::string_view timestamp,
                                            std::string_view body);

/// Delivers webhooks to this machine, on a thread of its own that the first one starts. A
/// prediction whose webhook is anywhere else is not reported.
class Webhooks {
 public:
  /// `log` receives a line for each delivery. It is called on the thread of the webhooks.
  Webhooks(const PredictionStore& store, std::function<void(std::string_view)> log);
  /// Drops what has not been delivered.
  ~Webhooks();
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  /// Reports the prediction's events until it is finished. `origin` is "http://host:port".
  void follow(const PredictionPtr& prediction, const std::string& origin);

 private:
  struct Report;

  void run();
  /// Sends what is due and says when to look again; nothing once all is reported.
  std::optional<Clock::time_point> attend(Report& report);
  bool send(Report& report, std::string_view event, const Progress& progress);

  const PredictionStore& store_;
  std::function<void(std::string_view)> log_;
  httpd::Interrupt stopping_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Report> incoming_;
  bool stop_ = false;
  bool recheck_ = false;
  std::uint64_t next_id_ = 1;
  std::thread thread_;
};

}  // namespace rellama::emulator
