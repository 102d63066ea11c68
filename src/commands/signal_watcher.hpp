#pragma once

#include <pthread.h>
#include <signal.h>

#include <thread>

#include "rellama/stop.hpp"

namespace rellama::commands {

/// Turns Ctrl-C, SIGTERM and SIGHUP into a request to stop, from construction to destruction. The
/// second signal ends the process at once. Construct it before any other thread is started: they
/// must all have these signals blocked, so that the watcher is the one who gets them.
class SignalWatcher {
 public:
  explicit SignalWatcher(StopSource stop);
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

 private:
  void watch();

  StopSource stop_;
  sigset_t watched_{};
  sigset_t previous_{};
  std::thread thread_;
};

}  // namespace rellama::commands
