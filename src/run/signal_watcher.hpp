#pragma once

#include <pthread.h>
#include <signal.h>

#include <mutex>
#include <thread>

#include "rellama/stop.hpp"

namespace rellama::program {

/// What a second signal does.
enum class SecondSignal { ends_process, changes_nothing };

/// Turns Ctrl-C, SIGTERM and SIGHUP into a request to stop, from construction to destruction. The
/// second signal ends the process at once. Construct it before any other thread is started: they
/// must all have these signals blocked, so that the watcher is the one who gets them.
class SignalWatcher {
 public:
  explicit SignalWatcher(StopSource stop);

  /// From now on signals stop `stop` instead, and the next one is the first.
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
