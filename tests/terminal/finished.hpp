#pragma once

#include "rellama/prediction.hpp"

namespace rellama::tests {

/// A prediction that has ended.
inline Prediction finished(Status status = Status::succeeded) {
  Prediction prediction;
  prediction.status = status;
  return prediction;
}

}  // namespace rellama::tests
