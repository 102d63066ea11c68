// Downloading a file. What is there already is kept as long as the server says that the file is the
// same (RFC 9110 §13.1.5, §14):
//
//     GET, from `position_` on if there is a validator
//       206, from there            → go on
//       200                        → the server cannot, or the file is another: begin again
//       416, or 206 from elsewhere → ask for all of it
//       408, 429, 5xx, broken, cut → once more, after a pause if nothing new came

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
#include "wire/data_url.hpp"
#include "wire/file_url.hpp"

namespace rellama::replicate {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Trust = Endpoint::Trust;

constexpr int kMaxRedirects = 5;
constexpr milliseconds kLongestWait{120'000};

// A `data:` URL is the file itself: only its begin names it.
constexpr std::size_t kMaxShownUrl = 120;

std::string shown(const std::string& url) {
  return url.size() <= kMaxShownUrl ? url : url.substr(0, kMaxShownUrl) + "…";
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

// A weak one says that a file is as good as before, not that its bytes are the same.
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

// Why one attempt did not bring all, where another one may.
struct Trouble {
  Error error;
  std::optional<milliseconds> requested_delay = {};
  bool counts = true;  // as one of the attempts there may be
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
    for (int fruitless = 0;;) {
      stop_.throw_if_stopped();
      const std::uint64_t before = furthest_;
      const auto trouble = try_once();
      if (!trouble) return;
      stop_.throw_if_stopped();
      if (furthest_ > before) {
        fruitless = 0;
      } else if (trouble->counts) {
        ++fruitless;
      }
      if (fruitless > api_.options().retries) throw trouble->error;
      wait_to_repeat(fruitless, *trouble);
    }
  }

 private:
  // Follows redirects to the file. Once a host may not have the token, none after it gets it.
  std::optional<Trouble> try_once() {
    std::string at = url_;
    Trust so_far = Trust::token;
    for (int redirects = 0;; ++redirects) {
      const Trust trust = api_.endpoint().trust_of_file(at);
      if (trust == Trust::refused) throw refused(at);
      if (trust == Trust::no_token) so_far = trust;
      host_ = http::parse_url(at)->host;
      http::Transfer transfer = api_.open_file(at, headers(), so_far);
      if (auto trouble = wait_for_head(transfer)) return trouble;
      if (!http::is_redirect(transfer.status())) return read(transfer);
      const std::string location(http::find_header(transfer.headers(), "location"));
      const auto target = http::resolve_url(at, location);
      if (location.empty() || !target || redirects == kMaxRedirects) {
        throw Error(ErrorKind::server, {.failed = failed(),
                                        .why = host_ + " sends us to '" + location +
                                               (target ? "', and on and on" : "'")});
      }
      // Whoever is asked over https does not get to make it readable to everyone on the way.
      if (at.starts_with("https:") && !target->starts_with("https:")) throw refused(*target);
      at = *target;
    }
  }

  [[nodiscard]] http::Headers headers() const {
    http::Headers headers{{"Accept", "*/*"}, {"Accept-Encoding", "identity"}};
    if (asks_for_part()) {
      headers.emplace_back("Range", "bytes=" + std::to_string(position_) + "-");
      headers.emplace_back("If-Range", head_.validator);
    }
    return headers;
  }

  [[nodiscard]] bool asks_for_part() const { return position_ > 0 && !head_.validator.empty(); }

  std::optional<Trouble> wait_for_head(http::Transfer& transfer) {
    while (transfer.status() == 0) {
      if (auto trouble = wait(transfer)) return trouble;
    }
    return std::nullopt;
  }

  // Waits for what comes next, be it the end.
  std::optional<Trouble> wait(http::Transfer& transfer) {
    switch (transfer.wait(stop_, Clock::now() + api_.options().request_timeout)) {
      case http::Transfer::Wake::bytes: break;
      case http::Transfer::Wake::finished:
        finished_ = true;
        if (const auto failure = transfer.failure()) return broken(*failure);
        break;
      case http::Transfer::Wake::timed_out:
        return broken({http::Failure::Cause::timed_out, true, "it went quiet"});
      case http::Transfer::Wake::stopped: stop_.throw_if_stopped();
    }
    return std::nullopt;
  }

  std::optional<Trouble> read(http::Transfer& transfer) {
    if (auto trouble = take_head(transfer)) return trouble;
    for (finished_ = false; !finished_;) {
      take(transfer.bytes());
      transfer.drop_bytes();
      if (auto trouble = wait(transfer)) return trouble;
    }
    if (head_.size && position_ != *head_.size) {
      return broken({http::Failure::Cause::connection, true, "it ended early"});
    }
    return std::nullopt;
  }

  std::optional<Trouble> take_head(const http::Transfer& transfer) {
    const int status = transfer.status();
    const bool is_part = status == 206 && asks_for_part();
    if (status != 200 && !is_part) return take_refusal(transfer);
    const http::Headers& headers = transfer.headers();
    const std::string_view coding = http::find_header(headers, "content-encoding");
    if (!coding.empty() && coding != "identity") {
      throw Error(ErrorKind::server,
                  {.failed = failed(),
                   .why = host_ + " sends it compressed, unasked (" + std::string(coding) + ")"});
    }
    FileHead head{.content_type = media_type_of(headers),
                  .validator = validator_of(headers),
                  .size = parse_number(http::find_header(headers, "content-length"))};
    if (is_part) {
      const auto range = parse_content_range(http::find_header(headers, "content-range"));
      if (head.validator.empty()) head.validator = head_.validator;
      const bool goes_on = range && range->first == position_ &&
                           head.validator == head_.validator &&
                           (!head_.size || !range->size || *head_.size == *range->size);
      if (!goes_on) return begin_again("the answer is another part than was asked for");
      head.offset = position_;
      head.size = range->size ? range->size : range->last + 1;
    }
    if (head.size && *head.size > options_.max_bytes) throw too_long();
    head_ = std::move(head);
    position_ = head_.offset;
    sink_.begin(head_);
    return std::nullopt;
  }

  std::optional<Trouble> take_refusal(const http::Transfer& transfer) {
    const http::Response response{transfer.status(), transfer.headers(), {}};
    const Error error = error_for(response, attempt());
    if (may_repeat(Repeat::freely, response)) {
      return Trouble{.error = error, .requested_delay = requested_delay(response)};
    }
    if (response.status == 416 && asks_for_part()) {
      return begin_again("the server has no such part");
    }
    switch (response.status) {
      case 401:
      case 403:
      case 404:
      case 410:
        throw Error(ErrorKind::incomplete,
                    {.failed = failed(),
                     .why = error.parts().why,
                     .remedy = "Replicate removes files an hour after the run: ask again"});
      default: throw error;
    }
  }

  void take(std::string_view bytes) {
    if (bytes.empty()) return;
    if (bytes.size() > options_.max_bytes - std::min(position_, options_.max_bytes)) {
      throw too_long();
    }
    sink_.write(bytes);
    position_ += bytes.size();
    furthest_ = std::max(furthest_, position_);
  }

  Trouble begin_again(const std::string& why) {
    Trouble trouble = broken({http::Failure::Cause::connection, true, why});
    trouble.counts = false;
    head_ = FileHead{};
    position_ = 0;
    return trouble;
  }

  Trouble broken(const http::Failure& failure) const {
    api_.log(LogLevel::info,
             "the download broke at byte " + std::to_string(position_) + ": " + failure.why);
    const Error error = error_for(failure, attempt());
    if (failure.cause == http::Failure::Cause::certificate) throw error;
    return {.error = error};
  }

  // What brought something may go on at once.
  void wait_to_repeat(int fruitless, const Trouble& trouble) {
    if (trouble.requested_delay.value_or(milliseconds{0}) > kLongestWait) throw trouble.error;
    if (fruitless == 0) return;
    const auto delay = trouble.requested_delay.value_or(backoff(fruitless, api_.options().backoff));
    api_.log(LogLevel::warning, trouble.error.parts().failed + ": " + trouble.error.parts().why +
                                    "; trying again (" + std::to_string(fruitless) + " of " +
                                    std::to_string(api_.options().retries) + ")");
    api_.loop().sleep(delay, stop_);
  }

  [[nodiscard]] std::string failed() const { return "cannot download " + shown(url_); }
  [[nodiscard]] Attempt attempt() const { return {.failed = failed(), .host = host_}; }

  [[nodiscard]] Error refused(const std::string& url) const {
    return {ErrorKind::server,
            {.failed = failed(),
             .why = (url == url_ ? "" : "it is said to be at " + shown(url) + ", and ") +
                    std::string("files are taken over https only, over http from this machine if "
                                "the API is there too, and never with a password in the URL"),
             .remedy = "--allow-http lets http by, if you trust the network"}};
  }

  [[nodiscard]] Error too_long() const {
    return {ErrorKind::incomplete,
            {.failed = failed(),
             .why = "it is longer than " + std::to_string(options_.max_bytes) + " bytes",
             .remedy = "allow more with --max-download"}};
  }

  Api& api_;
  const std::string& url_;
  FileSink& sink_;
  const DownloadOptions& options_;
  const StopToken& stop_;
  std::string host_;
  FileHead head_;
  std::uint64_t position_ = 0;
  std::uint64_t furthest_ = 0;  // what any attempt has reached: less is no progress
  bool finished_ = false;
};

void decode(const std::string& url, FileSink& sink, const DownloadOptions& options) {
  const auto file = wire::parse_data_url(url);
  if (!file) {
    throw Error(ErrorKind::server,
                {.failed = "cannot read " + shown(url), .why = "its data cannot be decoded"});
  }
  if (file->bytes.size() > options.max_bytes) {
    throw Error(ErrorKind::incomplete,
                {.failed = "cannot save " + shown(url),
                 .why = "it is longer than " + std::to_string(options.max_bytes) + " bytes",
                 .remedy = "allow more with --max-download"});
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
