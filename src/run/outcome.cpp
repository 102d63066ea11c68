#include "run/outcome.hpp"

#include <string>

namespace rellama::program {

std::optional<Error> find_failure(const Prediction& prediction) {
  switch (prediction.status) {
    case Status::succeeded:
      if (!prediction.data_removed || !prediction.output.empty()) return std::nullopt;
      return Error(ErrorKind::incomplete, {.failed = "the output is not there any more",
                                           .why = "Replicate removes it an hour after the run",
                                           .remedy = "ask again",
                                           .prediction_id = prediction.id.value});
    case Status::failed:
      return Error(ErrorKind::prediction_failed,
                   {.failed = "the model failed",
                    .why = prediction.error.empty() ? "it did not say why" : prediction.error,
                    .remedy = prediction.get_url.empty()
                                  ? "see the container's log"
                                  : "see https://replicate.com/p/" + prediction.id.value,
                    .prediction_id = prediction.id.value});
    default:
      return Error(ErrorKind::canceled, {.failed = "the prediction was " +
                                                   std::string(render_status(prediction.status)) +
                                                   " by somebody else or by its own deadline",
                                         .remedy = "ask again if you still want the answer",
                                         .prediction_id = prediction.id.value});
  }
}

}  // namespace rellama::program
