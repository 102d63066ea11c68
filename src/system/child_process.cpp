#include "system/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>
#include <system_error>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"

#ifdef __APPLE__
extern char** environ;  // glibc declares it; POSIX leaves that to the program
#endif

namespace rellama::system {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxOutput = std::size_t{64} << 10;
constexpr std::array<std::string_view, 2> kSecretVariables{"REPLICATE_API_TOKEN=",
                                                           "RELLAMA_GATEWAY_HEADER="};

Error cannot_start(int error) {
  return Error(ErrorKind::internal, {.failed = "cannot start /bin/sh",
                                     .why = std::generic_category().message(error),
                                     .remedy = "close other programs and try again"});
}

// The descriptors a child gets as its 0 and 1. Its 2 is always ours.
struct ChildStreams {
  int in = STDIN_FILENO;
  int out = STDOUT_FILENO;
};

class SpawnActions {
 public:
  explicit SpawnActions(const ChildStreams& streams) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, streams.in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, streams.out, STDOUT_FILENO);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

sigset_t no_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  return none;
}

/// Which process group a child belongs to.
enum class Group { ours, its_own };

// The signals of a child: none blocked, whatever we block for our watcher, and the default actions
// for those that we may ignore.
class SpawnAttributes {
 public:
  SpawnAttributes(sigset_t defaults, Group group) {
    ::sigaddset(&defaults, SIGPIPE);
    ::sigaddset(&defaults, SIGXFSZ);
    const sigset_t none = no_signals();
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    const int own_group = group == Group::its_own ? POSIX_SPAWN_SETPGROUP : 0;
    ::posix_spawnattr_setflags(&attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK |
                                                                POSIX_SPAWN_SETSIGDEF | own_group));
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// `defaults` are signals that get their default action in the child, beside the usual ones.
pid_t start_shell(const std::string& command, std::vector<std::string> arguments,
                  const ChildStreams& streams, const sigset_t& defaults, Group group) {
  std::vector<std::string> words{"sh", "-c", command, "sh"};
  std::move(arguments.begin(), arguments.end(), std::back_inserter(words));
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const auto is_secret = [variable](std::string_view name) {
      return std::string_view(*variable).starts_with(name);
    };
    if (std::none_of(kSecretVariables.begin(), kSecretVariables.end(), is_secret)) {
      variables.push_back(*variable);
    }
  }
  variables.push_back(nullptr);

  const SpawnActions actions(streams);
  const SpawnAttributes attributes(defaults, group);
  pid_t child = -1;
  const int error = ::posix_spawn(&child, "/bin/sh", actions.get(), attributes.get(), argv.data(),
                                  variables.data());
  if (error != 0) throw cannot_start(error);
  return child;
}

ChildEnd end_of(int status) {
  if (WIFSIGNALED(status)) return {ChildEnd::Way::killed, WTERMSIG(status)};
  return {ChildEnd::Way::exited, WEXITSTATUS(status)};
}

ChildEnd wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return end_of(status);
}

// Whether there is a reason to stop. Ctrl-C is meant for the program that has the terminal.
bool is_ended(const StopToken& stop) {
  const auto reason = stop.reason();
  return reason && *reason != ErrorKind::interrupted;
}

// Waits for a child, and ends it when `stop` is requested.
ChildEnd wait_for(pid_t child, Group group, const StopToken& stop) {
  std::optional<std::stop_callback<std::function<void()>>> on_stop;
  on_stop.emplace(stop.std_token(), [child, group, &stop] {
    if (is_ended(stop)) ::kill(group == Group::its_own ? -child : child, SIGTERM);
  });
  siginfo_t ended{};
  while (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) < 0 &&
         errno == EINTR) {
  }
  on_stop.reset();  // before another process may get this ID
  return wait_for(child);
}

int milliseconds_until(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

// Reads once within `milliseconds`. False if there was nothing, or the pipe is closed.
bool take_output(int fd, std::string& output, int milliseconds) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, milliseconds) <= 0) return false;
  std::array<char, 4096> bytes{};
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  if (count <= 0) return false;
  const std::size_t room = kMaxOutput - output.size();
  output.append(bytes.data(), std::min(room, static_cast<std::size_t>(count)));
  return true;
}

// Reads until the child itself ends: what it left in the background may keep the pipe open.
ChildEnd read_until_end(pid_t child, int fd, std::string& output, Clock::time_point until,
                        const StopToken& stop) {
  constexpr int kTurnMilliseconds = 5;
  while (Clock::now() < until && !stop.reason()) {
    const int turn = std::min(kTurnMilliseconds, milliseconds_until(until));
    const bool more = take_output(fd, output, turn);
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) {
      while (Clock::now() < until && take_output(fd, output, 0)) {
      }
      return end_of(status);
    }
    // A closed pipe is always readable.
    if (!more) ::poll(nullptr, 0, turn);
  }
  return {ChildEnd::Way::timed_out, 0};
}

void kill_all(pid_t child, Group group) {
  ::kill(group == Group::its_own ? -child : child, SIGKILL);
  wait_for(child);
}

// Ignores Ctrl-C at the terminal while another program has it.
class IgnoredInterrupts {
 public:
  IgnoredInterrupts() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &interrupt_);
    ::sigaction(SIGQUIT, &ignore, &quit_);
  }
  IgnoredInterrupts(const IgnoredInterrupts&) = delete;
  IgnoredInterrupts& operator=(const IgnoredInterrupts&) = delete;
  ~IgnoredInterrupts() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGQUIT, &quit_, nullptr);
  }

  // The signals that are ignored only here. A program that was started with one ignored passes
  // that on, as system(3) does.
  [[nodiscard]] sigset_t signals() const {
    sigset_t signals = no_signals();
    if (interrupt_.sa_handler != SIG_IGN) ::sigaddset(&signals, SIGINT);
    if (quit_.sa_handler != SIG_IGN) ::sigaddset(&signals, SIGQUIT);
    return signals;
  }

 private:
  struct sigaction interrupt_ {};
  struct sigaction quit_ {};
};

FileDescriptor open_terminal() {
  return FileDescriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
}

// A command that may ask for a password has to be in the terminal's foreground group, which Ctrl-C
// reaches as a whole. It cannot be given the terminal in a group of its own: the other programs of
// our pipeline, such as a pager, would be stopped.
Group choose_group() {
  const FileDescriptor terminal = open_terminal();
  const bool in_foreground = terminal.is_open() && ::tcgetpgrp(terminal.get()) == ::getpgrp();
  return in_foreground ? Group::ours : Group::its_own;
}

}  // namespace

std::string describe(const ChildEnd& end) {
  switch (end.way) {
    case ChildEnd::Way::killed: return "killed by signal " + std::to_string(end.number);
    case ChildEnd::Way::timed_out: return "timed out";
    case ChildEnd::Way::exited: break;
  }
  return "exit status " + std::to_string(end.number);
}

CapturedOutput capture_output(const std::string& command, std::chrono::milliseconds limit,
                              const StopToken& stop) {
  stop.throw_if_stopped();
  const Clock::time_point until = Clock::now() + limit;
  const Group group = choose_group();
  std::array<int, 2> ends{};
  // macOS has no pipe2. Nothing else starts a process in between.
  if (::pipe(ends.data()) != 0) throw cannot_start(errno);
  const FileDescriptor read_end(ends[0]);
  pid_t child = -1;
  {
    const FileDescriptor write_end(ends[1]);
    for (const int fd : ends) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    const FileDescriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int in = ::isatty(STDIN_FILENO) != 0 ? STDIN_FILENO : nothing.get();
    child = start_shell(command, {}, {.in = in, .out = write_end.get()}, no_signals(), group);
  }
  CapturedOutput captured;
  captured.end = read_until_end(child, read_end.get(), captured.output, until, stop);
  if (captured.end.way == ChildEnd::Way::timed_out) {
    kill_all(child, group);
    stop.throw_if_stopped();
  }
  return captured;
}

bool has_terminal() {
  return ::isatty(STDIN_FILENO) != 0 || open_terminal().is_open();
}

ChildEnd run_on_terminal(const std::string& command, const std::vector<std::string>& arguments,
                         const StopToken& stop) {
  const FileDescriptor terminal = open_terminal();
  ChildStreams streams;
  if (::isatty(STDIN_FILENO) == 0 && terminal.is_open()) streams.in = terminal.get();
  if (::isatty(STDOUT_FILENO) == 0) {
    streams.out = terminal.is_open() ? terminal.get() : STDERR_FILENO;
  }
  // Before the child starts: it may take over the terminal at once.
  const IgnoredInterrupts ignored;
  // A shell that handles these signals by doing nothing waits for its child, where they have their
  // default actions.
  // On a terminal it has to be in the group that the terminal belongs to.
  const Group group = terminal.is_open() ? Group::ours : Group::its_own;
  const pid_t child =
      start_shell("trap : INT QUIT; " + command, arguments, streams, ignored.signals(), group);
  const ChildEnd end = wait_for(child, group, stop);
  if (is_ended(stop)) stop.throw_if_stopped();
  return end;
}

}  // namespace rellama::system
