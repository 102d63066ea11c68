#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::terminal {

/// The messages typed in earlier sessions: a file with mode 0600 and one JSON string per line. A
/// short file is only appended to, so that several sessions can share it. Very long messages are
/// not kept, because every session reads them when it starts.
class InputHistory {
 public:
  explicit InputHistory(std::filesystem::path path) : path_(std::move(path)) {}

  /// The latest messages, oldest first. Skips what cannot be read or is very long.
  [[nodiscard]] std::vector<std::string> read() const;
  /// Appends a message, unless it is very long: a pasted log would slow down each start of the
  /// editor. Ignores errors, such as a full disk.
  void append(std::string_view message) const noexcept;

  static constexpr std::size_t kMostMessages = 1'000;
  static constexpr std::size_t kLongestMessage = std::size_t{16} << 10U;  ///< in bytes

 private:
  std::filesystem::path path_;
};

}  // namespace rellama::terminal
