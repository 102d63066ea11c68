#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "options/context.hpp"

namespace CLI {
class Option;
}

namespace rellama::program {

/// The options that one argument gives, and how many arguments they take up with their value.
struct GivenOption {
  std::vector<CLI::Option*> options = {};  ///< several in "-qu"; none if it is not an option
  std::size_t length = 0;                  ///< 2 if the value is the next argument; 0 if none
  bool wants_value = false;                ///< whether the last one takes the next argument
};

/// Reads the argument at `at` as the parser would: `--name`, `--name=value`, `-n`, `-nvalue`,
/// `-nm`. `length` is 0 for a word, and for an option that `app` does not know.
[[nodiscard]] GivenOption read_option(CLI::App& app, const Arguments& arguments, std::size_t at);

/// The index of the first argument after the options that `app` knows: of a word, or of something
/// else than an option of it. The number of arguments if there is nothing else.
[[nodiscard]] std::size_t skip_options(CLI::App& app, const Arguments& arguments);

/// Whether an argument looks like an option: a dash and more.
[[nodiscard]] bool is_option(const std::string& argument);

/// The option that was meant by `word` if its dashes were replaced while it was copied from a web
/// page, such as "--json" for "—json"; empty if it is not one.
[[nodiscard]] std::string without_typographic_dashes(const std::string& word);

}  // namespace rellama::program
