#pragma once

#include <pthread.h>
#include <signal.h>

#include <mutex>
#include <thread>

#include "rellama/stop.hpp"

namespace rellama::program {

/// What a second signal does.
enum class SecondSignal { ends_process, changes_nothing };

/// Turns Ctrl-C, SIGTERM and SIGHUP into a request to stop, as long as it exists. A second signal
/// ends the process at once. Construct it before any other thread is started: all threads must have
/// these signals blocked, so that only the watcher receives them.
class SignalWatcher {
 public:
  explicit SignalWatcher(StopSource stop);

  /// Directs the next signals to `stop`, and counts them from the first again.
  void direct_to(StopSource stop, SecondSignal second = SecondSignal::ends_process);
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

 private:
  void watch();
  void take(int signal);

  std::mutex mutex_;  // guards these three
  StopSource stop_;
  SecondSignal second_ = SecondSignal::ends_process;
  bool stopping_ = false;

  sigset_t watched_{};
  sigset_t previous_{};
  std::thread thread_;
};

}  // namespace rellama::program
