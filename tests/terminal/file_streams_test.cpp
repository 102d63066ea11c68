#include "terminal/file_streams.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <thread>

#include "rellama/error.hpp"

namespace rellama::terminal {
namespace {

system::Environment columns_set_to(std::optional<std::string> value) {
  return [value](std::string_view name) {
    return name == "COLUMNS" ? value : std::optional<std::string>{};
  };
}

class Pipe {
 public:
  explicit Pipe(int flags = O_CLOEXEC) {
    if (::pipe2(ends_.data(), flags) != 0) throw std::runtime_error("no pipe");
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_reading();
    close_writing();
  }
  [[nodiscard]] int reading() const { return ends_[0]; }
  [[nodiscard]] int writing() const { return ends_[1]; }
  void close_reading() { close_end(ends_[0]); }
  void close_writing() { close_end(ends_[1]); }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }
  std::array<int, 2> ends_{};
};

FileOutput output_to(int fd) {
  return {fd, "standard output", columns_set_to({})};
}

// The kind of the Error that `call` throws.
template <typename Call>
std::optional<ErrorKind> kind_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.kind();
  }
  return std::nullopt;
}

TEST(FileOutput, a_reader_that_is_gone_is_an_output_closed) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.close_reading();
  try {
    output_to(pipe.writing()).write("x");
    FAIL() << "written to nobody";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::output_closed);
  }
}

TEST(FileOutput, a_terminal_that_is_gone_is_a_hang_up) {
  int master = -1;
  int slave = -1;
  ASSERT_EQ(::openpty(&master, &slave, nullptr, nullptr, nullptr), 0);
  FileOutput out(slave, "the terminal", columns_set_to({}));
  ::close(master);
  try {
    out.write("text");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::hung_up) << error.what();
  }
  ::close(slave);
}

TEST(FileOutput, a_full_disk_is_reported_with_a_remedy) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  try {
    output_to(full).write("x");
    FAIL() << "written to a full disk";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_EQ(std::string(error.what()),
              "cannot write to standard output: No space left on device; free some space and try "
              "again");
  }
  ::close(full);
}

TEST(FileOutput, a_slow_reader_of_a_nonblocking_pipe_gets_everything) {
  Pipe pipe(O_CLOEXEC | O_NONBLOCK);
  const std::string sent(1'000'000, 'x');  // more than a pipe holds
  std::string received;
  std::jthread reader([&] {
    std::string part(100'000, '\0');
    while (true) {
      const ssize_t count = ::read(pipe.reading(), part.data(), part.size());
      if (count == 0) return;
      if (count > 0) received.append(part, 0, static_cast<std::size_t>(count));
    }
  });
  output_to(pipe.writing()).write(sent);
  pipe.close_writing();
  reader.join();
  EXPECT_EQ(received.size(), sent.size());
}

// Leaves no room in the pipe.
void fill(const Pipe& pipe) {
  const int size = ::fcntl(pipe.writing(), F_GETPIPE_SZ);
  ASSERT_GT(size, 0);
  const std::string filling(static_cast<std::size_t>(size), '.');
  ASSERT_EQ(::write(pipe.writing(), filling.data(), filling.size()), size);
}

TEST(FileOutput, a_stop_ends_a_write_to_a_pipe_that_nobody_reads) {
  Pipe pipe;
  fill(pipe);
  StopSource stop;
  FileOutput output(pipe.writing(), "standard output", columns_set_to({}));
  output.stop_waiting_on(stop.token());
  std::jthread stopper([&] { stop.request(ErrorKind::terminated); });
  EXPECT_EQ(kind_of([&] { output.write("x"); }), ErrorKind::terminated);
  EXPECT_EQ(kind_of([&] { output.write("y"); }), ErrorKind::terminated) << "without waiting again";
}

TEST(FileOutput, a_deadline_ends_a_write_to_a_pipe_that_nobody_reads) {
  Pipe pipe;
  fill(pipe);
  const StopSource stop(std::chrono::steady_clock::now());
  FileOutput output(pipe.writing(), "standard output", columns_set_to({}));
  output.stop_waiting_on(stop.token());
  EXPECT_EQ(kind_of([&] { output.write("x"); }), ErrorKind::deadline);
}

TEST(FileOutput, a_stop_ends_a_write_to_a_socket_that_nobody_reads) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  StopSource stop;
  stop.request(ErrorKind::hung_up);
  FileOutput output(ends[0], "standard output", columns_set_to({}));
  output.stop_waiting_on(stop.token());
  EXPECT_EQ(kind_of([&] { output.write(std::string(10'000'000, 'x')); }), ErrorKind::hung_up);
  for (const int end : ends) ::close(end);
}

TEST(FileOutput, a_write_that_need_not_wait_is_made_after_a_stop) {
  Pipe pipe;
  StopSource stop;
  stop.request(ErrorKind::interrupted);
  FileOutput output(pipe.writing(), "standard output", columns_set_to({}));
  output.stop_waiting_on(stop.token());
  output.write("the last words");
  std::array<char, 100> bytes{};
  EXPECT_EQ(::read(pipe.reading(), bytes.data(), bytes.size()), 14);
}

TEST(FileOutput, others_who_share_the_pipe_still_wait_for_room) {
  Pipe pipe;
  FileOutput output(pipe.writing(), "standard output", columns_set_to({}));
  output.stop_waiting_on({});
  output.write("x");
  EXPECT_EQ(::fcntl(pipe.writing(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(FileOutput, only_a_pipe_or_a_socket_has_a_reader) {
  Pipe pipe;
  EXPECT_EQ(output_to(pipe.writing()).reader_descriptor(), pipe.writing());
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(output_to(null).reader_descriptor(), -1);
  ::close(null);
}

TEST(FileOutput, columns_come_from_the_variable_if_it_is_a_number) {
  Pipe pipe;
  EXPECT_EQ(FileOutput(pipe.writing(), "x", columns_set_to("132")).columns(), 132);
  for (const char* nonsense : {"", "0", "-5", "wide", "80x", "99999999999"}) {
    EXPECT_EQ(FileOutput(pipe.writing(), "x", columns_set_to(nonsense)).columns(), 80) << nonsense;
  }
}

TEST(FileInput, it_reads_to_the_end) {
  Pipe pipe;
  const std::string sent(300'000, 'y');
  std::jthread writer([&] {
    output_to(pipe.writing()).write(sent);
    pipe.close_writing();
  });
  EXPECT_EQ(FileInput(pipe.reading(), "standard input").read_all({}), sent);
}

TEST(FileInput, a_closed_standard_input_reads_as_empty) {
  constexpr int kNotOpen = 1'000'000;
  EXPECT_EQ(FileInput(kNotOpen, "standard input").read_all({}), "");
  const int write_only = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(FileInput(write_only, "standard input").read_all({}), "");
  ::close(write_only);
}

TEST(FileInput, a_directory_cannot_be_read) {
  const int directory = ::open("/", O_RDONLY | O_CLOEXEC);
  try {
    (void)FileInput(directory, "standard input").read_all({});
    FAIL() << "a directory was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  }
  ::close(directory);
}

TEST(FileInput, waiting_for_input_ends_with_the_reason_of_the_stop) {
  Pipe pipe;  // nobody writes, and nobody closes
  StopSource stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop.request(ErrorKind::interrupted);
  });
  try {
    (void)FileInput(pipe.reading(), "standard input").read_all(stop.token());
    FAIL() << "the end was found where there is none";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
}

TEST(FileInput, more_than_64_mib_is_refused_not_cut) {
  const int zeros = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  EXPECT_THROW((void)FileInput(zeros, "standard input").read_all({}), Error);
  ::close(zeros);
}

// Runs in a child process, which can close its standard streams.
TEST(ReserveStandardDescriptors, closed_streams_stay_unusable_and_keep_their_numbers) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(STDIN_FILENO);
    ::close(STDOUT_FILENO);
    reserve_standard_descriptors();
    char byte = 0;
    const bool taken = ::open("/dev/null", O_RDWR) > STDERR_FILENO;
    const bool unreadable = ::read(STDIN_FILENO, &byte, 1) == -1 && errno == EBADF;
    const bool unwritable = ::write(STDOUT_FILENO, "x", 1) == -1 && errno == EBADF;
    ::_exit(taken && unreadable && unwritable ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
}

}  // namespace
}  // namespace rellama::terminal
