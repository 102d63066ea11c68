#include "replicate/recording.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "wire/data_url.hpp"
#include "wire/json_document.hpp"
#include "wire/utf8.hpp"

namespace rellama::replicate {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRecordingVersion = 1;

// What clients read. Others can be cookies, or are about the connection.
constexpr std::array<std::string_view, 14> kRecordedHeaders{"content-type",
                                                            "content-length",
                                                            "content-encoding",
                                                            "content-range",
                                                            "accept-ranges",
                                                            "etag",
                                                            "last-modified",
                                                            "content-disposition",
                                                            "location",
                                                            "retry-after",
                                                            "ratelimit-remaining",
                                                            "ratelimit-reset",
                                                            "ratelimit-policy",
                                                            "date"};

std::string_view name_of(http::ExchangeEnd end) {
  switch (end) {
    case http::ExchangeEnd::complete: return "complete";
    case http::ExchangeEnd::closed: return "closed";
    case http::ExchangeEnd::reset: return "reset";
    case http::ExchangeEnd::open: return "open";
    case http::ExchangeEnd::unsent: return "unsent";
  }
  return "open";
}

// Recorded as text where it is UTF-8, so that a recording can be read and edited.
void add_body(Json& object, const std::string& body) {
  if (body.empty()) return;
  if (wire::find_invalid_utf8(body)) {
    object["base64"] = wire::render_base64(body);
  } else {
    object["body"] = body;
  }
}

class ExchangeText {
 public:
  explicit ExchangeText(const wire::SecretMask& secrets) : secrets_(secrets.for_bodies()) {}

  [[nodiscard]] std::string masked(std::string text) const {
    secrets_.hide_in(text);
    return text;
  }

  [[nodiscard]] Json request(const http::RecordedExchange& exchange) const {
    Json request{{"method", exchange.method}, {"url", masked(exchange.url)}};
    if (!exchange.request_headers.empty()) request["headers"] = Json::object();
    for (const auto& [name, value] : exchange.request_headers) {
      request["headers"][name] = masked(value);
    }
    const std::string body = masked(exchange.request_body);
    add_body(request, body);
    if (body != exchange.request_body) request["masked"] = true;
    return request;
  }

  [[nodiscard]] Json response(const http::RecordedExchange& exchange) const {
    Json response{{"status", exchange.status}, {"headers", Json::object()}};
    const std::string body = masked(exchange.body);
    const auto longer =
        static_cast<std::int64_t>(body.size()) - static_cast<std::int64_t>(exchange.body.size());
    // What libcurl has decompressed is neither compressed nor of that length.
    const bool was_decompressed = exchange.accepted_compression &&
                                  !http::find_header(exchange.headers, "content-encoding").empty();
    for (const auto& [name, value] : exchange.headers) {
      if (std::ranges::find(kRecordedHeaders, name) == kRecordedHeaders.end()) continue;
      const bool is_length = name == "content-length";
      if (was_decompressed && (is_length || name == "content-encoding")) continue;
      response["headers"][name] = is_length ? changed(value, longer) : masked(value);
    }
    if (exchange.is_body_left_out) {
      response["body_left_out"] = true;
    } else {
      add_body(response, body);
    }
    return response;
  }

 private:
  // A length changed by `longer`; as it is if it is no number.
  [[nodiscard]] static std::string changed(const std::string& length, std::int64_t longer) {
    std::int64_t number = 0;
    const char* end = length.data() + length.size();
    const auto [rest, error] = std::from_chars(length.data(), end, number);
    if (error != std::errc() || rest != end) return length;
    return std::to_string(number + longer);
  }

  wire::SecretMask secrets_;
};

}  // namespace

std::string render_exchange(const http::RecordedExchange& exchange, const std::string& api,
                            const wire::SecretMask& secrets) {
  const ExchangeText text(secrets);
  Json line{{"recording", kRecordingVersion}, {"api", api}, {"request", text.request(exchange)}};
  if (exchange.status != 0) line["response"] = text.response(exchange);
  line["end"] = name_of(exchange.end);
  line["seconds"] = std::round(exchange.time.count() * 1e3) / 1e3;
  return wire::render_json(line) + "\n";
}

}  // namespace rellama::replicate
