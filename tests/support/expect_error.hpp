#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "rellama/error.hpp"

namespace rellama {

/// Lets GoogleTest show a kind by its name.
inline void PrintTo(ErrorKind kind, std::ostream* out) {
  *out << traits(kind).name;
}

}  // namespace rellama

namespace rellama::test {

/// Returns the Error that `work` throws. The test fails if it throws nothing or anything else.
template <typename Work>
Error error_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& other) {
    ADD_FAILURE() << "not an Error but: " << other.what();
    return Error(ErrorKind::internal, {.failed = "not an Error"});
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorKind::internal, {.failed = "nothing was thrown"});
}

/// Whether `text` contains `part`. The failure message shows both.
inline testing::AssertionResult holds(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << part << "' is not in:\n" << text;
}

}  // namespace rellama::test
