#include "emulator/webhooks.hpp"

#include <algorithm>

#include "emulator/base64.hpp"
#include "emulator/digest.hpp"
#include "emulator/hash.hpp"
#include "emulator/reply.hpp"

namespace rellama::emulator {
namespace {

// docs/protocol.md §10: output and logs at most once in this time.
constexpr std::chrono::milliseconds kBetweenOutputs(500);
constexpr std::chrono::seconds kLongestDelivery(5);
constexpr std::chrono::seconds kBeforeRepeat(1);
constexpr int kMostAttempts = 3;

constexpr std::string_view kKey = "rellama demo webhooks";

}  // namespace

std::string webhook_secret() {
  return "whsec_" + base64(kKey);
}

std::string webhook_signature(std::string_view id, std::string_view timestamp,
                              std::string_view body) {
  std::string text(id);
  text.append(".").append(timestamp).append(".").append(body);
  return "v1," + base64(hmac_sha256(kKey, text));
}

/// What has been reported of a prediction.
struct Webhooks::Report {
  PredictionPtr prediction;
  std::string origin;
  LoopbackUrl url;
  Clock::time_point next = Clock::time_point::min();
  bool started = false;
  std::size_t tokens = 0;
  int attempts = 0;  ///< at the event that is due
  std::string id = {};
  PredictionStore::Subscription subscription = {};

  [[nodiscard]] bool wants(std::string_view event) const {
    const auto& events = prediction->webhook_events;
    return events.empty() || std::ranges::find(events, event) != events.end();
  }
};

Webhooks::Webhooks(const PredictionStore& store, std::function<void(std::string_view)> log)
    : store_(store), log_(std::move(log)) {}

Webhooks::~Webhooks() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.raise();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Webhooks::follow(const PredictionPtr& prediction, const std::string& origin) {
  if (!prediction->webhook.is_string()) return;
  auto url = parse_loopback_url(prediction->webhook.get<std::string>());
  if (!url) return;
  Report report{.prediction = prediction, .origin = origin, .url = std::move(*url)};
  report.subscription = store_.on_cancel(*prediction, [this] {
    const std::lock_guard lock(mutex_);
    recheck_ = true;
    changed_.notify_all();
  });
  const std::lock_guard lock(mutex_);
  incoming_.push_back(std::move(report));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

void Webhooks::run() {
  std::list<Report> reports;
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const bool recheck = std::exchange(recheck_, false);
    reports.splice(reports.end(), incoming_);
    lock.unlock();
    std::optional<Clock::time_point> next;
    for (auto report = reports.begin(); report != reports.end();) {
      if (recheck || Clock::now() >= report->next) {
        const auto again = attend(*report);
        if (!again) {
          report = reports.erase(report);
          continue;
        }
        report->next = *again;
      }
      next = std::min(next.value_or(report->next), report->next);
      ++report;
    }
    lock.lock();
    const auto woken = [this] { return stop_ || recheck_ || !incoming_.empty(); };
    if (next) {
      changed_.wait_until(lock, *next, woken);
    } else {
      changed_.wait(lock, woken);
    }
  }
  lock.unlock();
  reports.clear();  // ends subscriptions, which takes the lock of the store
}

std::optional<Clock::time_point> Webhooks::attend(Report& report) {
  const Prediction& prediction = *report.prediction;
  const Clock::time_point now = Clock::now();
  const Progress progress = store_.progress(prediction, now);
  const bool finished = is_terminal(progress.status);

  if (!report.started && progress.started) {
    const Progress at_start{.status = Status::processing, .started = progress.started};
    if (report.wants("start") && !send(report, "start", at_start)) return now + kBeforeRepeat;
    report.started = true;
  }
  if (finished) {
    if (report.wants("completed") && !send(report, "completed", progress)) {
      return now + kBeforeRepeat;
    }
    return std::nullopt;
  }
  if (progress.tokens > report.tokens) {
    if (report.wants("output") && !send(report, "output", progress)) return now + kBeforeRepeat;
    report.tokens = progress.tokens;
    return std::min(Clock::now() + kBetweenOutputs, store_.end_of(prediction));
  }
  return store_.next_change(prediction, now);
}

bool Webhooks::send(Report& report, std::string_view event, const Progress& progress) {
  if (report.attempts == 0) report.id = "msg_" + hex_of(mix(next_id_++));
  const std::string timestamp =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count());
  const std::string body =
      json_reply(prediction_json(*report.prediction, progress, View::current, report.origin)).body;
  const int status =
      post_to_loopback(report.url,
                       {{"webhook-id", report.id},
                        {"webhook-timestamp", timestamp},
                        {"webhook-signature", webhook_signature(report.id, timestamp, body)}},
                       body, stopping_.descriptor(), kLongestDelivery);
  if (log_) {
    log_("webhook " + std::string(event) + " of " + report.prediction->id + " " +
         (status == 0 ? "no answer" : std::to_string(status)));
  }
  const bool delivered = status >= 200 && status < 300;
  const bool given_up = ++report.attempts >= kMostAttempts;
  if (delivered || given_up) report.attempts = 0;
  return delivered || given_up;
}

}  // namespace rellama::emulator
