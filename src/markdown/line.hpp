#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/markdown_row.hpp"

namespace rellama::terminal {

/// A block quote, or an item of a list: a block that holds other blocks.
struct MarkdownContainer {
  enum class Kind { quote, bullet, ordered } kind = Kind::quote;
  std::string mark = {};          ///< of an ordered item, as it was written: "12."
  std::size_t mark_indent = 0;    ///< of an item: columns before its mark
  std::size_t needs_indent = 0;   ///< of an item: columns before a line that belongs to it
  std::optional<bool> task = {};  ///< of an item with a box: whether it is ticked
};

/// What can be open inside the containers when a line begins.
enum class MarkdownLeaf { none, paragraph, fenced_code, indented_code, table };

/// How a block of code between fences began.
struct MarkdownFence {
  char mark = '`';
  std::size_t length = 3;
  std::size_t indent = 0;
  std::string info = {};  ///< what stands behind the mark: "python"
};

/// What is open where a line begins: what the line means depends on it.
struct MarkdownState {
  std::vector<MarkdownContainer> containers;
  MarkdownLeaf leaf = MarkdownLeaf::none;
  MarkdownFence fence;
  /// The columns of the line before, if it is the head of a table should a delimiter row follow:
  /// the first line of its paragraph, with a pipe in it. Else 0.
  std::size_t head_columns = 0;
};

/// What a line is. The first two say that it is too short to tell yet.
enum class MarkdownLineKind {
  undecided,  ///< the next character may tell
  held,       ///< only the end of the line can tell
  blank,
  text,  ///< a paragraph begins, or goes on
  heading,
  fence,
  fence_end,
  code,  ///< a line of the block of code, or the first of an indented one
  rule,
  underline,   ///< the paragraph before it is a heading
  table_head,  ///< perhaps: see MarkdownState::head_columns
  table_delimiter,
  table_row,
};

/// What became of reading a line.
struct MarkdownLine {
  MarkdownLineKind kind = MarkdownLineKind::undecided;
  std::size_t matched = 0;                     ///< how many of the open containers it belongs to
  std::vector<MarkdownContainer> opened = {};  ///< containers that begin with it
  std::size_t content = 0;                     ///< where its own text begins
  std::size_t blanks = 0;                      ///< columns of a tab that belong to that text
  int level = 0;                               ///< of a heading, 1 to 6
  char mark = 0;                               ///< of an underline: = or -
  MarkdownFence fence = {};
  std::vector<MarkdownAlignment> columns = {};  ///< of a delimiter row
};

/// How much of a line there is.
enum class MarkdownLineEnd {
  open,    ///< more of it may come
  ended,   ///< this is all
  forced,  ///< more may come, but it is too long to wait: it has to be text
};

/// Tells what the line that begins with `head` is, as CommonMark has it with the tables and task
/// items of GitHub, and with one licence: an item of a list two columns right of the mark of
/// another belongs to it, because models indent so.
[[nodiscard]] MarkdownLine read_markdown_line(const MarkdownState& state, std::string_view head,
                                              MarkdownLineEnd end);

}  // namespace rellama::terminal
