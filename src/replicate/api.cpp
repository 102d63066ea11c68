#include "replicate/api.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "http/runner.hpp"
#include "rellama/version.hpp"
#include "replicate/recording.hpp"
#include "wire/json_document.hpp"

namespace rellama::replicate {
namespace {

// What a mark breaks, such as an escape, is not kept.
void hide_in_json(const wire::SecretMask& secrets, std::string& json, const char* instead) {
  std::string shown = json;
  secrets.hide_in(shown);
  if (shown == json) return;
  json = wire::is_json_but_no_string(shown) ? std::move(shown) : instead;
}

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
             .no_proxy = options_.no_proxy,
             .connect_timeout = options_.connect_timeout,
             .user_agent = user_agent(),
             .record = record_function()}) {
  if (token_) secrets_.add(token_->reveal(), "[token]");
  if (options_.gateway_header) {
    secrets_.add(options_.gateway_header->reveal_credentials(), "[header]");
  }
  const bool has_secret = token_ || options_.gateway_header;
  if (has_secret && !options_.proxy.empty() && endpoint_.exposes_token()) {
    throw Error(ErrorKind::network,
                {.failed = "cannot use the proxy",
                 .why = "plain http would expose the token to it",
                 .remedy = "use a base URL with https, or --proxy \"\" for no proxy"});
  }
  if (options_.recorder) options_.recorder->open();
}

http::RecordFunction Api::record_function() const {
  if (!options_.recorder) return {};
  return [this](const http::RecordedExchange& exchange) {
    options_.recorder->record(render_exchange(exchange, endpoint_.url_of(""), secrets_));
  };
}

void Api::log(LogLevel level, const std::string& line) const {
  if (!options_.log) return;
  std::string shown = line;
  secrets_.hide_in(shown);
  options_.log(level, shown);
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
  return {.url = endpoint_.address_of(url),
          .headers = std::move(headers),
          .token = with_token ? token() : nullptr,
          .gateway_header = gateway_header(url),
          .accepts_compression = false};
}

http::Transfer Api::open_file(const std::string& url, http::Headers headers,
                              Endpoint::Trust trust) {
  const bool with_token = token_ && trust == Endpoint::Trust::token;
  log(LogLevel::info, "GET " + url + (with_token ? " with" : " without") + " the token");
  return loop_.open({.url = endpoint_.address_of(url),
                     .headers = std::move(headers),
                     .token = with_token ? token() : nullptr,
                     .gateway_header = gateway_header(url),
                     .accepts_compression = false});
}

const SecretHeader* Api::gateway_header(const std::string& url) const {
  const auto& header = options_.gateway_header;
  return header && endpoint_.is_own(url) ? &*header : nullptr;
}

void Api::hide_secrets(http::Response& response) const {
  secrets_.hide_in(response.body);
  for (auto& [name, value] : response.headers) {
    secrets_.hide_in(name);
    secrets_.hide_in(value);
  }
}

void Api::hide_secrets(Prediction& prediction) const {
  for (std::string* text :
       {&prediction.id.value, &prediction.model, &prediction.version, &prediction.status_text,
        &prediction.error, &prediction.logs, &prediction.created_at, &prediction.started_at,
        &prediction.completed_at, &prediction.get_url, &prediction.cancel_url,
        &prediction.stream_url}) {
    secrets_.hide_in(*text);
  }
  hide_in_json(secrets_, prediction.input.text, "{}");
  hide_in_json(secrets_, prediction.metrics.text, "{}");
}

void Api::hide_secrets(Output& output) const {
  std::string text = output.text();
  secrets_.hide_in(text);
  if (text != output.text()) {
    Output shown;
    output.is_list() ? shown.append(text) : shown.set_text(text);
    output = std::move(shown);
  }
  std::string json = output.json();
  hide_in_json(secrets_, json, "null");
  if (json == output.json()) return;
  std::vector<std::string> files = output.files();
  for (std::string& url : files) secrets_.hide_in(url);
  output.set_files(std::move(files), std::move(json));
}

Error Api::without_secrets(const Error& error) const {
  ErrorParts parts = error.parts();
  for (std::string* text : {&parts.failed, &parts.why, &parts.remedy, &parts.prediction_id}) {
    secrets_.hide_in(*text);
  }
  return {error.kind(), std::move(parts)};
}

}  // namespace rellama::replicate
