#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "http/url.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/prediction.hpp"

namespace rellama::replicate {

/// Where Replicate's API is, and which URLs that a server hands out may be followed, with the token
/// or without.
class Endpoint {
 public:
  /// What may go to a URL.
  enum class Trust {
    refused,   ///< nothing: not http(s), plain http to another machine, or with credentials in it
    no_token,  ///< a request without the token
    token,     ///< a request with the token
  };

  /// `base_url` with or without `/v1`. Throws Error (invalid_input) if it is no URL, or plain http
  /// to another machine and `allow_http` is not set: anyone on the way could read the token.
  Endpoint(const std::string& base_url, bool allow_http);

  [[nodiscard]] std::string create_url(const ModelRef& model) const;
  [[nodiscard]] std::string get_url(const Prediction& prediction) const;
  [[nodiscard]] std::string cancel_url(const Prediction& prediction) const;
  /// `created_after`: leaves out what is older.
  [[nodiscard]] std::string list_url(
      std::optional<std::chrono::system_clock::time_point> created_after) const;
  [[nodiscard]] std::string model_url(const ModelName& name) const;
  [[nodiscard]] std::string versions_url(const ModelName& name) const;
  [[nodiscard]] std::string version_url(const ModelName& name, const std::string& id) const;
  [[nodiscard]] std::string url_of(const std::string& path) const;

  /// Whether `url` has the origin of the API.
  [[nodiscard]] bool is_own(const std::string& url) const;

  /// The token goes to the API's own origin, and over https to hosts under replicate.com and
  /// replicate.net (docs/protocol.md §5).
  [[nodiscard]] Trust trust(const std::string& url) const;

  /// What may go to the URL of a file that a model put out. As `trust`, but where the API is not on
  /// this machine neither is a file of it: a model could name any service here.
  [[nodiscard]] Trust trust_of_file(const std::string& url) const;

  /// Whether `url` is where Replicate puts the files of its models: replicate.delivery, the API's
  /// own origin, or the URL itself (`data:`).
  [[nodiscard]] bool holds_files(const std::string& url) const;

  /// Whether the API is Replicate's own.
  [[nodiscard]] bool is_replicate() const;

  [[nodiscard]] const std::string& host() const noexcept { return origin_.host; }

 private:
  [[nodiscard]] std::string prediction_url(const Prediction& prediction) const;

  std::string base_;  // without a slash at the end
  http::Url origin_;
  bool allow_http_;
};

}  // namespace rellama::replicate
