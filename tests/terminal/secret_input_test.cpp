#include "terminal/secret_input.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <future>
#include <string>

#include "rellama/error.hpp"

namespace rellama::terminal {
namespace {

// A pseudo-terminal to type on.
class SecretInput : public testing::Test {
 protected:
  void SetUp() override {
    keyboard_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_GE(keyboard_, 0);
    ASSERT_EQ(::grantpt(keyboard_), 0);
    ASSERT_EQ(::unlockpt(keyboard_), 0);
    terminal_ = ::open(::ptsname(keyboard_), O_RDWR | O_NOCTTY);
    ASSERT_GE(terminal_, 0);
    ASSERT_EQ(::tcgetattr(terminal_, &before_), 0);
  }
  void TearDown() override {
    expect_restored();
    ::close(terminal_);
    ::close(keyboard_);
  }

  std::future<std::string> ask() {
    auto answer = std::async(std::launch::async,
                             [this] { return read_secret(terminal_, "Token: ", stop_.token()); });
    // The prompt appears after the echo was turned off.
    read_screen_until("Token: ");
    return answer;
  }

  void type(std::string_view keys) const {
    ASSERT_EQ(::write(keyboard_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }

  void read_screen_until(const std::string& text) {
    while (screen_.find(text) == std::string::npos) {
      pollfd waiting{.fd = keyboard_, .events = POLLIN, .revents = 0};
      ASSERT_EQ(::poll(&waiting, 1, 10'000), 1) << "the screen shows only: " << screen_;
      char byte = 0;
      ASSERT_EQ(::read(keyboard_, &byte, 1), 1);
      screen_ += byte;
    }
  }

  void expect_restored() const {
    termios after{};
    ASSERT_EQ(::tcgetattr(terminal_, &after), 0);
    EXPECT_EQ(after.c_lflag, before_.c_lflag) << "the terminal was left without echo";
  }

  static ErrorKind kind_of(std::future<std::string>& answer) {
    try {
      ADD_FAILURE() << "read: " << answer.get();
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::internal;
  }

  int keyboard_ = -1;
  int terminal_ = -1;
  termios before_{};
  std::string screen_;
  StopSource stop_;
};

TEST_F(SecretInput, what_is_typed_is_read_without_echo) {
  auto answer = ask();
  type("r8_secret\r");
  EXPECT_EQ(answer.get(), "r8_secret");
  read_screen_until("\n");
  EXPECT_EQ(screen_.find("r8_secret"), std::string::npos) << screen_;
}

TEST_F(SecretInput, backspace_deletes_a_character_and_control_u_the_line) {
  auto answer = ask();
  type("wrong\x15r8_é\x7f\x7f_x\x08y\n");
  EXPECT_EQ(answer.get(), "r8_y");
}

TEST_F(SecretInput, control_c_interrupts_and_restores_the_echo) {
  auto answer = ask();
  type("r8_\x03");
  EXPECT_EQ(kind_of(answer), ErrorKind::interrupted);
}

TEST_F(SecretInput, control_d_on_an_empty_line_interrupts) {
  auto answer = ask();
  type("\x04");
  EXPECT_EQ(kind_of(answer), ErrorKind::interrupted);
}

TEST_F(SecretInput, a_stop_request_restores_the_echo) {
  auto answer = ask();
  stop_.request(ErrorKind::terminated);
  EXPECT_EQ(kind_of(answer), ErrorKind::terminated);
}

TEST_F(SecretInput, a_line_too_long_for_a_secret_is_refused) {
  auto answer = ask();
  type(std::string(4000, 'x'));
  type(std::string(97, 'x'));
  EXPECT_EQ(kind_of(answer), ErrorKind::invalid_input);
}

TEST(SecretInputWithoutTerminal, a_file_is_refused) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  try {
    (void)read_secret(null, "Token: ", {});
    FAIL() << "asked /dev/null";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  }
  ::close(null);
}

}  // namespace
}  // namespace rellama::terminal
