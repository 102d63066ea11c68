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

constexpr int kMaxSearches = 3;

// How many pages of a busy account are read.
constexpr int kMaxPages = 5;

// If the server's clock is behind ours by more than this, the list is requested again with a time
// by the server's clock.
constexpr std::chrono::seconds kUsualSkew{60};

// The Date header has a resolution of one second, and the clocks of the servers differ slightly.
constexpr std::chrono::seconds kSlack{2};

// The predictions, and the time by the server's clock when the create request was sent.
struct Listing {
  std::vector<Prediction> predictions;
  system_clock::time_point since;
};

bool is_internal_name(std::string_view model) {
  return model.starts_with("replicate/") || model.starts_with("replicate-internal/");
}

// Official models may be listed under an internal name (docs/protocol.md §3).
bool has_model(const Prediction& prediction, const ModelRef& model) {
  if (const auto* version = std::get_if<ModelVersion>(&model)) {
    return prediction.version == version->id;
  }
  const auto* name = std::get_if<ModelName>(&model);
  return name == nullptr || prediction.model.empty() || is_internal_name(prediction.model) ||
         prediction.model == render_model_ref(*name);
}

bool matches(const Prediction& prediction, const SentCreate& sent, system_clock::time_point since) {
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

std::vector<Prediction> find_matches(Api& api, const SentCreate& sent, const StopToken& stop) {
  const auto created_after = sent.sent_at - kUsualSkew;
  Listing listing = list_since(api, sent, created_after, stop);
  if (listing.since < created_after) listing = list_since(api, sent, listing.since, stop);
  std::erase_if(listing.predictions, [&](const Prediction& prediction) {
    return !matches(prediction, sent, listing.since);
  });
  return std::move(listing.predictions);
}

}  // namespace

std::optional<Prediction> find_created(Api& api, const SentCreate& sent, const StopToken& stop) {
  const StopSource last_chance(std::chrono::steady_clock::now() + Api::kGrace);
  const StopToken limit = stop.reason() ? last_chance.token() : stop;
  try {
    for (int search = 1;; ++search) {
      std::vector<Prediction> found = find_matches(api, sent, limit);
      if (found.size() == 1) return std::move(found.front());
      if (!found.empty() || search == kMaxSearches) return std::nullopt;
      api.loop().sleep(backoff(search, api.options().backoff), limit);
    }
  } catch (const Error& error) {
    api.log(LogLevel::info, std::string("the lost prediction was not found: ") + error.what());
    return std::nullopt;
  }
}

}  // namespace rellama::replicate
