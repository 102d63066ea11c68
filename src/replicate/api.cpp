#include "replicate/api.hpp"

#include <string_view>
#include <utility>

#include "http/runner.hpp"
#include "rellama/version.hpp"

namespace rellama::replicate {
namespace {

constexpr std::string_view kHidden = "[token]";

}  // namespace

std::string user_agent() {
  return "rellama/" + std::string(version());
}

Api::Api(std::optional<ApiToken> token, ClientOptions options)
    : token_(std::move(token)),
      options_(std::move(options)),
      endpoint_(options_.base_url, options_.allow_http),
      loop_({.authorities = {.file = options_.ca_file, .directory = options_.ca_directory},
             .proxy = options_.proxy,
             .connect_timeout = options_.connect_timeout,
             .user_agent = user_agent()}) {
  const bool has_secret = token_ || options_.gateway_header;
  if (has_secret && !options_.proxy.empty() && endpoint_.exposes_token()) {
    throw Error(ErrorKind::network,
                {.failed = "cannot use the proxy",
                 .why = "plain http would expose the token to it",
                 .remedy = "use a base URL with https, or --proxy \"\" for no proxy"});
  }
}

void Api::log(LogLevel level, const std::string& line) const {
  if (options_.log) options_.log(level, line);
}

http::Response Api::perform(ExchangePlan plan, const StopToken& stop) {
  Exchange exchange(*this, std::move(plan));
  http::run(loop_, exchange, stop);
  return exchange.take_response();
}

http::Request Api::stream_request(const std::string& url, const std::string& last_event_id) const {
  const bool with_token = token_ && endpoint_.trust(url) == Endpoint::Trust::token;
  log(LogLevel::info,
      std::string("opening the event stream ") + (with_token ? "with" : "without") + " the token");
  http::Headers headers{{"Accept", "text/event-stream"}, {"Cache-Control", "no-store"}};
  if (!last_event_id.empty()) headers.emplace_back("Last-Event-ID", last_event_id);
  return {.url = url,
          .headers = std::move(headers),
          .token = with_token ? token() : nullptr,
          .gateway_header = gateway_header(url),
          .accepts_compression = false};
}

http::Transfer Api::open_file(const std::string& url, http::Headers headers,
                              Endpoint::Trust trust) {
  const bool with_token = token_ && trust == Endpoint::Trust::token;
  log(LogLevel::info, "GET " + url + (with_token ? " with" : " without") + " the token");
  return loop_.open({.url = url,
                     .headers = std::move(headers),
                     .token = with_token ? token() : nullptr,
                     .gateway_header = gateway_header(url),
                     .accepts_compression = false});
}

const SecretHeader* Api::gateway_header(const std::string& url) const {
  const auto& header = options_.gateway_header;
  return header && endpoint_.is_own(url) ? &*header : nullptr;
}

void Api::hide_token(http::Response& response) const {
  const auto hide_in = [](std::string& text, std::string_view secret) {
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kHidden.size())) {
      text.replace(at, secret.size(), kHidden);
    }
  };
  const auto hide = [&](std::string_view secret) {
    hide_in(response.body, secret);
    for (auto& [name, value] : response.headers) hide_in(value, secret);
  };
  if (token_) hide(token_->reveal());
  if (options_.gateway_header) hide(options_.gateway_header->reveal_credentials());
}

}  // namespace rellama::replicate
