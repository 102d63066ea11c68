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

// How often a search looks whether another one has made the listing it waits for.
constexpr std::chrono::milliseconds kLook{10};

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
    : api_(api),
      sent_(sent),
      entry_(entry),
      limit_(limit),
      created_after_(sent.sent_at - kUsualSkew) {}

FindCreated::~FindCreated() {
  if (listing_ && sent_.by_earlier_process) api_.listings().give_up(std::nullopt, {});
}

Step FindCreated::handle(const Event& event) {
  try {
    return advance(event);
  } catch (const Error& error) {
    api_.log(LogLevel::info, std::string("the lost prediction was not found: ") + error.what());
    if (std::exchange(listing_, std::nullopt) && sent_.by_earlier_process) {
      api_.listings().give_up(error, event.now);
    }
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
  if (event.kind == Event::Kind::start) {
    begun_at_ = event.now;
    // An earlier process has sent nothing since this one began. What this process has lost is not
    // in a listing that was made before.
    if (entry_.others_given_up()) seen_ = event.now - Clock::duration(1);
  }
  if (event.kind == Event::Kind::stop) return Step::sleep(again_at_);
  return sent_.by_earlier_process ? find_listing(event.now) : list(event.now);
}

Step FindCreated::find_listing(Clock::time_point now) {
  SharedListings& shared = api_.listings();
  if (const Listing* listing = shared.find(created_after_, seen_)) {
    return take_listing(*listing, now);
  }
  if (now >= limit_) return Step::done();
  if (shared.is_being_made()) {
    again_at_ = now + kLook;
    return Step::sleep(again_at_);
  }
  if (const Error* failure = shared.failure_after(begun_at_)) throw Error(*failure);
  shared.begin();
  return list(now);
}

Step FindCreated::list(Clock::time_point now) {
  listing_ = {.created_after = created_after_, .asked_at = now, .complete_since = created_after_};
  pages_ = 0;
  return read_page(api_.endpoint().list_url(created_after_), now);
}

Step FindCreated::read_page(std::string url, Clock::time_point now) {
  ++pages_;
  page_asked_at_ = now;
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
  const std::string date(http::find_header(response.headers, "date"));
  const auto server_now = date.empty() ? std::nullopt : http::parse_date(date);
  if (server_now) listing_->server = {*server_now, page_asked_at_, now};
  PredictionPage page = wire::parse_prediction_page(response.body);
  const std::string oldest = page.results.empty() ? "" : page.results.back().created_at;
  std::erase_if(page.results, [this](const Prediction& found) { return is_known(found); });
  auto& listed = listing_->predictions;
  std::move(page.results.begin(), page.results.end(), std::back_inserter(listed));
  const int max_pages = sent_.by_earlier_process ? kMaxPagesAfterRestart : kMaxPages;
  if (pages_ < max_pages && api_.endpoint().is_own(page.next)) {
    return read_page(std::move(page.next), now);
  }
  if (!page.next.empty()) {
    listing_->complete_since =
        wire::parse_iso_time(oldest).value_or(system_clock::time_point::max());
  }
  const Listing listing = *std::exchange(listing_, std::nullopt);
  if (sent_.by_earlier_process) api_.listings().add(listing);
  return take_listing(listing, now);
}

Step FindCreated::take_listing(const Listing& listing, Clock::time_point now) {
  seen_ = listing.asked_at;
  since_ = sent_.sent_at;
  sent_at_ = sent_.sent_at;
  if (listing.server) take_server_time(*listing.server);
  if (since_ - kSlack < listing.created_after && !std::exchange(listed_again_, true)) {
    created_after_ = since_ - kSlack;
    return sent_.by_earlier_process ? find_listing(now) : list(now);
  }
  if (listing.complete_since > std::max(since_ - kSlack, listing.created_after)) {
    listed_all_ = false;
  }
  listed_ = listing.predictions;
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
  if (sent_.by_earlier_process && !waits) {
    // Another search may have waited already.
    if (const Listing* next = api_.listings().find(created_after_, seen_)) {
      return take_listing(*next, now);
    }
  }
  again_at_ = now + backoff(std::max(searches_, 1), api_.options().backoff);
  return again_at_ < limit_ ? Step::sleep(again_at_) : Step::done();
}

// The server's time has a resolution of a second. Ours is more precise if the two agree; otherwise
// the latest possible time is taken: an answer that is not found is better than another's.
void FindCreated::take_server_time(const ServerTime& server) {
  const auto since_sent = [this](Clock::time_point at) {
    return std::chrono::duration_cast<system_clock::duration>(at - sent_.sent_tick);
  };
  since_ = server.now - since_sent(server.answered_at);
  const auto latest = server.now + std::chrono::seconds(1) - since_sent(server.asked_at);
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
  // It may be known only since it was listed.
  return has_model(prediction, sent_.model) && !api_.ledger().knows(prediction.id.value);
}

bool FindCreated::is_known(const Prediction& prediction) const {
  if (api_.ledger().knows(prediction.id.value)) return true;
  if (api_.endpoint().is_replay()) return false;  // what is known may be from the recorded run
  const auto& is_known = api_.options().is_known;
  return is_known && is_known(prediction.id);
}

}  // namespace rellama::replicate
