#pragma once

#include <span>
#include <string>
#include <vector>

namespace rellama::test {

/// One command of a console block, and what the page shows below it.
struct ConsoleStep {
  std::string command;              ///< without `$ `; a comment at its end is kept
  std::vector<std::string> typed;   ///< lines that start with `> `: what the user types, without it
  std::vector<std::string> output;  ///< all other lines; none: the page does not show the output
};

/// A ```` ```console ```` block of a page.
struct ConsoleBlock {
  std::string name;  ///< its heading in letters and digits, numbered if the section has several
  std::vector<ConsoleStep> steps;
};

/// The console blocks of a Markdown page, in order.
std::vector<ConsoleBlock> console_blocks(const std::string& path);

/// The lines of `text` that are not blank, with each run of spaces as one space.
std::vector<std::string> significant_lines(const std::string& text);

/// Whether `lines` are what a page shows: `…` stands for any text, and alone on a line for any
/// number of lines, even none.
bool output_matches(std::span<const std::string> shown, std::span<const std::string> lines);

}  // namespace rellama::test
