#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "system/environment.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Writes to a file descriptor, which it does not own, without buffering. Several threads may use
/// it, but their long writes may interleave.
class FileOutput final : public OutputStream {
 public:
  /// `name` is for error messages: "standard output". COLUMNS in the environment overrides the
  /// width that the terminal reports.
  FileOutput(int fd, std::string name, const system::Environment& environment);

  void write(std::string_view bytes) override;
  [[nodiscard]] bool is_terminal() const noexcept override;
  [[nodiscard]] int columns() const noexcept override;
  [[nodiscard]] int lines() const noexcept override;

 private:
  int fd_;
  std::string name_;
  std::optional<int> columns_variable_;
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
