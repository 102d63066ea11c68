#include "emulator/create_limit.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

Fault parse_refusal(std::string_view what) {
  Fault fault = parse_fault("create:" + std::string(what));
  if (is_throttling(fault) && !fault.at && !fault.left) return fault;
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + std::string(what) + "' does not say that a request came too early",
               .remedy = "use one of 429, 429-date, 429-words, 429-bare, 429-html"});
}

}  // namespace

CreateLimit::CreateLimit(int a_minute, std::string_view refusal)
    : a_minute_(a_minute), refusal_(parse_refusal(refusal)), left_(a_minute) {}

std::optional<Fault> CreateLimit::take(Clock::time_point now) {
  if (!is_set()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const double a_second = a_minute_ / 60.0;
  if (counted_at_ != Clock::time_point{}) {
    const std::chrono::duration<double> elapsed = now - counted_at_;
    left_ = std::min<double>(a_minute_, left_ + elapsed.count() * a_second);
  }
  counted_at_ = now;
  if (left_ >= 1) {
    left_ -= 1;
    return std::nullopt;
  }
  Fault refusal = refusal_;
  refusal.at = static_cast<std::int64_t>(std::ceil((1 - left_) / a_second));
  return refusal;
}

}  // namespace rellama::emulator
