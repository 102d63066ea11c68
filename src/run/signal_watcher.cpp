#include "run/signal_watcher.hpp"

#include <unistd.h>

#include <utility>

namespace rellama::program {
namespace {

// Ends the watching thread; nothing else sends it.
constexpr int kStopWatching = SIGUSR2;

constexpr int kFirstSignalExitCode = 128;

ErrorKind reason_for(int signal) {
  switch (signal) {
    case SIGTERM: return ErrorKind::terminated;
    case SIGHUP: return ErrorKind::hung_up;
    default: return ErrorKind::interrupted;
  }
}

// A signal ignored by the parent process (nohup, a background job of a script) stays ignored.
bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

SignalWatcher::SignalWatcher(StopSource stop) : stop_(std::move(stop)) {
  sigemptyset(&watched_);
  sigaddset(&watched_, kStopWatching);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(signal)) sigaddset(&watched_, signal);
  }
  pthread_sigmask(SIG_BLOCK, &watched_, &previous_);
  thread_ = std::thread([this] { watch(); });
}

SignalWatcher::~SignalWatcher() {
  pthread_kill(thread_.native_handle(), kStopWatching);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

void SignalWatcher::direct_to(StopSource stop, SecondSignal second) {
  const std::lock_guard lock(mutex_);
  stop_ = std::move(stop);
  second_ = second;
  stopping_ = false;
}

void SignalWatcher::watch() {
  int signal = 0;
  while (sigwait(&watched_, &signal) == 0 && signal != kStopWatching) take(signal);
}

void SignalWatcher::take(int signal) {
  const std::lock_guard lock(mutex_);
  if (stopping_ && second_ == SecondSignal::ends_process) _exit(kFirstSignalExitCode + signal);
  stopping_ = true;
  stop_.request(reason_for(signal));
}

}  // namespace rellama::program
