#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "markdown/tree.hpp"

namespace rellama::markdown {

/// A block quote or a list item: a block that holds other blocks.
struct Container {
  enum class Kind { quote, bullet, ordered } kind = Kind::quote;
  std::string number = {};           ///< see Item
  std::size_t mark_indent = 0;       ///< of an item: columns before its mark
  std::size_t needs_indent = 0;      ///< of an item: columns before a line that belongs to it
  std::optional<bool> checked = {};  ///< see Item
};

/// What can be open inside the containers when a line begins.
enum class Leaf { none, paragraph, fenced_code, indented_code, table };

/// How a fenced code block began.
struct Fence {
  char mark = '`';
  std::size_t length = 3;
  std::size_t indent = 0;
  std::string info = {};  ///< see Code
};

/// What is open where a line begins: the meaning of the line depends on it.
struct State {
  std::vector<Container> containers;
  Leaf leaf = Leaf::none;
  Fence fence;
  /// The number of columns of the previous line, if a delimiter row would make it the head of a
  /// table: it is the first line of its paragraph and contains a pipe. Otherwise 0.
  std::size_t head_columns = 0;
};

/// What a line is. The first two mean that it is too short to tell yet.
enum class LineKind {
  undecided,  ///< the next character may decide
  held,       ///< only the end of the line can decide
  blank,
  text,  ///< starts or continues a paragraph
  heading,
  fence,
  fence_end,
  code,  ///< a line of the code block, or the first of an indented one
  rule,
  underline,   ///< turns the paragraph before it into a heading
  table_head,  ///< possibly: see State::head_columns
  table_delimiter,
  table_row,
};

/// The result of reading a line.
struct Line {
  LineKind kind = LineKind::undecided;
  std::size_t matched = 0;             ///< how many of the open containers it belongs to
  std::vector<Container> opened = {};  ///< containers that start on it
  std::size_t content = 0;             ///< where its own text starts
  std::size_t blanks = 0;              ///< columns of a tab that belong to that text
  int level = 0;                       ///< of a heading, 1 to 6, or of an underline, 1 or 2
  Fence fence = {};
  std::vector<Alignment> columns = {};  ///< of a delimiter row
};

/// How much of a line is there.
enum class LineEnd {
  open,    ///< more of it may come
  ended,   ///< this is all of it
  forced,  ///< more may come, but it is too long to wait for: treat it as text
};

/// Reads the line that starts with `head`, by the rules of CommonMark plus GitHub's tables and task
/// items, with one exception: an item indented by two columns more than another belongs to it,
/// because models indent that way.
[[nodiscard]] Line read_line(const State& state, std::string_view head, LineEnd end);

}  // namespace rellama::markdown
