#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "system/file_descriptor.hpp"

namespace rellama::batch {

/// The input as a file that can be read at any place.
struct InputFile {
  system::FileDescriptor file;
  std::string name;  ///< for messages
};

/// Opens a pipe or a device for reading, without waiting for a writer. Throws Error
/// (invalid_input).
[[nodiscard]] system::FileDescriptor open_pipe_input(const std::filesystem::path& path);

/// Opens a regular file; nothing if `path` is something else that can be read, such as a pipe.
/// Throws Error (invalid_input).
[[nodiscard]] std::optional<InputFile> open_regular_input(const std::filesystem::path& path);

/// A copy, next to the journal, of an input that can be read only once.
class InputCopy {
 public:
  /// `path`: of the copy; empty: it is removed at the end.
  explicit InputCopy(std::filesystem::path path) : path_(std::move(path)) {}
  /// Removes what was written and not kept.
  ~InputCopy();
  InputCopy(const InputCopy&) = delete;
  InputCopy& operator=(const InputCopy&) = delete;

  /// Copies what `next_line` returns, until it returns nothing. Throws Error.
  [[nodiscard]] InputFile write(const std::string& name,
                                const std::function<std::optional<std::string>()>& next_line);

  /// The copy of an earlier run, if there is one.
  [[nodiscard]] std::optional<InputFile> find(const std::string& name) const;
  /// Makes what was written the copy that `find` finds. Throws Error.
  void keep();

 private:
  [[nodiscard]] system::FileDescriptor create();

  std::filesystem::path path_;
  std::string new_name_ = {};  // of what was written, until it is kept; others have their own
};

}  // namespace rellama::batch
