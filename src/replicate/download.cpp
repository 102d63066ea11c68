// Downloading a file. Bytes already received are kept as long as the server says that the file has
// not changed (RFC 9110 §13.1.5, §14):
//
//     GET, starting at `position_` if there is a validator
//       206, from `position_`            → continue
//       200                              → no range support, or the file changed: start over
//       416, or 206 from elsewhere       → request the whole file
//       408, 429, 5xx, broken, truncated → retry, after a delay if there was no progress
//       less than kSlowest for kPatience → give up, because a retry would be as slow

#include "replicate/download.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "http/url.hpp"
#include "rellama/error.hpp"
#include "replicate/failure.hpp"
#include "replicate/retry.hpp"
#include "wire/counted.hpp"
#include "wire/data_url.hpp"
#include "wire/file_url.hpp"
#include "wire/redact_url.hpp"

namespace rellama::replicate {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Trust = Endpoint::Trust;

// A `data:` URL contains the whole file: messages show only its beginning.
constexpr std::size_t kMaxShownUrl = 120;

// A server that sends a byte now and then must not hold us for years.
constexpr milliseconds kPatience{30'000};
constexpr std::uint64_t kSlowest = 1000;  // bytes per second

std::string shorten(const std::string& url) {
  const std::string shown = wire::is_data_url(url) ? url : wire::without_credentials(url);
  return shown.size() <= kMaxShownUrl ? shown : shown.substr(0, kMaxShownUrl) + "…";
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// `bytes FIRST-LAST/SIZE`, where the size may be `*`.
struct ContentRange {
  std::uint64_t first;
  std::uint64_t last;
  std::optional<std::uint64_t> size;
};

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (!text.starts_with(kUnit) || dash == std::string_view::npos ||
      slash == std::string_view::npos || slash < dash) {
    return std::nullopt;
  }
  const auto first = parse_number(text.substr(kUnit.size(), dash - kUnit.size()));
  const auto last = parse_number(text.substr(dash + 1, slash - dash - 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return ContentRange{*first, *last, parse_number(text.substr(slash + 1))};
}

// A weak ETag does not guarantee that the bytes are the same.
std::string validator_of(const http::Headers& headers) {
  const std::string_view tag = http::find_header(headers, "etag");
  if (tag.starts_with('"')) return std::string(tag);
  return std::string(http::find_header(headers, "last-modified"));
}

std::string media_type_of(const http::Headers& headers) {
  const std::string_view value = http::find_header(headers, "content-type");
  std::string type(value.substr(0, value.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type;
}

// Why an attempt failed although a retry may succeed.
struct RetryableError {
  Error error;
  std::optional<milliseconds> requested_delay = {};
  bool counts = true;  // against the limit of retries
};

class Downloader {
 public:
  Downloader(Api& api, const std::string& url, FileSink& sink, const DownloadOptions& options,
             const StopToken& stop)
      : api_(api), url_(url), sink_(sink), options_(options), stop_(stop) {
    if (options.validator.empty()) return;
    head_.validator = options.validator;
    position_ = options.offset;
    furthest_ = options.offset;
  }

  void run() {
    for (int retries_without_progress = 0;;) {
      stop_.throw_if_stopped();
      const std::uint64_t before = furthest_;
      const auto retryable = try_once();
      if (!retryable) return;
      stop_.throw_if_stopped();
      if (furthest_ > before) {
        retries_without_progress = 0;
      } else if (retryable->counts) {
        ++retries_without_progress;
      }
      if (retries_without_progress > api_.options().retries) throw retryable->error;
      wait_to_retry(retries_without_progress, *retryable);
    }
  }

 private:
  // Follows redirects to the file. After a host that must not get the token, no other host gets it.
  std::optional<RetryableError> try_once() {
    std::string at = url_;
    Trust so_far = Trust::token;
    for (int redirects = 0;; ++redirects) {
      const Trust trust = api_.endpoint().trust_of_file(at);
      if (trust == Trust::refused) throw refused(at);
      if (trust == Trust::no_token) so_far = trust;
      host_ = http::parse_url(at)->host;
      http::Transfer transfer = api_.open_file(at, headers(), so_far);
      if (auto error = wait_for_head(transfer)) return error;
      if (!http::is_redirect(transfer.status())) return read(transfer);
      const std::string location(http::find_header(transfer.headers(), "location"));
      const auto target = http::resolve_url(at, location);
      if (location.empty() || !target || redirects == kMaxRedirects) {
        throw Error(ErrorKind::server, {.failed = failed(),
                                        .why = host_ + " redirects to '" + location +
                                               (target ? "', after too many redirects" : "'")});
      }
      // An https server must not downgrade the download to http.
      if (at.starts_with("https:") && !target->starts_with("https:")) throw refused(*target);
      at = *target;
    }
  }

  [[nodiscard]] http::Headers headers() const {
    http::Headers headers{{"Accept", "*/*"}, {"Accept-Encoding", "identity"}};
    if (requests_part()) {
      headers.emplace_back("Range", "bytes=" + std::to_string(position_) + "-");
      headers.emplace_back("If-Range", head_.validator);
    }
    return headers;
  }

  [[nodiscard]] bool requests_part() const { return position_ > 0 && !head_.validator.empty(); }

  std::optional<RetryableError> wait_for_head(http::Transfer& transfer) {
    while (transfer.status() == 0) {
      if (auto error = wait(transfer)) return error;
    }
    return std::nullopt;
  }

  // Waits for more bytes or for the end.
  std::optional<RetryableError> wait(http::Transfer& transfer) {
    switch (transfer.wait(stop_, Clock::now() + api_.options().request_timeout)) {
      case http::Transfer::Wake::bytes: break;
      case http::Transfer::Wake::finished:
        finished_ = true;
        if (const auto failure = transfer.failure()) return broken(*failure);
        break;
      case http::Transfer::Wake::timed_out:
        return broken({http::Failure::Cause::timed_out, true, "the transfer stalled"});
      case http::Transfer::Wake::stopped: stop_.throw_if_stopped();
    }
    return std::nullopt;
  }

  std::optional<RetryableError> read(http::Transfer& transfer) {
    if (auto error = read_head(transfer)) return error;
    begin_period();
    for (finished_ = false; !finished_;) {
      write(transfer.bytes());
      transfer.drop_bytes();
      check_speed();
      if (auto error = wait(transfer)) return error;
    }
    if (head_.size && position_ != *head_.size) {
      return broken({http::Failure::Cause::connection, true, "the transfer ended early"});
    }
    return std::nullopt;
  }

  std::optional<RetryableError> read_head(const http::Transfer& transfer) {
    const int status = transfer.status();
    const bool is_part = status == 206 && requests_part();
    if (status != 200 && !is_part) return handle_error_status(transfer);
    const http::Headers& headers = transfer.headers();
    const std::string_view coding = http::find_header(headers, "content-encoding");
    if (!coding.empty() && coding != "identity") {
      throw Error(ErrorKind::server, {.failed = failed(),
                                      .why = host_ + " compressed it, which was not requested (" +
                                             std::string(coding) + ")"});
    }
    FileHead head{.content_type = media_type_of(headers),
                  .validator = validator_of(headers),
                  .size = parse_number(http::find_header(headers, "content-length"))};
    if (is_part) {
      const auto range = parse_content_range(http::find_header(headers, "content-range"));
      if (head.validator.empty()) head.validator = head_.validator;
      const bool continues = range && range->first == position_ &&
                             head.validator == head_.validator &&
                             (!head_.size || !range->size || *head_.size == *range->size);
      if (!continues) return start_over("the server sent a different range than requested");
      head.offset = position_;
      head.size = range->size ? range->size : range->last + 1;
    }
    if (head.size && *head.size > options_.max_bytes) throw too_long();
    head_ = std::move(head);
    position_ = head_.offset;
    sink_.begin(head_);
    return std::nullopt;
  }

  std::optional<RetryableError> handle_error_status(const http::Transfer& transfer) {
    const http::Response response{transfer.status(), transfer.headers(), {}};
    const Error error = error_for(response, attempt());
    if (may_repeat(Repeat::freely, response)) {
      return RetryableError{.error = error, .requested_delay = requested_delay(response)};
    }
    if (response.status == 416 && requests_part()) {
      return start_over("the server does not have the requested range");
    }
    switch (response.status) {
      case 401:
      case 403:
      case 404:
      case 410:
        throw Error(ErrorKind::incomplete,
                    {.failed = failed(),
                     .why = error.parts().why,
                     .remedy = "Replicate deletes files an hour after the run: ask again"});
      default: throw error;
    }
  }

  void write(std::string_view bytes) {
    if (bytes.empty()) return;
    if (bytes.size() > options_.max_bytes - std::min(position_, options_.max_bytes)) {
      throw too_long();
    }
    sink_.write(bytes);
    position_ += bytes.size();
    furthest_ = std::max(furthest_, position_);
  }

  void begin_period() {
    period_begin_ = Clock::now();
    period_position_ = position_;
  }

  // If nothing arrives at all, wait() notices.
  void check_speed() {
    const milliseconds patience = std::min(kPatience, api_.options().request_timeout);
    if (Clock::now() - period_begin_ < patience) return;
    const auto needed = kSlowest * static_cast<std::uint64_t>(patience.count()) / 1000;
    const std::uint64_t arrived = position_ - period_position_;
    if (arrived < needed) throw too_slow(arrived, patience);
    begin_period();
  }

  RetryableError start_over(const std::string& why) {
    RetryableError retryable = broken({http::Failure::Cause::connection, true, why});
    retryable.counts = false;
    head_ = FileHead{};
    position_ = 0;
    return retryable;
  }

  RetryableError broken(const http::Failure& failure) const {
    api_.log(LogLevel::info,
             "the download broke at byte " + std::to_string(position_) + ": " + failure.why);
    const Error error = error_for(failure, attempt());
    if (!may_repeat(Repeat::freely, failure)) throw error;
    return {.error = error};
  }

  // After progress (`retry` is 0) the next attempt starts at once.
  void wait_to_retry(int retry, const RetryableError& retryable) {
    if (retryable.requested_delay.value_or(milliseconds{0}) > kLongestWait) throw retryable.error;
    if (retry == 0) return;
    const auto delay = retryable.requested_delay.value_or(backoff(retry, api_.options().backoff));
    const ErrorParts& parts = retryable.error.parts();
    api_.log(LogLevel::warning, parts.failed + ": " + parts.why + "; retrying (" +
                                    std::to_string(retry) + " of " +
                                    std::to_string(api_.options().retries) + ")");
    api_.loop().sleep(delay, stop_);
  }

  [[nodiscard]] std::string failed() const { return "cannot download " + shorten(url_); }
  [[nodiscard]] Attempt attempt() const { return {.failed = failed(), .host = host_}; }

  [[nodiscard]] Error refused(const std::string& url) const {
    return {ErrorKind::server,
            {.failed = failed(),
             .why = (url == url_ ? "" : "it is at " + shorten(url) + ", and ") +
                    std::string("files are downloaded only over https, or over http from this "
                                "machine if the API is here too, and never with a password in the "
                                "URL"),
             .remedy = "use --allow-http if you trust the network"}};
  }

  [[nodiscard]] Error too_slow(std::uint64_t arrived, milliseconds patience) const {
    return {ErrorKind::incomplete,
            {.failed = failed(),
             .why = "it arrives too slowly: " + wire::counted(arrived, "byte") + " in " +
                    std::to_string(patience.count()) + " ms",
             .remedy = "try again later"}};
  }

  [[nodiscard]] Error too_long() const {
    return {ErrorKind::incomplete,
            {.failed = failed(),
             .why = "it is larger than " + wire::counted(options_.max_bytes, "byte"),
             .remedy = "raise the limit with --max-download"}};
  }

  Api& api_;
  const std::string& url_;
  FileSink& sink_;
  const DownloadOptions& options_;
  const StopToken& stop_;
  std::string host_;
  FileHead head_;
  std::uint64_t position_ = 0;
  std::uint64_t furthest_ = 0;      // the furthest position of any attempt: progress is beyond it
  Clock::time_point period_begin_;  // of the speed that is measured
  std::uint64_t period_position_ = 0;
  bool finished_ = false;
};

void decode(const std::string& url, FileSink& sink, const DownloadOptions& options) {
  const auto file = wire::parse_data_url(url);
  if (!file) {
    throw Error(ErrorKind::server,
                {.failed = "cannot read " + shorten(url), .why = "its data is invalid"});
  }
  if (file->bytes.size() > options.max_bytes) {
    throw Error(ErrorKind::incomplete,
                {.failed = "cannot save " + shorten(url),
                 .why = "it is larger than " + wire::counted(options.max_bytes, "byte"),
                 .remedy = "raise the limit with --max-download"});
  }
  FileHead head;
  head.content_type = file->media_type;
  head.size = file->bytes.size();
  sink.begin(head);
  sink.write(file->bytes);
}

}  // namespace

void download(Api& api, const std::string& url, FileSink& sink, const DownloadOptions& options,
              const StopToken& stop) {
  if (wire::is_data_url(url)) {
    decode(url, sink, options);
  } else {
    Downloader(api, url, sink, options, stop).run();
  }
}

}  // namespace rellama::replicate
