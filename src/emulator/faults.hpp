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
// WHAT, at every place that answers (all but predict):
//   ok           nothing goes wrong; with *TIMES it lets that many requests pass
//   400 … 599    that status with a problem body; 429@N says "try again in N seconds" (1)
//   reset        the connection is reset once the request was read, without an answer
//   html         200 with a web page, as a captive portal gives it
//   empty-500    500 without a body
//   text-503     503 in plain text
//   truncated    the body ends before its Content-Length
// WHAT, at one place:
//   create:lost          the prediction is created, the connection closed without an answer
//   get:processing       a finished prediction still reads `processing`
//   model:no-stream      predictions have no urls.stream
//   stream:cut@N         the connection breaks after N tokens
//   stream:end@N         the body ends in order after N tokens, without `done`
//   stream:stall@N       nothing is said after N tokens
//   stream:error@N       after N tokens an error event in JSON, then done
//   stream:plain-error@N the same with plain text
//   stream:408           the time-out comment at once
//   stream:no-ids        events without ids
//   stream:replay        begins again whatever Last-Event-ID says
//   stream:crlf          lines end in CR LF
//   stream:bytes         one byte a write
//   stream:redirect      302 to the same stream under another host name
//   file:cut@N           the connection breaks after N bytes of the file, or of the part asked for
//   file:no-ranges       whatever part is asked for, all of it comes
//   file:wrong-length    the file is said to be longer than it is
//   file:compressed      the file is said to be compressed
//   file:redirect        302 to the same file under another host name
//   predict:failed@N     the model fails after N tokens
//   predict:canceled@N   somebody else cancels it after N tokens
//   predict:aborted      it is given up before it starts
//
//   setup:failed         a Cog container that never gets ready
//
// N is 0 where it is left out. A fault without *TIMES never ends. Of several at one place, the
// next one begins when the one before has ended.

/// Where a fault strikes.
enum class Place { create, get, cancel, list, model, account, stream, file, predict, setup };

/// How it strikes; each is one WHAT of the grammar.
enum class FaultKind {
  ok,
  status,
  reset,
  html,
  empty_500,
  text_503,
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
  std::optional<std::int64_t> left = {};  ///< how many more times; absent: for ever
};

/// Throws rellama::Error (invalid_input), with the grammar in its message.
[[nodiscard]] Fault parse_fault(std::string_view spec);

/// Whether the fault replaces the whole answer, at whatever place.
[[nodiscard]] bool replaces_answer(const Fault& fault) noexcept;

/// The faults still to come. Thread-safe.
class FaultPlan {
 public:
  /// Throws as parse_fault does.
  explicit FaultPlan(const std::vector<std::string>& specs);

  /// The next fault at `place` that `applies`, used up by one.
  [[nodiscard]] std::optional<Fault> take(Place place,
                                          const std::function<bool(const Fault&)>& applies);

 private:
  std::mutex mutex_;
  std::vector<Fault> faults_;
};

}  // namespace rellama::emulator
