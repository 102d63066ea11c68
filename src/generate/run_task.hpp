#pragma once

#include <exception>

#include "http/task.hpp"
#include "rellama/prediction.hpp"

namespace rellama {

/// Runs one prompt to its end. `handle` does not throw: an exception ends the run, which cancels
/// its prediction first.
class RunTask : public http::Task {
 public:
  /// The final prediction, once the task is done. Throws what ended the run early.
  [[nodiscard]] virtual Prediction take() = 0;
  /// The prediction as it was created, without its input and output; without an ID if it was not.
  /// Once it has been canceled, with the status that the server then gave it.
  [[nodiscard]] virtual const Prediction& created() const noexcept = 0;
  /// See RowEnd::not_searched.
  [[nodiscard]] virtual bool was_not_searched() const noexcept { return false; }
  /// Whether nothing that is billed was started or is under way.
  [[nodiscard]] virtual bool waits_to_be_sent() const noexcept { return false; }
};

/// Throws what ended a run: a lack of memory as an Error that says so.
[[noreturn]] void rethrow(const std::exception_ptr& error, const PredictionId& id);

}  // namespace rellama
