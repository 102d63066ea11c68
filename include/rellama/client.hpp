#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rellama/api_token.hpp"
#include "rellama/download.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/input.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/prediction.hpp"
#include "rellama/stop.hpp"

namespace rellama {

/// How much a log line matters.
enum class LogLevel { debug, info, warning };

/// Takes one log line without its line end. Called on the thread that uses the client.
using LogFunction = std::function<void(LogLevel, std::string_view)>;

/// How to reach Replicate. The defaults are right for the public API.
struct ClientOptions {
  /// With or without the trailing `/v1`. https, or http on a loopback address.
  std::string base_url = "https://api.replicate.com/v1";
  std::string ca_file = {};  ///< PEM bundle to trust instead of the system's; empty: the system's
  std::string proxy = {};    ///< URL; empty: `HTTPS_PROXY` and its kin decide
  std::chrono::milliseconds connect_timeout{10'000};
  /// Fixed time between polls; unset: a fiftieth of what the run has taken so far, 25 to 500 ms.
  std::optional<std::chrono::milliseconds> poll_interval = {};
  /// How long one request and its answer may take.
  std::chrono::milliseconds request_timeout{60'000};
  /// How long an event stream may bring no event before the prediction itself is looked at. The
  /// server breaks its own silence after 30 s (docs/protocol.md §5).
  std::chrono::milliseconds stall_timeout{45'000};
  int retries = 3;  ///< further attempts of a request that may safely be repeated
  /// The pause before the first further attempt; it doubles up to 60 times this.
  std::chrono::milliseconds backoff{500};
  bool allow_http = false;  ///< whether plain http may be used off this machine too
  LogFunction log = {};
};

/// How the output of a prediction is brought home.
enum class Delivery {
  stream,  ///< server-sent events where the model offers them, otherwise polls
  poll,    ///< polls only
};

/// What goes with a create request beside model and input.
struct CreateOptions {
  Delivery delivery = Delivery::stream;
  /// `Prefer: wait=N`: let the server hold the answer until the run is over, 1 to 60 s; 0: do not.
  std::chrono::seconds wait{0};
  /// `Cancel-After`: when the server ends the run by itself, 5 s to 24 h; 0: never. What was not
  /// started by then is not billed (docs/protocol.md §2).
  std::chrono::seconds cancel_after{0};
};

/// Who a token belongs to (`GET /v1/account`).
struct Account {
  std::string type;  ///< user or organization
  std::string username;
  std::string name;
};

/// One version of a model that can be run by its id. Absent and null fields are empty.
struct PublishedVersion {
  std::string id;
  std::string created_at;   ///< ISO 8601
  std::string cog_version;  ///< of the container it runs in
  JsonText openapi_schema;  ///< what it takes and gives (docs/protocol.md §4)
};

/// A model as `GET /v1/models/{owner}/{name}` describes it. Absent and null fields are empty.
struct Model {
  ModelName name;
  std::string description;
  std::optional<bool> is_official = {};  ///< answers before 2025 do not say
  std::int64_t run_count = 0;
  /// Empty where the model has no version. What an official model runs by name can be another.
  PublishedVersion latest_version = {};
};

/// Which predictions to list.
struct ListOptions {
  std::string cursor = {};  ///< the `next` of the page before; empty: the newest
  std::optional<std::chrono::system_clock::time_point> created_after = {};
};

/// One page of predictions, newest first.
struct PredictionPage {
  std::vector<Prediction> results;
  std::string next;  ///< the cursor of the next page, for `Client::list`; empty on the last page
};

/// A request as it would go out, for `--dry-run` and for logs. It holds no token.
struct PreparedRequest {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// A client of Replicate's HTTP API. Every call blocks; all of them throw Error. A client is used
/// by one thread at a time and keeps its connections between calls.
class Client {
 public:
  explicit Client(ApiToken token, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Starts a prediction. This is billed, so it is repeated only where the server certainly did not
  /// take the request (connection refused, 429). Where that cannot be known (the answer was lost,
  /// 5xx) the prediction is looked for among those created since, and taken if exactly one has this
  /// model and this input; otherwise the error says `may_have_started`.
  Prediction create(const ModelRef& model, const Input& input, const CreateOptions& options = {},
                    const StopToken& stop = {});

  /// Reads a prediction.
  Prediction get(const Prediction& prediction, const StopToken& stop = {});
  Prediction get(const PredictionId& id, const StopToken& stop = {});

  /// Cancels a prediction and gives its state afterwards. Safe to repeat.
  Prediction cancel(const Prediction& prediction, const StopToken& stop = {});

  /// Lists predictions, newest first, 100 a page.
  PredictionPage list(const ListOptions& options = {}, const StopToken& stop = {});

  /// Brings home the output of a prediction from its beginning until it is over, and gives its
  /// final state. A stream that breaks is opened again behind the last event; where it is of no
  /// use, polls do. Leaving early does not cancel the prediction.
  Prediction follow(const Prediction& prediction, Delivery delivery, EventSink& sink,
                    const StopToken& stop = {});

  /// Downloads a file that a model put out, or decodes it if its URL is `data:`. A transfer that
  /// breaks goes on where it stopped, if the server can do so and the file is the same still, else
  /// from the beginning, as often as requests are repeated without bringing anything. Redirects are
  /// followed, up to five. The token goes where the API is, and over https to hosts under
  /// replicate.com and replicate.net, but not behind a redirect that led elsewhere. Plain http is
  /// refused as it is for the API.
  void download(const std::string& url, FileSink& sink, const DownloadOptions& options = {},
                const StopToken& stop = {});

  Account account(const StopToken& stop = {});
  Model model(const ModelName& name, const StopToken& stop = {});

  /// The versions of a model, newest first. Official models may have none to show.
  std::vector<PublishedVersion> versions(const ModelName& name, const StopToken& stop = {});
  /// One version of a model.
  PublishedVersion version(const ModelName& name, const std::string& id,
                           const StopToken& stop = {});
  /// The public models that fit a text best, as many as Replicate puts on one page.
  std::vector<Model> search(const std::string& text, const StopToken& stop = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether requests to `base_url` go to Replicate itself and not to an emulator or a gateway.
[[nodiscard]] bool is_replicate(const std::string& base_url);

/// The request that `Client::create` would send. Throws Error (invalid_input) for a bad base URL.
[[nodiscard]] PreparedRequest prepare_create(const ClientOptions& client, const ModelRef& model,
                                             const Input& input, const CreateOptions& options = {});

}  // namespace rellama
