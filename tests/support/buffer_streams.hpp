#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rellama/error.hpp"
#include "terminal/streams.hpp"

namespace rellama::tests {

/// What an output stream is connected to.
enum class Device { pipe, terminal };

/// Stores what is written. One thread may write while another reads.
class BufferOutput final : public terminal::OutputStream {
 public:
  explicit BufferOutput(Device device = Device::pipe, int columns = 80, int lines = 24)
      : device_(device), columns_(columns), lines_(lines) {}

  void write(std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    ++attempts_;
    if (failure_) throw Error(*failure_, {.failed = "cannot write to the buffer"});
    writes_.emplace_back(bytes);
  }
  [[nodiscard]] bool is_terminal() const noexcept override { return device_ == Device::terminal; }
  [[nodiscard]] int columns() const noexcept override { return columns_; }
  [[nodiscard]] int lines() const noexcept override { return lines_; }

  /// Resizes the window, as a user who drags it.
  void resize(int columns, int lines) {
    columns_ = columns;
    lines_ = lines;
  }

  /// Makes every write from now on throw an Error of this kind.
  void fail_with(ErrorKind kind) {
    const std::lock_guard lock(mutex_);
    failure_ = kind;
  }
  /// What was written, one string per write.
  [[nodiscard]] std::vector<std::string> writes() const {
    const std::lock_guard lock(mutex_);
    return writes_;
  }
  /// What was written, joined.
  [[nodiscard]] std::string text() const {
    std::string joined;
    for (const std::string& write : writes()) joined += write;
    return joined;
  }
  /// The number of writes, including failed ones.
  [[nodiscard]] int attempts() const {
    const std::lock_guard lock(mutex_);
    return attempts_;
  }

 private:
  Device device_;
  int columns_;
  int lines_;
  mutable std::mutex mutex_;
  std::vector<std::string> writes_;
  std::optional<ErrorKind> failure_;
  int attempts_ = 0;
};

/// Provides a fixed text as input.
class BufferInput final : public terminal::InputStream {
 public:
  explicit BufferInput(std::string text = {}, Device device = Device::pipe)
      : text_(std::move(text)), device_(device) {}

  [[nodiscard]] bool is_terminal() const noexcept override { return device_ == Device::terminal; }
  [[nodiscard]] std::string read_all(const StopToken& stop) override {
    stop.throw_if_stopped();
    return std::exchange(text_, {});
  }
  [[nodiscard]] std::optional<std::string> read_line(const StopToken& stop) override {
    stop.throw_if_stopped();
    if (text_.empty()) return std::nullopt;
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    std::string line = text_.substr(0, end);
    text_.erase(0, end + 1);
    return line;
  }

 private:
  std::string text_;
  Device device_;
};

}  // namespace rellama::tests
