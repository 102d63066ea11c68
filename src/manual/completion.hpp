#pragma once

#include <string>
#include <vector>

#include "options/context.hpp"

namespace rellama::program {

/// Something that the last of the words could become.
struct Candidate {
  std::string word;
  std::string description;
};

/// What a command line can go on with.
struct Candidates {
  std::vector<Candidate> words;
  bool files = false;  ///< names of files instead, which the shell knows best
};

/// What the last of the words behind `rellama` can become. Nothing is asked of the network.
[[nodiscard]] Candidates complete(const std::vector<std::string>& words, const Context& context);

/// `rellama completion SHELL`: prints the script that makes a shell ask `rellama __complete`.
int run_completion(const Arguments& arguments, const Context& context);

/// `rellama __complete -- WORDS…`: prints the candidates for the last word, a line each, with a tab
/// before the description; or `:files`. What goes wrong is nobody's business while typing.
int run_complete(const Arguments& arguments, const Context& context);

}  // namespace rellama::program
