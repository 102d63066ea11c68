#include "system/out_of_memory.hpp"

#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>

namespace rellama::system {
namespace {

// libcurl's buffers for one more request, several times over. The C library maps a block of this
// size on its own, so it does not become resident, and all of it is returned when it is freed.
constexpr std::size_t kReserve = std::size_t{1} << 20;

std::atomic<void*> reserve = nullptr;
std::string_view last_message;
std::terminate_handler usual_end = nullptr;

[[noreturn]] void give_up_reserve() {
  std::free(reserve.exchange(nullptr));
  throw std::bad_alloc();
}

[[noreturn]] void end_process() {
  try {
    if (const auto error = std::current_exception()) std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    [[maybe_unused]] const auto written =
        ::write(STDERR_FILENO, last_message.data(), last_message.size());
    ::_exit(1);
  } catch (...) {  // NOLINT(bugprone-empty-catch): a bug
  }
  usual_end();
  std::abort();
}

}  // namespace

void prepare_for_out_of_memory(std::string_view message) noexcept {
  last_message = message;
  reserve = std::malloc(kReserve);
  std::set_new_handler(give_up_reserve);
  usual_end = std::set_terminate(end_process);
}

}  // namespace rellama::system
