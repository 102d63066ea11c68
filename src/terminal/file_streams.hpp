#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "system/environment.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// How often a wait for input checks whether to stop.
inline constexpr int kStopCheckMilliseconds = 100;

/// Writes to a file descriptor, which it does not own, without buffering. Several threads may use
/// it, but their long writes may interleave.
class FileOutput final : public OutputStream {
 public:
  /// `name` is for error messages: "standard output". COLUMNS in the environment overrides the
  /// width that the terminal reports.
  FileOutput(int fd, std::string name, const system::Environment& environment);

  /// After a stop, a write still waits a moment for a reader that is only slow.
  void write(std::string_view bytes) override;
  [[nodiscard]] bool is_terminal() const noexcept override;
  [[nodiscard]] int columns() const noexcept override;
  [[nodiscard]] int lines() const noexcept override;
  /// Until it is first called, a write to a reader that takes nothing cannot be interrupted. No
  /// other thread may be writing then.
  void stop_waiting_on(const StopToken& stop) override;
  [[nodiscard]] int reader_descriptor() const noexcept override;
  [[nodiscard]] int file_descriptor() const noexcept override;

 private:
  // How to write without blocking for longer than a reader needs.
  enum class Way {
    plain,     // just write: to a file, or before there is anything that could interrupt
    reopened,  // the pipe or terminal, opened once more for ourselves, without blocking
    pieces,    // no more at a time than poll(2) promises room for
    socket,
  };

  void choose_way();
  ssize_t write_some(std::string_view bytes);
  void wait_for_room();
  void give_up_if_stopped();

  int fd_;
  std::string name_;
  std::optional<int> columns_variable_;

  Way way_ = Way::plain;
  std::optional<system::FileDescriptor> reopened_;

  std::mutex mutex_;  // guards the following
  StopToken stop_;
  std::optional<std::chrono::steady_clock::time_point> gives_up_at_;  // set by a wait after a stop
};

/// Reads from a file descriptor, which it does not own.
class FileInput final : public InputStream {
 public:
  FileInput(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  [[nodiscard]] bool is_terminal() const noexcept override;
  [[nodiscard]] std::string read_all(const StopToken& stop) override;
  [[nodiscard]] std::optional<std::string> read_line(const StopToken& stop) override;

 private:
  bool read_some(const StopToken& stop);

  int fd_;
  std::string name_;
  std::string unread_;  // read, but not returned yet
};

/// Occupies descriptors 0, 1 and 2 if the parent process closed them, so that no socket or log file
/// opened later is mistaken for a standard stream. Reading and writing them still fails as if they
/// were closed. Call it first in `main`.
void reserve_standard_descriptors() noexcept;

}  // namespace rellama::terminal
