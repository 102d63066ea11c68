#include "emulator/replay_service.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "emulator/body_stream.hpp"
#include "emulator/replay_match.hpp"

namespace rellama::emulator {
namespace {

using End = RecordedExchange::End;

/// A recorded body, and how it ended.
class ReplayedBody final : public BodyStream {
 public:
  ReplayedBody(std::string body, After after) : body_(std::move(body)), after_(after) {}

  [[nodiscard]] Part next() override {
    constexpr std::size_t kPart = kLargestPart;
    Part part{.bytes = body_.substr(std::min(at_, body_.size()), kPart)};
    at_ += part.bytes.size();
    if (at_ == body_.size() && (part.bytes.empty() || after_ != After::more)) part.after = after_;
    return part;
  }
  void on_change(std::function<void()> /*changed*/) override {}

 private:
  std::string body_;
  std::size_t at_ = 0;
  After after_;
};

/// Clients leave a stream at its last event, which may be before its end.
bool is_whole_event_stream(const RecordedExchange::Response& response) {
  const bool is_stream =
      response.header("content-type").value_or("").starts_with("text/event-stream");
  return is_stream && (response.body.find("\nevent: done") != std::string::npos ||
                       response.body.starts_with("event: done"));
}

BodyStream::After after_body(const RecordedExchange& exchange) {
  switch (exchange.end) {
    case End::closed: return BodyStream::After::broken;
    case End::reset: return BodyStream::After::reset;
    case End::open:
      return is_whole_event_stream(*exchange.response) ? BodyStream::After::end
                                                       : BodyStream::After::more;
    case End::complete:
    case End::unsent: break;
  }
  return BodyStream::After::end;
}

/// A request whose response never began. The search for what a lost create has started depends on
/// the time, so such a response is lost after as long as it was.
Reply lost_reply(const RecordedExchange& exchange) {
  Reply reply{.ending = exchange.end == End::open    ? Reply::Ending::none
                        : exchange.end == End::reset ? Reply::Ending::reset
                                                     : Reply::Ending::closed};
  if (exchange.method == "POST" && exchange.end != End::open) reply.delay = exchange.time;
  return reply;
}

std::optional<std::size_t> number_in(const std::optional<std::string>& text) {
  std::size_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool is_number = error == std::errc() && end == text->data() + text->size();
  return is_number ? std::optional(number) : std::nullopt;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

std::string origin_of(const std::string& url) {
  const std::size_t authority = url.find("://");
  return authority == std::string::npos ? url : url.substr(0, url.find('/', authority + 3));
}

std::string times(std::size_t count) {
  return count == 1 ? "once" : std::to_string(count) + " times";
}

}  // namespace

ReplayService::ReplayService(std::string path)
    : path_(std::move(path)), exchanges_(read_recording(path_)), used_(exchanges_.size(), false) {
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    const RecordedExchange& exchange = exchanges_[i];
    origins_.insert(exchange.origin);
    origins_.insert(origin_of(exchange.api));
    if (exchange.end == End::unsent) continue;  // no server can repeat that
    by_request_[request_key(exchange.method, exchange.target)].push_back(i);
  }
}

std::string ReplayService::base_path() const {
  const std::string& api = exchanges_.front().api;
  return api.substr(origin_of(api).size());
}

Reply ReplayService::answer(const Request& request) {
  const RecordedExchange* exchange = find(request);
  return exchange == nullptr ? not_recorded(request) : render(*exchange, request);
}

const RecordedExchange* ReplayService::find(const Request& request) {
  const RecordedRequest& wanted = request.recorded;
  const auto same = by_request_.find(request_key(wanted.method, wanted.target));
  if (same == by_request_.end()) return nullptr;
  const RecordedExchange* last = nullptr;
  const std::lock_guard lock(mutex_);
  for (const std::size_t i : same->second) {
    if (!is_same_body(exchanges_[i], wanted.body)) continue;
    last = &exchanges_[i];
    if (used_[i]) continue;
    used_[i] = true;
    return last;
  }
  const bool is_safe = wanted.method == "GET" || wanted.method == "QUERY";
  return is_safe ? last : nullptr;
}

// 400, because clients neither retry it nor take it for a prediction that may have started.
Reply ReplayService::not_recorded(const Request& request) const {
  const RecordedRequest& wanted = request.recorded;
  const std::string name = wanted.method + " " + wanted.target;
  const auto same = by_request_.find(request_key(wanted.method, wanted.target));
  if (same == by_request_.end()) {
    return problem(400, "Not in the recording",
                   name + " is not in " + path_ + ", which has: " + list_recorded());
  }
  const auto& recorded = same->second;
  const auto count = static_cast<std::size_t>(std::ranges::count_if(
      recorded, [&](std::size_t i) { return is_same_body(exchanges_[i], wanted.body); }));
  if (count > 0) {
    return problem(400, "Not in the recording",
                   name + " is in " + path_ + " " + times(count) +
                       ", and was replayed as often; to replay it again, restart the emulator");
  }
  return problem(400, "Not in the recording",
                 name + " is in " + path_ + " only with another body: " +
                     describe_difference(exchanges_[recorded.front()].request_body, wanted.body));
}

std::string ReplayService::list_recorded() const {
  constexpr std::size_t kMostListed = 10;
  std::string list;
  std::size_t count = 0;
  for (const auto& [key, recorded] : by_request_) {
    if (++count > kMostListed) continue;
    list += (list.empty() ? "" : ", ") + key;
    if (recorded.size() > 1) list += " (" + times(recorded.size()) + ")";
  }
  if (count > kMostListed) list += " and " + std::to_string(count - kMostListed) + " more";
  return list.empty() ? "no request that was sent" : list;
}

Reply ReplayService::render(const RecordedExchange& exchange, const Request& request) const {
  if (!exchange.response) return lost_reply(exchange);
  const RecordedExchange::Response& response = *exchange.response;
  if (response.body_left_out) {
    return problem(400, "Not in the recording",
                   "the response to " + request.recorded.method + " " + request.recorded.target +
                       " was too long to be recorded");
  }
  std::string body = for_client(response.body, request);
  Reply reply{.status = response.status, .content_type = ""};
  for (const auto& [name, value] : response.headers) {
    if (name != "content-length") reply.headers.emplace_back(name, for_client(value, request));
  }
  reply.headers.emplace_back("Rellama-Replay-Of", origin_of(exchange.api));
  const auto length = number_in(response.header("content-length"));
  const auto after = after_body(exchange);
  if (after == BodyStream::After::end && (length || body.empty())) {
    reply.body = std::move(body);
    return reply;
  }
  if (length && *length >= response.body.size()) {
    reply.announced = *length - response.body.size() + body.size();
  }
  reply.stream = std::make_shared<ReplayedBody>(std::move(body), after);
  return reply;
}

std::string ReplayService::for_client(std::string text, const Request& request) const {
  if (request.recorded.header("User-Agent").starts_with("rellama/")) return text;
  for (const std::string& origin : origins_) replace_all(text, origin + "/", request.origin + "/");
  return text;
}

}  // namespace rellama::emulator
