#pragma once

#include <signal.h>

#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include "rellama/stop.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/streams.hpp"

namespace rellama::program {

/// What a second signal does.
enum class SecondSignal { ends_process, changes_nothing };

/// What happens if the reader of standard output closes it while nothing is written.
enum class LostReader {
  stops_run,       ///< nobody would see the answer
  changes_nothing  ///< there is other work to do
};

/// Makes signals that would kill the process end it with an exit code of 128 plus their number, as
/// long as there is no SignalWatcher. SIGUSR1 and SIGUSR2 change nothing. Signals that the parent
/// process ignores (nohup, a background job of a script) stay ignored.
void exit_on_signals() noexcept;

/// Turns Ctrl-C, SIGTERM, SIGHUP and the loss of the reader into a request to stop, as long as it
/// exists. Other signals that would kill the process count as SIGTERM. A second signal ends the
/// process at once, unless it follows so closely that one event must have sent both: timeout(1) and
/// terminals that close do that. Writes to the streams end with the stop too, even after the
/// watcher is gone.
class SignalWatcher {
 public:
  /// `streams` must outlive this. Throws Error (internal) if no thread can be started. Construct it
  /// before other threads: they inherit that signals are blocked, so that none of their system
  /// calls is interrupted.
  SignalWatcher(StopSource stop, const terminal::Streams& streams,
                LostReader lost_reader = LostReader::changes_nothing);

  /// Directs the next signals to `stop`, and counts them from the first again. A lost reader,
  /// SIGTERM and SIGHUP stop it at once if they came earlier: they are for the whole process.
  void direct_to(StopSource stop, SecondSignal second = SecondSignal::ends_process);

  /// Directs the next signal, or the loss of the reader, to `first`, the one after it to `second`,
  /// and the process ends at the third.
  void direct_to(StopSource first, StopSource second);
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

 private:
  SignalWatcher(StopSource stop, const terminal::Streams& streams, LostReader lost_reader,
                const std::array<int, 2>& pipe);
  void watch(int reader);
  void take(int signal);
  void lose_reader();

  const terminal::Streams streams_;

  std::mutex mutex_;  // guards the following
  StopSource stop_;
  std::optional<StopSource> next_stop_;  // for the second signal
  SecondSignal second_ = SecondSignal::ends_process;
  std::optional<std::chrono::steady_clock::time_point> first_signal_at_;  // for this `stop_`
  std::optional<ErrorKind> lasting_reason_;  // applies to each later `stop_` as well

  const system::FileDescriptor wake_read_;  // gets a byte for each signal
  const system::FileDescriptor wake_write_;
  sigset_t previous_{};
  std::thread thread_;
};

}  // namespace rellama::program
