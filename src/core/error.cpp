#include "rellama/error.hpp"

#include <array>
#include <utility>

namespace rellama {
namespace {

// In the order of the enumeration: a kind is the index of its row.
constexpr std::array kTraits{
    ErrorTraits{ErrorKind::internal, "internal", 1, false},
    ErrorTraits{ErrorKind::invalid_input, "invalid_input", 2, false},
    ErrorTraits{ErrorKind::unauthorized, "unauthorized", 3, false},
    ErrorTraits{ErrorKind::not_found, "not_found", 4, false},
    ErrorTraits{ErrorKind::payment_required, "payment_required", 5, false},
    ErrorTraits{ErrorKind::rate_limited, "rate_limited", 6, true},
    ErrorTraits{ErrorKind::network, "network", 7, true},
    ErrorTraits{ErrorKind::server, "server", 8, true},
    ErrorTraits{ErrorKind::prediction_failed, "prediction_failed", 9, false},
    ErrorTraits{ErrorKind::canceled, "canceled", 10, false},
    ErrorTraits{ErrorKind::incomplete, "incomplete", 11, false},
    ErrorTraits{ErrorKind::deadline, "deadline", 124, true},
    ErrorTraits{ErrorKind::hung_up, "hung_up", 129, false},
    ErrorTraits{ErrorKind::interrupted, "interrupted", 130, false},
    ErrorTraits{ErrorKind::output_closed, "output_closed", 141, false},
    ErrorTraits{ErrorKind::terminated, "terminated", 143, false},
};

constexpr bool rows_match_kinds() {
  for (std::size_t i = 0; i < kTraits.size(); ++i) {
    if (static_cast<std::size_t>(kTraits[i].kind) != i) return false;
  }
  return true;
}
static_assert(rows_match_kinds());

std::string render(const ErrorParts& parts) {
  std::string message = parts.failed;
  if (!parts.why.empty()) message += ": " + parts.why;
  if (!parts.prediction_id.empty()) message += " (prediction " + parts.prediction_id + ")";
  if (!parts.remedy.empty()) message += "; " + parts.remedy;
  return message;
}

}  // namespace

const ErrorTraits& traits(ErrorKind kind) noexcept {
  return kTraits[static_cast<std::size_t>(kind)];
}

Error::Error(ErrorKind kind, ErrorParts parts)
    : std::runtime_error(render(parts)), kind_(kind), parts_(std::move(parts)) {}

}  // namespace rellama
