#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::terminal {

/// The messages typed in earlier sessions, in a file of mode 0600 with one JSON string a line. Only
/// ever appended to while it is short, so that several sessions can share it.
class InputHistory {
 public:
  explicit InputHistory(std::filesystem::path path) : path_(std::move(path)) {}

  /// The latest of them, oldest first. What cannot be read is skipped.
  [[nodiscard]] std::vector<std::string> read() const;
  /// Adds one. A full disk is no reason not to go on: nothing is thrown.
  void append(std::string_view message) const noexcept;

  static constexpr std::size_t kMostMessages = 1'000;

 private:
  std::filesystem::path path_;
};

}  // namespace rellama::terminal
