#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::emulator {

// The grammar of a scripted failure:
//
//   FAULT  = PLACE ":" WHAT [ "@" N ] [ "*" TIMES ]
//   PLACE  = create | get | cancel | list | model | account | stream | file | predict | setup
//
// WHAT at every place that is a request (all but predict and setup):
//   ok           no failure; with *TIMES, lets that many requests pass
//   400 … 599    that status with a problem body; 429@N: try again in N seconds (default 1), which
//                Retry-After and the body say
//   429-date@N   the same, but Retry-After is a date, and the body says nothing
//   429-words@N  the same, but only the text of the body says it
//   429-bare     429 without a time and without a body
//   429-html     the same with a web page, like that of a gateway
//   reset        the connection is reset after the request was read, without a reply
//   html         200 with a web page, like that of a captive portal
//   empty-500    500 without a body
//   text-503     503 in plain text
//   truncated    the body ends before its Content-Length
// WHAT at one place:
//   create:lost          the prediction is created, then the connection closes without a reply
//   get:processing       a finished prediction still has the status `processing`
//   model:no-stream      predictions have no urls.stream
//   stream:cut@N         the connection breaks after N tokens
//   stream:end@N         the body ends properly after N tokens, without `done`
//   stream:stall@N       nothing is sent after N tokens
//   stream:error@N       an error event in JSON after N tokens, then `done`
//   stream:plain-error@N the same in plain text
//   stream:408           the timeout comment at once
//   stream:no-ids        events without IDs
//   stream:replay        starts over in spite of Last-Event-ID
//   stream:crlf          lines end in CR LF
//   stream:bytes         one byte at a time
//   stream:redirect      302 to the same stream under another host name
//   file:cut@N           the connection breaks after N bytes of the file or requested range
//   file:no-ranges       range requests are ignored
//   file:wrong-length    Content-Length is too large
//   file:compressed      Content-Encoding is gzip, but the file is not compressed
//   file:redirect        302 to the same file under another host name
//   predict:failed@N     the model fails after N tokens
//   predict:canceled@N   it is canceled after N tokens, as if from elsewhere
//   predict:aborted      it is aborted before it starts
//
//   setup:failed         a Cog container whose setup fails
//
// N defaults to 0. A fault without *TIMES never ends. Several faults at one place occur one after
// another.

/// Where a fault occurs.
enum class Place {
  create,
  get,
  cancel,
  list,
  model,
  account,
  upload,
  stream,
  file,
  predict,
  setup
};

/// What happens: each is a WHAT of the grammar.
enum class FaultKind {
  ok,
  status,
  reset,
  html,
  empty_500,
  text_503,
  throttled_date,
  throttled_words,
  throttled_bare,
  throttled_html,
  truncated,
  lost,
  processing,
  no_stream,
  cut,
  end,
  stall,
  error,
  plain_error,
  timeout,
  no_ids,
  replay,
  crlf,
  bytes,
  redirect,
  no_ranges,
  wrong_length,
  compressed,
  failed,
  canceled,
  aborted,
};

struct Fault {
  Place place = Place::create;
  FaultKind kind = FaultKind::ok;
  int status = 0;                         ///< for FaultKind::status
  std::optional<std::int64_t> at = {};    ///< the N of the grammar
  std::optional<std::int64_t> left = {};  ///< how many more times; empty: forever
};

/// Throws rellama::Error (invalid_input), with the grammar in its message.
[[nodiscard]] Fault parse_fault(std::string_view spec);

/// Whether the fault replaces the whole reply.
[[nodiscard]] bool replaces_answer(const Fault& fault) noexcept;

/// Whether the fault is a 429 in any form.
[[nodiscard]] bool is_throttling(const Fault& fault) noexcept;

/// The faults that have not occurred yet. Thread-safe.
class FaultPlan {
 public:
  /// Throws as parse_fault does.
  explicit FaultPlan(const std::vector<std::string>& specs);

  /// Returns the next fault at `place` that `applies`, and counts it as having occurred once.
  [[nodiscard]] std::optional<Fault> take(Place place,
                                          const std::function<bool(const Fault&)>& applies);

 private:
  std::mutex mutex_;
  std::vector<Fault> faults_;
};

}  // namespace rellama::emulator
