// The replies are those of docs/protocol.md §6.

#include "emulator/faulty_reply.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "emulator/time_text.hpp"

namespace rellama::emulator {
namespace {

struct StatusText {
  int status;
  std::string_view title;
  std::string_view detail;
};

constexpr std::array kStatusTexts{
    StatusText{400, "Bad request", "The request could not be understood"},
    StatusText{401, "Unauthenticated", "You did not pass a valid authentication token"},
    StatusText{402, "Insufficient credit",
               "You do not have enough credit to run this model. Buy credit at "
               "https://replicate.com/account/billing, then wait a few minutes and try again."},
    StatusText{403, "Forbidden", "You are not permitted to do this"},
    StatusText{404, "", "The requested resource was not found"},
    StatusText{422, "Invalid version or not permitted",
               "The version does not exist, or you are not permitted to use it"},
    StatusText{500, "Internal server error", "Something went wrong on our side"},
    StatusText{502, "Bad gateway", "The upstream server did not answer"},
    StatusText{503, "Service unavailable", "The service is temporarily unavailable"},
    StatusText{504, "Gateway timeout", "The upstream server took too long"},
};

Json throttled_body(const std::string& seconds) {
  return {{"detail", "Request was throttled. Your rate limit resets in ~" + seconds + "s."},
          {"status", 429}};
}

Reply throttled(std::int64_t seconds) {
  const std::string after = std::to_string(seconds);
  Json body = throttled_body(after);
  body["retry_after"] = seconds;
  Reply reply = json_reply(body, 429);
  reply.content_type = "application/problem+json";
  reply.headers.emplace_back("Retry-After", after);
  return reply;
}

Reply throttled_until_date(std::int64_t seconds) {
  Reply reply = problem(429, "", "Request was throttled.");
  const auto until = std::chrono::system_clock::now() + std::chrono::seconds(seconds);
  reply.headers.emplace_back("Retry-After",
                             http_date(std::chrono::time_point_cast<WallTime::duration>(until)));
  return reply;
}

Reply status_reply(const Fault& fault) {
  if (fault.status == 429) return throttled(fault.at.value_or(1));
  const auto row = std::ranges::find(kStatusTexts, fault.status, &StatusText::status);
  if (row == kStatusTexts.end()) return problem(fault.status, "", "The request failed");
  return problem(row->status, row->title, row->detail);
}

}  // namespace

Reply faulty_reply(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::reset: return {.ending = Reply::Ending::reset};
    case FaultKind::html:
      return {.content_type = "text/html; charset=utf-8",
              .body =
                  "<!doctype html><title>Welcome</title><p>Please sign in to use this "
                  "network.</p>\n"};
    case FaultKind::empty_500: return {.status = 500, .content_type = ""};
    case FaultKind::text_503:
      return {.status = 503, .content_type = "text/plain", .body = "no healthy upstream"};
    case FaultKind::throttled_date: return throttled_until_date(fault.at.value_or(1));
    case FaultKind::throttled_words:
      return json_reply(throttled_body(std::to_string(fault.at.value_or(1))), 429);
    case FaultKind::throttled_bare: return {.status = 429, .content_type = ""};
    case FaultKind::throttled_html:
      return {.status = 429,
              .content_type = "text/html; charset=utf-8",
              .body = "<!doctype html><title>Too many requests</title><p>Please slow down.</p>\n"};
    case FaultKind::truncated:
      return {.body = R"({"id":"0123456789abcdefghjkmnpqrs","status":"star)",
              .ending = Reply::Ending::truncated};
    default: return status_reply(fault);
  }
}

}  // namespace rellama::emulator
