#include "replicate/endpoint.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <variant>

#include "rellama/error.hpp"
#include "wire/file_url.hpp"
#include "wire/iso_time.hpp"
#include "wire/redact_url.hpp"

namespace rellama::replicate {
namespace {

bool is_under(std::string_view host, std::string_view domain) {
  return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

// Escapes a path segment. Replicate's IDs and names need no escaping, but a hostile one must not
// leave its segment.
std::string escape_segment(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '~';
  };
  const auto is_allowed = [&](char c) { return is_plain(c) || c == '.'; };
  const bool is_relative = text == "." || text == "..";
  if (!is_relative && std::all_of(text.begin(), text.end(), is_allowed)) return std::string(text);
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(c)) {
      escaped += c;
    } else {
      escaped += {'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
    }
  }
  return escaped;
}

[[noreturn]] void refuse(const std::string& base_url, const std::string& why,
                         const std::string& remedy) {
  throw Error(ErrorKind::invalid_input,
              {.failed = "the base URL '" + wire::without_credentials(base_url) + "' is invalid",
               .why = why,
               .remedy = remedy});
}

}  // namespace

Endpoint::Endpoint(const std::string& base_url, bool allow_http) : allow_http_(allow_http) {
  const auto url = http::parse_url(base_url);
  if (!url || base_url.find("://") == std::string::npos) {
    refuse(base_url, "it is not an http or https URL",
           "the default is https://api.replicate.com/v1");
  }
  if (url->has_credentials) {
    refuse(base_url, "it contains a user name or password", "remove them");
  }
  if (base_url.find_first_of("?#") != std::string::npos) {
    refuse(base_url, "it has a query or a fragment", "remove everything after the path");
  }
  if (url->scheme == "http" && !url->is_loopback() && !allow_http) {
    refuse(base_url, "plain http would expose the token to the network",
           "use https, or --allow-http if you trust the network");
  }
  origin_ = *url;
  base_ = base_url;
  const std::size_t path = base_url.find('/', base_url.find("://") + 3);
  root_ = base_url.substr(0, path) + "/";
  while (base_.ends_with('/')) base_.pop_back();
  // The official clients disagree on whether the value includes the version; Cloudflare's gateway
  // has none (docs/protocol.md §1).
  const std::string_view own_path = std::string_view(base_).substr(std::min(path, base_.size()));
  if (!own_path.ends_with("/v1") && !own_path.ends_with("/replicate")) base_ += "/v1";
}

std::string Endpoint::url_of(const std::string& path) const {
  return base_ + path;
}

std::string Endpoint::create_url(const ModelRef& model) const {
  if (const auto* name = std::get_if<ModelName>(&model)) return model_url(*name) + "/predictions";
  if (const auto* deployment = std::get_if<Deployment>(&model)) {
    return url_of("/deployments/" + escape_segment(deployment->owner) + "/" +
                  escape_segment(deployment->name) + "/predictions");
  }
  return url_of("/predictions");
}

std::string Endpoint::model_url(const ModelName& name) const {
  return url_of("/models/" + escape_segment(name.owner) + "/" + escape_segment(name.name));
}

std::string Endpoint::versions_url(const ModelName& name) const {
  return model_url(name) + "/versions";
}

std::string Endpoint::version_url(const ModelName& name, const std::string& id) const {
  return versions_url(name) + "/" + escape_segment(id);
}

std::string Endpoint::prediction_url(const Prediction& prediction) const {
  return url_of("/predictions/" + escape_segment(prediction.id.value));
}

// The URLs from the server are used if they point to the same server. Behind a proxy they may point
// to the public API, which must not get the proxy's token.
std::string Endpoint::get_url(const Prediction& prediction) const {
  return is_own(prediction.get_url) ? prediction.get_url : prediction_url(prediction);
}

std::string Endpoint::cancel_url(const Prediction& prediction) const {
  return is_own(prediction.cancel_url) ? prediction.cancel_url
                                       : prediction_url(prediction) + "/cancel";
}

void Endpoint::learn(const http::Headers& headers) {
  if (!origin_.is_loopback()) return;
  const std::string_view recorded = http::find_header(headers, "rellama-replay-of");
  if (!recorded.empty()) recorded_ = http::parse_url(std::string(recorded));
}

std::string Endpoint::address_of(const std::string& url) const {
  if (!is_replay() || is_plainly_own(url)) return url;
  const std::size_t authority = url.find("://");
  if (authority == std::string::npos) return url;
  const std::size_t path = url.find_first_of("/?#", authority + 3);
  if (path == std::string::npos) return root_;
  return root_ + url.substr(url[path] == '/' ? path + 1 : path);
}

bool Endpoint::is_own(const std::string& url) const {
  if (is_plainly_own(url)) return true;
  const auto parsed = http::parse_url(url);
  return parsed && !parsed->has_credentials && has_own_origin(*parsed);
}

bool Endpoint::has_own_origin(const http::Url& url) const {
  return url.same_origin(origin_) || (recorded_ && url.same_origin(*recorded_));
}

// Almost every URL of a server starts exactly like the base URL, and parsing one takes as long as
// parsing a short prediction.
bool Endpoint::is_plainly_own(std::string_view url) const {
  return url.starts_with(root_) &&
         std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Endpoint::Trust Endpoint::trust(const std::string& url) const {
  if (is_plainly_own(url)) return Trust::token;
  const auto parsed = http::parse_url(url);
  if (!parsed || parsed->has_credentials) return Trust::refused;
  if (has_own_origin(*parsed)) return Trust::token;
  if (parsed->scheme == "https") {
    const bool is_replicates =
        is_under(parsed->host, "replicate.com") || is_under(parsed->host, "replicate.net");
    return is_replicates ? Trust::token : Trust::no_token;
  }
  return parsed->is_loopback() || allow_http_ ? Trust::no_token : Trust::refused;
}

Endpoint::Trust Endpoint::trust_of_file(const std::string& url) const {
  const Trust usual = trust(url);
  if (usual != Trust::no_token || allow_http_) return usual;
  const bool is_here = http::parse_url(url)->is_loopback();
  return is_here && !origin_.is_loopback() ? Trust::refused : usual;
}

bool Endpoint::holds_files(const std::string& url) const {
  if (wire::is_data_url(url) || is_own(url)) return true;
  const auto parsed = http::parse_url(url);
  return parsed && parsed->scheme == "https" && is_under(parsed->host, "replicate.delivery");
}

std::string Endpoint::list_url(
    std::optional<std::chrono::system_clock::time_point> created_after) const {
  const std::string url = url_of("/predictions");
  return created_after ? url + "?created_after=" + wire::render_iso_time(*created_after) : url;
}

bool Endpoint::is_replicate() const {
  return is_under(origin_.host, "replicate.com");
}

}  // namespace rellama::replicate
