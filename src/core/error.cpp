#include "rellama/error.hpp"

#include <array>
#include <utility>

namespace rellama {
namespace {

// In the order of the enumeration: a kind is the index of its row.
constexpr bool kYes = true;
constexpr bool kNo = false;

// Kind, name, exit code, HTTP status, may retry, may be billed.
constexpr std::array kTraits{
    ErrorTraits{ErrorKind::internal, "internal", 1, 500, kNo, kNo},
    ErrorTraits{ErrorKind::invalid_input, "invalid_input", 2, 400, kNo, kNo},
    ErrorTraits{ErrorKind::unauthorized, "unauthorized", 3, 401, kNo, kNo},
    ErrorTraits{ErrorKind::not_found, "not_found", 4, 404, kNo, kNo},
    ErrorTraits{ErrorKind::payment_required, "payment_required", 5, 402, kNo, kNo},
    ErrorTraits{ErrorKind::rate_limited, "rate_limited", 6, 429, kYes, kNo},
    ErrorTraits{ErrorKind::network, "network", 7, 502, kYes, kNo},
    ErrorTraits{ErrorKind::server, "server", 8, 502, kYes, kNo},
    ErrorTraits{ErrorKind::prediction_failed, "prediction_failed", 9, 422, kNo, kYes},
    ErrorTraits{ErrorKind::canceled, "canceled", 10, 422, kNo, kYes},
    ErrorTraits{ErrorKind::incomplete, "incomplete", 11, 422, kNo, kYes},
    ErrorTraits{ErrorKind::may_have_started, "may_have_started", 13, 422, kNo, kYes},
    ErrorTraits{ErrorKind::deadline, "deadline", 124, 422, kNo, kYes},
    ErrorTraits{ErrorKind::hung_up, "hung_up", 129, 422, kNo, kYes},
    ErrorTraits{ErrorKind::interrupted, "interrupted", 130, 422, kNo, kYes},
    ErrorTraits{ErrorKind::output_closed, "output_closed", 141, 422, kNo, kYes},
    ErrorTraits{ErrorKind::terminated, "terminated", 143, 422, kNo, kYes},
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
  // `what()` would end there.
  for (auto at = message.find('\0'); at != std::string::npos; at = message.find('\0', at)) {
    message.replace(at, 1, "\xEF\xBF\xBD");  // U+FFFD
  }
  return message;
}

}  // namespace

const ErrorTraits& traits(ErrorKind kind) noexcept {
  return kTraits[static_cast<std::size_t>(kind)];
}

Error::Error(ErrorKind kind, ErrorParts parts)
    : std::runtime_error(render(parts)), kind_(kind), parts_(std::move(parts)) {}

}  // namespace rellama
