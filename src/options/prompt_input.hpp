#pragma once

#include <string>
#include <vector>

#include "rellama/stop.hpp"
#include "terminal/streams.hpp"

namespace rellama::program {

/// Where the parts of a prompt come from.
struct PromptSources {
  std::vector<std::string> words;  ///< the arguments; `-` marks the place of standard input
  std::vector<std::string> files;  ///< paths; `-` is standard input
  bool no_stdin = false;           ///< do not read standard input

  /// Whether a word or a path is `-`.
  [[nodiscard]] bool marks_stdin() const;
  /// Whether there is nothing to ask, with `in` as standard input.
  [[nodiscard]] bool empty(const terminal::InputStream& in) const;
};

/// Joins words with single spaces.
[[nodiscard]] std::string join_words(const std::vector<std::string>& words);

/// Reads standard input as text, without its final newline. Throws Error (invalid_input) if it is
/// not UTF-8.
[[nodiscard]] std::string read_stdin(terminal::InputStream& in, const StopToken& stop);

/// Assembles the input: standard input, the files, the words, separated by blank lines. A `-` among
/// the words or the files moves standard input to its place. The final newline of standard input
/// and of each file is dropped, as are byte order marks and carriage returns at line ends. Throws
/// Error (invalid_input) if something cannot be read or is not UTF-8.
[[nodiscard]] std::string read_input(const PromptSources& sources, terminal::InputStream& in,
                                     const StopToken& stop);

/// As `read_input`, but also throws Error (invalid_input) if the result is blank.
[[nodiscard]] std::string read_prompt(const PromptSources& sources, terminal::InputStream& in,
                                      const StopToken& stop);

/// The content of a file. Throws Error: invalid_input if it cannot be read or is larger than the
/// 100 MB that Replicate takes (docs/protocol.md §4), or why `stop` was requested.
[[nodiscard]] std::string read_file(const std::string& path, const StopToken& stop);

/// The content of a file as text, with Unix line ends, without a byte order mark and without the
/// final line end. Throws Error: invalid_input if it cannot be read, is larger than 64 MiB or is not
/// UTF-8, or why `stop` was requested.
[[nodiscard]] std::string read_text_file(const std::string& path, const StopToken& stop);

}  // namespace rellama::program
