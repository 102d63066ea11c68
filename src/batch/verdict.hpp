#pragma once

#include <optional>

#include "rellama/error.hpp"
#include "rellama/generate_many.hpp"

namespace rellama::batch {

/// What becomes of a row whose run has ended.
enum class Next {
  answered,    ///< it has an answer
  failed,      ///< it has none, and that is its result
  unsent,      ///< nothing was sent, and the batch stops
  canceled,    ///< the batch stopped and canceled its prediction
  leave,       ///< the batch stops; the journal has what is known
  send_later,  ///< nothing was sent, because the server could not be reached
  send_again,  ///< an earlier stop canceled its prediction
  find_later,  ///< it may have been sent: what it started has to be found
  read_later,  ///< its prediction could not be read
};

struct Verdict {
  Next next = Next::failed;
  std::optional<Error> error = {};  ///< of the row; empty if it is answered
  bool stops_batch = false;         ///< whether all other rows would fail in the same way
};

/// What was known when the run began.
struct RunFacts {
  bool may_have_been_sent = false;  ///< and the prediction was to be found first
  bool was_canceled = false;        ///< by us, before it was picked up
  int attempts = 0;                 ///< how often it was looked for before
};

/// How often a row is looked for before it fails, and how often it is sent at most.
inline constexpr int kMostSearches = 3;

[[nodiscard]] Verdict judge(const RowEnd& end, const RunFacts& facts);

}  // namespace rellama::batch
