#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace rellama::test {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
    read_end = ends[0];
    write_end = ends[1];
  }
  int read_end;
  int write_end;
};

// Makes `pipe` hold no more than `room` bytes before a writer has to wait.
void leave_room(const Pipe& pipe, std::size_t room) {
  const int size = ::fcntl(pipe.write_end, F_SETPIPE_SZ, 1);  // one page
  if (size < 0) fail("F_SETPIPE_SZ");
  const std::string filling(static_cast<std::size_t>(size) - room, '.');
  if (::write(pipe.write_end, filling.data(), filling.size()) < 0) fail("write");
}

void close_and_forget(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

// In the child, between fork and exec: only system calls.
[[noreturn]] void become(const Launch& launch, char* const* argv, char* const* envp, int in,
                         int out, int err, int terminal) {
  if (terminal >= 0) {
    ::setsid();
    ::ioctl(terminal, TIOCSCTTY, 0);
  }
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  ::execve(launch.program.c_str(), argv, envp);
  ::_exit(127);
}

// Appends available data; false at the end.
bool take(int fd, std::string& to) {
  std::array<char, 65536> bytes{};
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  if (count <= 0) return count < 0 && errno == EINTR;  // a closed pseudo-terminal reads as EIO
  to.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

}  // namespace

Process::Process(const Launch& launch) {
  std::vector<std::string> arguments{launch.program};
  arguments.insert(arguments.end(), launch.arguments.begin(), launch.arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : launch.environment) environment.push_back(name + "=" + value);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);

  int child_in = -1;
  int child_out = -1;
  int child_err = -1;
  int child_terminal = -1;
  if (launch.on_terminal) {
    winsize size{};
    size.ws_row = 24;
    size.ws_col = 80;
    if (::openpty(&terminal_, &child_terminal, nullptr, nullptr, &size) != 0) fail("openpty");
    ::fcntl(terminal_, F_SETFD, FD_CLOEXEC);
    ::fcntl(child_terminal, F_SETFD, FD_CLOEXEC);
    child_in = child_out = child_err = child_terminal;
  } else {
    const Pipe err;
    err_ = err.read_end;
    child_err = err.write_end;
    if (launch.input) {
      const Pipe in;
      in_ = in.write_end;
      ::fcntl(in_, F_SETFL, O_NONBLOCK);
      child_in = in.read_end;
      unsent_ = *launch.input;
    } else {
      child_in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
  }
  if (!launch.output_file.empty()) {
    child_out = ::open(launch.output_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (child_out < 0) fail("open");
  } else if (!launch.on_terminal || launch.pipe_output) {
    const Pipe out;
    if (launch.output_room) leave_room(out, *launch.output_room);
    out_ = out.read_end;
    child_out = out.write_end;
  }

  ::signal(SIGPIPE, SIG_IGN);
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) {
    become(launch, argv.data(), envp.data(), child_in, child_out, child_err, child_terminal);
  }
  if (child_out != child_terminal) ::close(child_out);
  if (launch.on_terminal) {
    ::close(child_terminal);
  } else {
    ::close(child_in);
    ::close(child_err);
  }
  if (unsent_.empty()) close_and_forget(in_);
}

Process::~Process() {
  for (int* fd : {&in_, &out_, &err_, &terminal_}) close_and_forget(*fd);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void Process::type(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(terminal_, text.data(), text.size());
    if (count < 0 && errno != EINTR) fail("write");
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool Process::read_until(std::string_view text) {
  const std::string& seen = out_ >= 0 ? outcome_.out : outcome_.err;
  while (seen.find(text) == std::string::npos) {
    if (!pump()) return seen.find(text) != std::string::npos;
  }
  return true;
}

void Process::resize(int lines, int columns) const {
  winsize size{};
  size.ws_row = static_cast<unsigned short>(lines);
  size.ws_col = static_cast<unsigned short>(columns);
  ioctl(terminal_, TIOCSWINSZ, &size);
}

void Process::close_output() {
  close_and_forget(out_);
}

void Process::hang_up() {
  close_and_forget(terminal_);
}

void Process::send_signal(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

std::size_t Process::unread_output() const {
  int count = 0;
  if (::ioctl(out_, FIONREAD, &count) != 0) fail("FIONREAD");
  return static_cast<std::size_t>(count);
}

Outcome Process::wait() {
  while (pump()) {
  }
  wait_without_reading();
  return outcome_;
}

int Process::wait_without_reading() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  outcome_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return outcome_.exit_code;
}

// Reads and writes available data; false once there is nothing left to read.
bool Process::pump() {
  std::vector<pollfd> polled;
  const auto add = [&polled](int fd, short events) {
    if (fd >= 0) polled.push_back({fd, events, 0});
  };
  add(out_, POLLIN);
  add(err_, POLLIN);
  add(terminal_, POLLIN);
  if (polled.empty()) return false;
  add(in_, POLLOUT);
  if (::poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) fail("poll");
  for (const pollfd& entry : polled) {
    if (entry.revents == 0) continue;
    if (entry.fd == in_) {
      const ssize_t count = ::write(in_, unsent_.data(), unsent_.size());
      if (count > 0) unsent_.erase(0, static_cast<std::size_t>(count));
      if ((count < 0 && errno != EAGAIN && errno != EINTR) || unsent_.empty()) {
        close_and_forget(in_);
      }
    } else if (entry.fd == out_) {
      if (!take(out_, outcome_.out)) close_and_forget(out_);
    } else if (entry.fd == err_) {
      if (!take(err_, outcome_.err)) close_and_forget(err_);
    } else if (!take(terminal_, outcome_.err)) {
      close_and_forget(terminal_);
    }
  }
  return true;
}

Outcome run(const Launch& launch) {
  return Process(launch).wait();
}

}  // namespace rellama::test
