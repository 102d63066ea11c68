#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/url.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/prediction.hpp"

namespace rellama::replicate {

/// The address of Replicate's API. It decides which URLs from the server may be requested, and
/// which of them may get the token.
class Endpoint {
 public:
  /// What may be sent to a URL.
  enum class Trust {
    refused,   ///< nothing: it is not http(s), is plain http to another machine, or has credentials
    no_token,  ///< a request without the token
    token,     ///< a request with the token
  };

  /// `base_url` may or may not end in `/v1`; one that ends in `/replicate` has none. Throws Error
  /// (invalid_input) if it is not a URL, or if it is plain http to another machine and `allow_http`
  /// is not set, which would expose the token.
  Endpoint(const std::string& base_url, bool allow_http);

  [[nodiscard]] std::string create_url(const ModelRef& model) const;
  [[nodiscard]] std::string get_url(const Prediction& prediction) const;
  [[nodiscard]] std::string cancel_url(const Prediction& prediction) const;
  /// `created_after`: list only newer predictions.
  [[nodiscard]] std::string list_url(
      std::optional<std::chrono::system_clock::time_point> created_after) const;
  [[nodiscard]] std::string model_url(const ModelName& name) const;
  [[nodiscard]] std::string versions_url(const ModelName& name) const;
  [[nodiscard]] std::string version_url(const ModelName& name, const std::string& id) const;
  [[nodiscard]] std::string url_of(const std::string& path) const;

  /// Learns from a response whether the server replays a recording (docs/emulator.md). It then
  /// stands in for the API that was recorded, and for every other server. Only a server on this
  /// machine is believed.
  void learn(const http::Headers& headers);

  /// Whether the server replays a recording.
  [[nodiscard]] bool is_replay() const noexcept { return recorded_.has_value(); }

  /// Where to send a request for `url`: to `url`, unless the server replays a recording.
  [[nodiscard]] std::string address_of(const std::string& url) const;

  /// Whether `url` has the origin of the API, or of the recorded API.
  [[nodiscard]] bool is_own(const std::string& url) const;

  /// What may be sent to `url`. The token may be sent to the API's own origin, and over https to
  /// hosts under replicate.com and replicate.net (docs/protocol.md §5).
  [[nodiscard]] Trust trust(const std::string& url) const;

  /// What may be sent to the URL of an output file. Like `trust`, but if the API is on another
  /// machine, refuses plain http URLs on this one: a model could name any local service.
  [[nodiscard]] Trust trust_of_file(const std::string& url) const;

  /// Whether `url` is where Replicate stores output files: replicate.delivery, the API's own
  /// origin, or the URL itself (`data:`).
  [[nodiscard]] bool holds_files(const std::string& url) const;

  /// Whether requests go over the network in clear text.
  [[nodiscard]] bool exposes_token() const {
    return origin_.scheme == "http" && !origin_.is_loopback();
  }

  /// Whether the API is Replicate's own.
  [[nodiscard]] bool is_replicate() const;

  [[nodiscard]] const std::string& host() const noexcept { return origin_.host; }

 private:
  [[nodiscard]] std::string prediction_url(const Prediction& prediction) const;
  [[nodiscard]] bool is_plainly_own(std::string_view url) const;
  [[nodiscard]] bool has_own_origin(const http::Url& url) const;

  std::string base_;  // without a trailing slash
  std::string root_;  // scheme, host and port as given, and a slash
  http::Url origin_;
  bool allow_http_;
  std::optional<http::Url> recorded_ = {};  // the API whose recording the server replays
};

}  // namespace rellama::replicate
