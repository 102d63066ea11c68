#include "replicate/find_created.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "http/date.hpp"
#include "wire/iso_time.hpp"
#include "wire/prediction_json.hpp"
#include "wire/request_json.hpp"

namespace rellama::replicate {
namespace {

using std::chrono::system_clock;

constexpr int kLooks = 3;

// How many pages of a busy account are read.
constexpr int kMaxPages = 5;

// By how much our clock and the server's may differ before the list is asked for again by the
// server's own.
constexpr std::chrono::seconds kUsualSkew{60};

// The Date header counts whole seconds, and clocks of one room differ by a little.
constexpr std::chrono::seconds kSlack{2};

// The list, and when by the server's clock the request was sent.
struct Listing {
  std::vector<Prediction> predictions;
  system_clock::time_point since;
};

bool is_internal_name(std::string_view model) {
  return model.starts_with("replicate/") || model.starts_with("replicate-internal/");
}

// Official models may show under an internal name (docs/protocol.md §3).
bool has_model(const Prediction& prediction, const ModelRef& model) {
  if (const auto* version = std::get_if<ModelVersion>(&model)) {
    return prediction.version == version->id;
  }
  const auto* name = std::get_if<ModelName>(&model);
  return name == nullptr || prediction.model.empty() || is_internal_name(prediction.model) ||
         prediction.model == render_model_ref(*name);
}

bool fits(const Prediction& prediction, const SentCreate& sent, system_clock::time_point since) {
  const auto created = wire::parse_iso_time(prediction.created_at);
  return created && *created >= since && has_model(prediction, sent.model) &&
         wire::same_input(prediction.input, sent.input);
}

Listing list_since(Api& api, const SentCreate& sent, system_clock::time_point created_after,
                   const StopToken& stop) {
  const Attempt attempt{.failed = "cannot list the predictions", .host = api.endpoint().host()};
  Listing listing{.predictions = {}, .since = sent.sent_at - kSlack};
  std::string url = api.endpoint().list_url(created_after);
  for (int page_number = 0; page_number < kMaxPages && api.endpoint().is_own(url); ++page_number) {
    const http::Response response = api.get(url, attempt, stop);
    const std::string date(http::find_header(response.headers, "date"));
    if (const auto server_now = http::parse_date(date); !date.empty() && server_now) {
      listing.since = *server_now - (system_clock::now() - sent.sent_at) - kSlack;
    }
    PredictionPage page = wire::parse_prediction_page(response.body);
    std::move(page.results.begin(), page.results.end(), std::back_inserter(listing.predictions));
    url = page.next;
  }
  return listing;
}

std::vector<Prediction> find_fitting(Api& api, const SentCreate& sent, const StopToken& stop) {
  const auto created_after = sent.sent_at - kUsualSkew;
  Listing listing = list_since(api, sent, created_after, stop);
  if (listing.since < created_after) listing = list_since(api, sent, listing.since, stop);
  std::erase_if(listing.predictions, [&](const Prediction& prediction) {
    return !fits(prediction, sent, listing.since);
  });
  return std::move(listing.predictions);
}

}  // namespace

std::optional<Prediction> find_created(Api& api, const SentCreate& sent, const StopToken& stop) {
  const StopSource last_chance(std::chrono::steady_clock::now() + Api::kGrace);
  const StopToken limit = stop.reason() ? last_chance.token() : stop;
  try {
    for (int look = 1;; ++look) {
      std::vector<Prediction> fitting = find_fitting(api, sent, limit);
      if (fitting.size() == 1) return std::move(fitting.front());
      if (!fitting.empty() || look == kLooks) return std::nullopt;
      api.loop().sleep(backoff(look, api.options().backoff), limit);
    }
  } catch (const Error& error) {
    api.log(LogLevel::info, std::string("the lost prediction was not found: ") + error.what());
    return std::nullopt;
  }
}

}  // namespace rellama::replicate
