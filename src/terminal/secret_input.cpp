#include "terminal/secret_input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "rellama/error.hpp"
#include "system/environment.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/file_streams.hpp"

namespace rellama::terminal {
namespace {

constexpr std::size_t kLongestLine = 4096;

constexpr char kControlC = 0x03;
constexpr char kControlD = 0x04;
constexpr char kControlU = 0x15;
constexpr char kBackspace = 0x08;
constexpr char kDelete = 0x7F;

Error no_terminal(int error) {
  return Error(ErrorKind::invalid_input, {.failed = "cannot ask for a secret",
                                          .why = std::generic_category().message(error),
                                          .remedy = "pass it on standard input"});
}

Error interrupted() {
  return Error(ErrorKind::interrupted, {.failed = "interrupted"});
}

// Turns off the echo, and also the terminal's line editing and Ctrl-C: a signal could end the
// program before the echo is restored.
class HiddenInput {
 public:
  explicit HiddenInput(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal_, &before_) != 0) throw no_terminal(errno);
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    hidden.c_cc[VMIN] = 1;
    hidden.c_cc[VTIME] = 0;
    if (::tcsetattr(terminal_, TCSAFLUSH, &hidden) != 0) throw no_terminal(errno);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;
  // TCSAFLUSH: a second pasted line must not end up in the shell.
  ~HiddenInput() { ::tcsetattr(terminal_, TCSAFLUSH, &before_); }

 private:
  int terminal_;
  termios before_{};
};

char read_key(int terminal, const StopToken& stop) {
  while (true) {
    stop.throw_if_stopped();
    pollfd waiting{.fd = terminal, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, kStopCheckMilliseconds) <= 0) continue;
    char key = 0;
    const ssize_t count = ::read(terminal, &key, 1);
    if (count == 1) return key;
    if (count == 0) throw interrupted();
    if (errno != EINTR && errno != EAGAIN) throw no_terminal(errno);
  }
}

void erase_character(std::string& line) {
  while (!line.empty()) {
    const bool continues = (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80;
    line.pop_back();
    if (!continues) return;
  }
}

std::string read_line(int terminal, const StopToken& stop) {
  std::string line;
  while (true) {
    const char key = read_key(terminal, stop);
    switch (key) {
      case '\r':
      case '\n': return line;
      case kControlC: throw interrupted();
      case kControlD:
        if (line.empty()) throw interrupted();
        return line;
      case kControlU: line.clear(); break;
      case kBackspace:
      case kDelete: erase_character(line); break;
      default: line += key;
    }
    if (line.size() > kLongestLine) {
      throw Error(ErrorKind::invalid_input, {.failed = "the secret is too long",
                                             .why = "it is longer than 4096 bytes",
                                             .remedy = "check what you pasted"});
    }
  }
}

}  // namespace

std::string read_secret(std::string_view prompt, const StopToken& stop) {
  const system::FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.is_open()) throw no_terminal(errno);
  return read_secret(terminal.get(), prompt, stop);
}

std::string read_secret(int terminal, std::string_view prompt, const StopToken& stop) {
  FileOutput screen(terminal, "the terminal", system::process_environment());
  const HiddenInput hidden(terminal);
  screen.write(prompt);
  try {
    std::string line = read_line(terminal, stop);
    screen.write("\n");
    return line;
  } catch (const Error&) {
    screen.write("\n");
    throw;
  }
}

}  // namespace rellama::terminal
