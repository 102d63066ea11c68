#include "generate/run_task.hpp"

#include <new>

#include "rellama/error.hpp"

namespace rellama {

void rethrow(const std::exception_ptr& error, const PredictionId& id) {
  try {
    std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::internal, {.failed = "cannot go on with the answer",
                                      .why = http::kNoMemory,
                                      .remedy = "close other programs or ask for less",
                                      .prediction_id = id.value});
  }
}

}  // namespace rellama
