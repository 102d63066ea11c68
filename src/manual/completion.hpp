#pragma once

#include <string>
#include <vector>

#include "options/context.hpp"

namespace rellama::program {

/// A word that could complete the last one.
struct Candidate {
  std::string word;
  std::string description;
};

/// The ways to complete a command line.
struct Candidates {
  std::vector<Candidate> words;
  bool files = false;  ///< complete file names instead, which the shell does itself
};

/// Completes the last of the words after `rellama`. Uses no network.
[[nodiscard]] Candidates complete(const std::vector<std::string>& words, const Context& context);

/// `rellama completion SHELL`: prints a script that makes the shell call `rellama __complete`.
int run_completion(const Arguments& arguments, const Context& context);

/// `rellama __complete -- WORDS…`: prints the candidates for the last word, one per line, with a
/// tab before the description; or `:files`. Errors are ignored: they would disturb typing.
int run_complete(const Arguments& arguments, const Context& context);

}  // namespace rellama::program
