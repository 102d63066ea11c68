#include "replicate/find_created.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <variant>

#include "http/date.hpp"
#include "wire/iso_time.hpp"
#include "wire/prediction_json.hpp"
#include "wire/request_json.hpp"

namespace rellama::replicate {
namespace {

using http::Clock;
using http::Event;
using http::Step;
using std::chrono::system_clock;

constexpr int kMaxSearches = 3;

// How many pages of a busy account are read.
constexpr int kMaxPages = 5;
// After a restart that may be long ago, and there is nothing else to do.
constexpr int kMaxPagesAfterRestart = 100;

// If the server's clock is behind ours by more than this, the list is requested again with a time
// by the server's clock.
constexpr std::chrono::seconds kUsualSkew{60};

// The Date header has a resolution of one second, and the clocks of the servers differ slightly.
constexpr std::chrono::seconds kSlack{2};

// Two clocks that a time server sets differ by less than this.
constexpr std::chrono::milliseconds kSyncedSkew{100};

bool is_internal_name(std::string_view model) {
  return model.starts_with("replicate/") || model.starts_with("replicate-internal/");
}

// Whether the prediction names the model. Official models may be listed under an internal name, and
// deployments under that of their model (docs/protocol.md §3): it is then any of these.
bool names_model(const Prediction& prediction, const ModelRef& model) {
  if (std::holds_alternative<ModelVersion>(model)) return true;
  const auto* name = std::get_if<ModelName>(&model);
  return name != nullptr && prediction.model == render_model_ref(*name);
}

bool has_model(const Prediction& prediction, const ModelRef& model) {
  if (const auto* version = std::get_if<ModelVersion>(&model)) {
    return prediction.version == version->id;
  }
  const auto* name = std::get_if<ModelName>(&model);
  return name == nullptr || prediction.model.empty() || is_internal_name(prediction.model) ||
         prediction.model == render_model_ref(*name);
}

}  // namespace

FindCreated::FindCreated(Api& api, const SentCreate& sent, CreateLedger::Entry& entry,
                         Clock::time_point limit)
    : api_(api), sent_(sent), entry_(entry), limit_(limit) {}

Step FindCreated::handle(const Event& event) {
  try {
    return advance(event);
  } catch (const Error& error) {
    api_.log(LogLevel::info, std::string("the lost prediction was not found: ") + error.what());
    failed_ = true;
    return Step::done();
  }
}

Step FindCreated::advance(const Event& event) {
  if (event.kind == Event::Kind::stop) limit_ = std::min(limit_, event.now + Exchange::kGrace);
  if (exchange_) {
    Step step = exchange_->handle(event);
    return step.kind == Step::Kind::done ? take_page(event.now) : std::move(step);
  }
  if (event.kind == Event::Kind::stop) return Step::sleep(again_at_);
  return list(sent_.sent_at - kUsualSkew, event.now);
}

Step FindCreated::list(system_clock::time_point created_after, Clock::time_point now) {
  created_after_ = created_after;
  since_ = sent_.sent_at;
  sent_at_ = sent_.sent_at;
  listed_.clear();
  pages_ = 0;
  return read_page(api_.endpoint().list_url(created_after), now);
}

Step FindCreated::read_page(std::string url, Clock::time_point now) {
  ++pages_;
  asked_at_ = now;
  ExchangePlan plan =
      plan_get(api_, std::move(url),
               {.failed = "cannot list the predictions", .host = api_.endpoint().host()});
  plan.limit = limit_;
  plan.on_stop = OnStop::finish;
  exchange_.emplace(api_, std::move(plan));
  return exchange_->handle({.kind = Event::Kind::start, .now = now});
}

Step FindCreated::take_page(Clock::time_point now) {
  const http::Response response = exchange_->take_response();
  exchange_.reset();
  take_server_time(response, now);
  PredictionPage page = wire::parse_prediction_page(response.body);
  std::move(page.results.begin(), page.results.end(), std::back_inserter(listed_));
  const int max_pages = sent_.by_earlier_process ? kMaxPagesAfterRestart : kMaxPages;
  if (pages_ < max_pages && api_.endpoint().is_own(page.next)) {
    return read_page(std::move(page.next), now);
  }
  if (!page.next.empty()) listed_all_ = false;
  if (since_ - kSlack < created_after_ && !std::exchange(listed_again_, true)) {
    return list(since_ - kSlack, now);
  }
  return choose(now);
}

Step FindCreated::choose(Clock::time_point now) {
  std::erase_if(listed_, [this](const Prediction& prediction) { return !may_be_ours(prediction); });
  listed_none_ = listed_.empty();
  std::erase_if(listed_, [this](const Prediction& prediction) { return !matches(prediction); });
  const bool is_vague =
      std::any_of(listed_.begin(), listed_.end(),
                  [this](const Prediction& match) { return !names_model(match, sent_.model); });
  // A match may belong to an equal request whose response is still to come, or to one that differs
  // only in the model.
  const bool waits = entry_.others_pending() || (is_vague && entry_.siblings_pending());
  if (listed_.empty() || waits) return search_again(waits, now);
  if (is_vague && entry_.siblings_lost()) return Step::done();
  // Equal requests that have all lost their responses may share the matches in any order. Those of
  // an earlier process may be about to begin their own searches.
  if (listed_.size() > entry_.lost_count()) {
    return sent_.by_earlier_process ? search_again(/*waits=*/false, now) : Step::done();
  }
  found_ = std::move(listed_.back());  // the oldest
  api_.hide_secrets(*found_);
  return Step::done();
}

Step FindCreated::search_again(bool waits, Clock::time_point now) {
  if (!waits) ++searches_;
  if (searches_ == kMaxSearches) {
    certain_ = listed_all_ && listed_none_;
    return Step::done();
  }
  again_at_ = now + backoff(std::max(searches_, 1), api_.options().backoff);
  return again_at_ < limit_ ? Step::sleep(again_at_) : Step::done();
}

// The server's time has a resolution of a second. Ours is more precise if the two agree; otherwise
// the latest possible time is taken: an answer that is not found is better than another's.
void FindCreated::take_server_time(const http::Response& response, Clock::time_point now) {
  const std::string date(http::find_header(response.headers, "date"));
  const auto server_now = http::parse_date(date);
  if (date.empty() || !server_now) return;
  const auto since_sent = [this](Clock::time_point at) {
    return std::chrono::duration_cast<system_clock::duration>(at - sent_.sent_tick);
  };
  since_ = *server_now - since_sent(now);
  const auto latest = *server_now + std::chrono::seconds(1) - since_sent(asked_at_);
  const bool agree = sent_.sent_at >= since_ - kSyncedSkew && sent_.sent_at <= latest + kSyncedSkew;
  sent_at_ = agree ? sent_.sent_at : latest;
}

// The predictions before that of an earlier process are known, so there it may be less strict: what
// it does not find is sent again.
bool FindCreated::had_ended(const Prediction& prediction) const {
  const auto completed = wire::parse_iso_time(prediction.completed_at);
  if (!completed) return false;
  if (sent_.by_earlier_process) return *completed < since_;
  // The digits of the time may have been cut off.
  const bool is_fine = prediction.completed_at.find('.') != std::string::npos;
  return *completed + std::chrono::milliseconds(is_fine ? 1 : 1000) <= sent_at_;
}

bool FindCreated::matches(const Prediction& prediction) const {
  return wire::parse_iso_time(prediction.created_at) &&
         wire::same_input(prediction.input, sent_.input);
}

bool FindCreated::may_be_ours(const Prediction& prediction) const {
  const auto created = wire::parse_iso_time(prediction.created_at);
  if (created && *created < since_ - kSlack) return false;
  if (had_ended(prediction)) return false;
  if (api_.ledger().knows(prediction.id.value) || !has_model(prediction, sent_.model)) {
    return false;
  }
  if (api_.endpoint().is_replay()) return true;  // what is known may be from the recorded run
  const auto& is_known = api_.options().is_known;
  return !is_known || !is_known(prediction.id);
}

}  // namespace rellama::replicate
