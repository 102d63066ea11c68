#pragma once

#include <string>
#include <vector>

#include "rellama/stop.hpp"
#include "terminal/streams.hpp"

namespace rellama::program {

/// Where the parts of a prompt come from.
struct PromptSources {
  std::vector<std::string> words;  ///< the arguments; `-` marks the place of standard input
  std::vector<std::string> files;  ///< paths
  bool no_stdin = false;           ///< whether standard input is left alone

  /// Whether there is anything to ask with `in` as standard input.
  [[nodiscard]] bool empty(const terminal::InputStream& in) const;
};

/// The words as one text, with blanks between.
[[nodiscard]] std::string join_words(const std::vector<std::string>& words);

/// Puts what is asked together: standard input, the files, the words, with blank lines between;
/// with
/// `-` among the words, the files, the words before it, standard input, the words after it. One
/// line end at the end of standard input and of each file is dropped. Throws Error (invalid_input)
/// for what cannot be read or is not UTF-8.
[[nodiscard]] std::string read_input(const PromptSources& sources, terminal::InputStream& in,
                                     const StopToken& stop);

/// The same as a prompt. Throws Error (invalid_input) also if nothing but blanks came together.
[[nodiscard]] std::string read_prompt(const PromptSources& sources, terminal::InputStream& in,
                                      const StopToken& stop);

/// The content of a file as text. Throws Error (invalid_input) if it cannot be read or is not
/// UTF-8.
[[nodiscard]] std::string read_text_file(const std::string& path);

}  // namespace rellama::program
