#include "run/signal_watcher.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "rellama/error.hpp"

namespace rellama::program {
namespace {

constexpr int kFirstSignalExitCode = 128;
constexpr char kStopWatching = 0;
constexpr std::chrono::milliseconds kSameEvent{200};

// Those whose default action is to end the process, except those of `kFaultSignals`.
constexpr std::array kEndingSignals{
    SIGINT, SIGTERM, SIGHUP,    SIGQUIT, SIGALRM, SIGXCPU, SIGPROF, SIGVTALRM,
#ifdef __linux__
    SIGIO,  SIGPWR,  SIGSTKFLT,
#endif
};

// What a bug or abort(3) raises. Another process can send them as well.
constexpr std::array kFaultSignals{SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP};
std::array<struct sigaction, kFaultSignals.size()> fault_actions{};  // those found at the start

ErrorKind reason_for(int signal) {
  switch (signal) {
    case SIGINT: return ErrorKind::interrupted;
    case SIGHUP: return ErrorKind::hung_up;
    default: return ErrorKind::terminated;
  }
}

// Where the watcher waits for signals; -1 if there is none. Global for the signal handler.
std::atomic<int> wake_descriptor = -1;
static_assert(std::atomic<int>::is_always_lock_free);

void pass_on(int signal) {
  const int error = errno;
  const int descriptor = wake_descriptor;
  if (descriptor < 0) _exit(kFirstSignalExitCode + signal);
  // If the pipe is full, enough signals are in it.
  const char byte = static_cast<char>(signal);
  [[maybe_unused]] const ssize_t written = ::write(descriptor, &byte, 1);
  errno = error;
}

// Ends the process as it would have ended, unless another process has sent the signal.
void take_fault(int signal, siginfo_t* info, void* /*context*/) {
  const bool was_sent = info->si_code <= 0 || info->si_code == SI_USER;
  if (was_sent && info->si_pid != getpid()) return pass_on(signal);
  for (std::size_t i = 0; i < kFaultSignals.size(); ++i) {
    if (kFaultSignals[i] == signal) sigaction(signal, &fault_actions[i], nullptr);
  }
  if (was_sent) raise(signal);  // otherwise the instruction that failed does that
}

void handle_faults() noexcept {
  for (std::size_t i = 0; i < kFaultSignals.size(); ++i) {
    struct sigaction action {};
    struct sigaction found {};
    action.sa_sigaction = take_fault;
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    sigfillset(&action.sa_mask);
    if (sigaction(kFaultSignals[i], &action, &found) != 0) continue;
    const bool is_ours = (found.sa_flags & SA_SIGINFO) != 0 && found.sa_sigaction == take_fault;
    if (!is_ours) fault_actions[i] = found;
    if (found.sa_handler == SIG_IGN) sigaction(kFaultSignals[i], &found, nullptr);
  }
}

void ignore(int /*signal*/) {}

void handle(int signal, void (*handler)(int)) noexcept {
  struct sigaction action {};
  struct sigaction found {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  if (sigaction(signal, &action, &found) == 0 && found.sa_handler == SIG_IGN) {
    sigaction(signal, &found, nullptr);
  }
}

sigset_t handled_signals() noexcept {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : kEndingSignals) sigaddset(&signals, signal);
  sigaddset(&signals, SIGUSR1);
  sigaddset(&signals, SIGUSR2);
#ifdef SIGRTMIN
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) sigaddset(&signals, signal);
#endif
  return signals;
}

Error cannot_watch(int error) {
  return Error(ErrorKind::internal, {.failed = "cannot wait for signals",
                                     .why = std::generic_category().message(error),
                                     .remedy = "close other programs and try again"});
}

std::array<int, 2> open_pipe() {
  std::array<int, 2> ends{};
  // macOS has no pipe2. No other thread starts a process in between.
  if (::pipe(ends.data()) != 0) throw cannot_watch(errno);
  for (const int fd : ends) {
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
  }
  return ends;
}

}  // namespace

void exit_on_signals() noexcept {
  for (const int signal : kEndingSignals) handle(signal, pass_on);
  handle_faults();
  for (const int signal : {SIGUSR1, SIGUSR2}) handle(signal, ignore);
#ifdef SIGRTMIN
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) handle(signal, pass_on);
#endif
}

SignalWatcher::SignalWatcher(StopSource stop, const terminal::Streams& streams,
                             LostReader lost_reader)
    : SignalWatcher(std::move(stop), streams, lost_reader, open_pipe()) {}

SignalWatcher::SignalWatcher(StopSource stop, const terminal::Streams& streams,
                             LostReader lost_reader, const std::array<int, 2>& pipe)
    : streams_(streams), wake_read_(pipe[0]), wake_write_(pipe[1]) {
  direct_to(std::move(stop));
  exit_on_signals();
  wake_descriptor = wake_write_.get();
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, &previous_);
  const int reader = lost_reader == LostReader::stops_run ? streams.out.reader_descriptor() : -1;
  try {
    thread_ = std::thread([this, reader] { watch(reader); });
  } catch (const std::system_error& error) {
    wake_descriptor = -1;
    pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
    throw cannot_watch(error.code().value());
  }
}

SignalWatcher::~SignalWatcher() {
  // Only a full pipe makes this fail, and the thread empties it.
  while (::write(wake_write_.get(), &kStopWatching, 1) < 0) ::poll(nullptr, 0, 1);
  thread_.join();
  wake_descriptor = -1;
  char signal = kStopWatching;
  if (::read(wake_read_.get(), &signal, 1) == 1) pass_on(signal);  // came in the last moment
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

void SignalWatcher::direct_to(StopSource stop, SecondSignal second) {
  const std::lock_guard lock(mutex_);
  stop_ = std::move(stop);
  next_stop_.reset();
  second_ = second;
  first_signal_at_.reset();
  streams_.out.stop_waiting_on(stop_.token());
  streams_.err.stop_waiting_on(stop_.token());
  if (lasting_reason_) stop_.request(*lasting_reason_);
}

void SignalWatcher::direct_to(StopSource first, StopSource second) {
  direct_to(std::move(first), SecondSignal::ends_process);
  const std::lock_guard lock(mutex_);
  next_stop_ = std::move(second);
}

void SignalWatcher::watch(int reader) {
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);  // here, and in no other thread
  std::array<pollfd, 2> waiting{pollfd{.fd = wake_read_.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = reader, .events = 0, .revents = 0}};
  while (true) {
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[1].revents != 0) {
      waiting[1].fd = -1;
      lose_reader();
    }
    char signal = kStopWatching;
    if (waiting[0].revents == 0 || ::read(wake_read_.get(), &signal, 1) != 1) continue;
    if (signal == kStopWatching) break;
    take(signal);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void SignalWatcher::take(int signal) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const ErrorKind reason = reason_for(signal);
  const bool is_another = first_signal_at_ && now >= *first_signal_at_ + kSameEvent;
  if (!first_signal_at_) first_signal_at_ = now;
  if (is_another && next_stop_) {
    next_stop_->request(reason);
    next_stop_.reset();
    first_signal_at_ = now;
    return;
  }
  if (is_another && second_ == SecondSignal::ends_process) _exit(kFirstSignalExitCode + signal);
  if (reason != ErrorKind::interrupted) lasting_reason_ = reason;
  stop_.request(reason);
}

void SignalWatcher::lose_reader() {
  const std::lock_guard lock(mutex_);
  lasting_reason_ = ErrorKind::output_closed;
  stop_.request(ErrorKind::output_closed);
}

}  // namespace rellama::program
