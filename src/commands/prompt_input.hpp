#pragma once

#include <string>
#include <vector>

#include "rellama/stop.hpp"
#include "terminal/streams.hpp"

namespace rellama::commands {

/// Where the parts of a prompt come from.
struct PromptSources {
  std::vector<std::string> words;  ///< the arguments; `-` marks the place of standard input
  std::vector<std::string> files;  ///< paths
  bool use_stdin = true;           ///< whether standard input is read when it is no terminal

  /// Whether there is anything to ask with `in` as standard input.
  [[nodiscard]] bool empty(const terminal::InputStream& in) const;
};

/// The words as one text, with blanks between.
[[nodiscard]] std::string join_words(const std::vector<std::string>& words);

/// Puts the prompt together: standard input, the files, the words, with blank lines between; with
/// `-` among the words, the files, the words before it, standard input, the words after it. One
/// line end at the end of standard input and of each file is dropped. Throws Error (invalid_input)
/// for what cannot be read, is not UTF-8, or if nothing but blanks came together.
[[nodiscard]] std::string read_prompt(const PromptSources& sources, terminal::InputStream& in,
                                      const StopToken& stop);

/// The content of a file as text. Throws Error (invalid_input) if it cannot be read or is not
/// UTF-8.
[[nodiscard]] std::string read_text_file(const std::string& path);

}  // namespace rellama::commands
