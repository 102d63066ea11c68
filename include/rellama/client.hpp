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
#include "rellama/exchange_recorder.hpp"
#include "rellama/input.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/prediction.hpp"
#include "rellama/secret_header.hpp"
#include "rellama/stop.hpp"

namespace rellama {

class Client;

namespace replicate {
class Api;
Api& api_of(Client& client) noexcept;
}  // namespace replicate

/// The severity of a log line.
enum class LogLevel { debug, info, warning };

/// Receives one log line, without a newline. Called on the thread that uses the client.
using LogFunction = std::function<void(LogLevel, std::string_view)>;

/// How to reach Replicate. The defaults are right for the public API.
struct ClientOptions {
  /// With or without the trailing `/v1`. https, or http on a loopback address. A path that ends in
  /// `/replicate` is that of a gateway without a `/v1` of its own (docs/protocol.md §1).
  std::string base_url = "https://api.replicate.com/v1";
  /// The certificates of the authorities to trust, as a PEM bundle, a directory, or both. If both
  /// are empty: the system's. They apply to the server and to a proxy with https.
  std::string ca_file = {};
  std::string ca_directory = {};
  std::string proxy = {};  ///< URL; empty: use `HTTPS_PROXY` and similar variables
  bool no_proxy = false;   ///< use no proxy, not even one from the environment
  /// Sent to the origin of `base_url` only, and never in clear text to another machine.
  std::optional<SecretHeader> gateway_header = {};
  std::chrono::milliseconds connect_timeout{10'000};
  /// Fixed interval between polls. Unset: 2% of the run's elapsed time, 25 to 500 ms.
  std::optional<std::chrono::milliseconds> poll_interval = {};
  /// The time limit for one request and its response. After a request has reached it, all its
  /// retries together have half as long.
  std::chrono::milliseconds request_timeout{60'000};
  /// How long an event stream may deliver no event before rellama reads the prediction itself. The
  /// server sends something at least every 30 s (docs/protocol.md §5).
  std::chrono::milliseconds stall_timeout{45'000};
  /// How long an event stream may deliver no event before rellama reads the prediction to see
  /// whether something on the way holds the stream back; doubles each time it does not.
  std::chrono::milliseconds silence_limit{5'000};
  /// How long to keep trying to read a prediction that runs but cannot be read; 0: as long as any
  /// other request. The prediction is not canceled after that.
  std::chrono::milliseconds outage_limit{60'000};
  int retries = 3;  ///< how often to retry a request that is safe to repeat
  /// The delay before the first retry. It doubles with each retry, up to 60 times this value.
  std::chrono::milliseconds backoff{500};
  bool allow_http = false;  ///< allow plain http to other machines
  /// Whether a request that is throttled (429) waits for as long as it takes, instead of failing
  /// when nothing is accepted for a while. `generate_many` then also begins with few creates at a
  /// time.
  bool waits_for_throttling = false;
  LogFunction log = {};
  std::shared_ptr<ExchangeRecorder> recorder = {};  ///< may be shared by clients of one thread
  /// Whether a prediction is known to belong to another request, such as one that is in a history.
  /// Asked only after the response to a create was lost, so that the search for what it started
  /// takes no other. Must not throw.
  std::function<bool(const PredictionId&)> is_known = {};
};

/// How output is received.
enum class Delivery {
  stream,  ///< server-sent events if the model offers them, otherwise polling
  poll,    ///< polling only
};

/// The options of a create request.
struct CreateOptions {
  Delivery delivery = Delivery::stream;
  /// `Prefer: wait=N`: the server delays its response until the run ends, 1 to 60 s; 0: no delay.
  std::chrono::seconds wait{0};
  /// `Cancel-After`: the server cancels the run after this time, 5 s to 24 h; 0: never. A run that
  /// has not started by then is not billed (docs/protocol.md §2).
  std::chrono::seconds cancel_after{0};
};

/// The account that a token belongs to (`GET /v1/account`).
struct Account {
  std::string type;  ///< user or organization
  std::string username;
  std::string name;
};

/// One version of a model, which can be run by its ID. Absent and null fields are empty.
struct PublishedVersion {
  std::string id;
  std::string created_at;   ///< ISO 8601
  std::string cog_version;  ///< the Cog version of its container
  JsonText openapi_schema;  ///< the schema of its input and output (docs/protocol.md §4)
};

/// A model, as described by `GET /v1/models/{owner}/{name}`. Absent and null fields are empty.
struct Model {
  ModelName name;
  std::string description;
  std::optional<bool> is_official = {};  ///< unset in responses from before 2025
  std::int64_t run_count = 0;
  /// Empty if the model has no version. Running an official model by name may use another one.
  PublishedVersion latest_version = {};
};

/// Which predictions to list.
struct ListOptions {
  std::string cursor = {};  ///< `next` of the previous page; empty: start with the newest
  std::optional<std::chrono::system_clock::time_point> created_after = {};
};

/// One page of predictions, newest first.
struct PredictionPage {
  std::vector<Prediction> results;
  std::string next;  ///< cursor of the next page, for `Client::list`; empty on the last page
};

/// A request as it would be sent, for `--dry-run` and for logs. It does not contain the token.
struct PreparedRequest {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool needs_token = true;  ///< whether an Authorization header with the token is added
  /// The name of the gateway's header, which is added too; empty if there is none.
  std::string gateway_header = {};
};

/// A client for Replicate's HTTP API. Every call blocks, and every call may throw Error. A client
/// must be used by one thread at a time. It keeps connections open between calls.
class Client {
 public:
  explicit Client(ApiToken token, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Starts a prediction. Since this is billed, the request is retried only if the server certainly
  /// did not accept it (connection refused, 429). If that is unknown (the response was lost, 5xx),
  /// the call searches the predictions created since then, and returns the one with this model and
  /// this input if there is exactly one. Otherwise it throws an Error with `may_have_started`.
  Prediction create(const ModelRef& model, const Input& input, const CreateOptions& options = {},
                    const StopToken& stop = {});

  /// Reads a prediction.
  Prediction get(const Prediction& prediction, const StopToken& stop = {});
  Prediction get(const PredictionId& id, const StopToken& stop = {});

  /// Cancels a prediction and returns its state afterwards. Safe to repeat.
  Prediction cancel(const Prediction& prediction, const StopToken& stop = {});

  /// Lists predictions, newest first, 100 per page.
  PredictionPage list(const ListOptions& options = {}, const StopToken& stop = {});

  /// Receives the output of a prediction from its beginning until the run ends, and returns its
  /// final state. If the stream breaks, it is reopened after the last event received; if streaming
  /// does not work, the client polls. Leaving early does not cancel the prediction.
  Prediction follow(const Prediction& prediction, Delivery delivery, EventSink& sink,
                    const StopToken& stop = {});

  /// Downloads an output file, or decodes it if its URL is a `data:` URL. A broken transfer resumes
  /// where it stopped if the server supports that and the file has not changed, otherwise it starts
  /// over. It gives up after `ClientOptions::retries` retries in a row without progress. Follows up
  /// to five redirects. The token is sent to the API's own origin, and over https to hosts under
  /// replicate.com and replicate.net, but not after a redirect to any other host. Plain http is
  /// refused as for the API.
  void download(const std::string& url, FileSink& sink, const DownloadOptions& options = {},
                const StopToken& stop = {});

  Account account(const StopToken& stop = {});
  Model model(const ModelName& name, const StopToken& stop = {});

  /// The versions of a model, newest first. Official models may not list any.
  std::vector<PublishedVersion> versions(const ModelName& name, const StopToken& stop = {});
  /// One version of a model.
  PublishedVersion version(const ModelName& name, const std::string& id,
                           const StopToken& stop = {});
  /// The public models that best match `text`: the first page of Replicate's results.
  std::vector<Model> search(const std::string& text, const StopToken& stop = {});

  /// Makes a call that is waiting look again at what it waits for: whether a sink that was full
  /// (`EventSink::is_full`) can take more, and whether a source has another request. Thread-safe.
  void wake() noexcept;

 private:
  friend replicate::Api& replicate::api_of(Client& client) noexcept;
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether `base_url` is Replicate itself, as opposed to an emulator or a gateway.
[[nodiscard]] bool is_replicate(const std::string& base_url);

/// The request that `Client::create` would send. Throws Error (invalid_input) for a bad base URL.
[[nodiscard]] PreparedRequest prepare_create(const ClientOptions& client, const ModelRef& model,
                                             const Input& input, const CreateOptions& options = {});

}  // namespace rellama
