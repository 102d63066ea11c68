#include "run/delayed_hint.hpp"

#include <system_error>
#include <utility>

namespace rellama::program {

DelayedHint::DelayedHint(std::string line, std::chrono::milliseconds delay,
                         const Context& context) {
  try {
    thread_ = std::thread([this, line = std::move(line), delay, &context] {
      std::unique_lock lock(mutex_);
      if (!over_.wait_for(lock, delay, [this] { return is_over_; })) tell(context, line);
    });
  } catch (const std::system_error&) {  // no thread: no hint
  }
}

DelayedHint::~DelayedHint() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_one();
  if (thread_.joinable()) thread_.join();
}

}  // namespace rellama::program
