// The tree of a Markdown text, passed on while it is parsed: blocks open and close, nested, with
// their text and spans in between. It says what the text means, not how it looks. Text is as it was
// written: whoever shows it makes it safe to show. Outside of code, several blanks mean the same as
// one, and blanks at the ends of a line mean nothing.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rellama::markdown {

/// How the cells of a table column are aligned.
enum class Alignment : std::uint8_t { left, center, right };

// Blocks that hold blocks.
struct Quote {};
/// An item of a list.
struct Item {
  std::string number = {};           ///< as written: "12."; empty in a bulleted list
  std::optional<bool> checked = {};  ///< of an item with a checkbox
};

// Blocks that hold text and spans.
struct Paragraph {};
struct Heading {
  int level = 1;  ///< 1 to 6
};

/// Holds text only, exactly as written, line ends included.
struct Code {
  bool is_fenced = true;  ///< else indented
  std::string info = {};  ///< what follows the opening fence: "python"
};

/// Holds rows, which hold cells, which hold text and spans. The first row is the head. It has no
/// cells if its line was already passed on as the paragraph before the table.
struct Table {
  std::vector<Alignment> columns;
};
struct Row {
  std::size_t source_size = 0;  ///< in bytes: how much of the text its cells are
};
struct Cell {};

/// Holds nothing.
struct Rule {};

using Block = std::variant<Quote, Item, Paragraph, Heading, Code, Table, Row, Cell, Rule>;

/// A part of a text that is marked.
struct Span {
  enum class Kind : std::uint8_t { emphasis, strong, code, strike, link, image } kind;
  std::string address = {};  ///< of a link or an image
  std::string title = {};    ///< of a link or an image, if it has one
};

/// Receives the text of a block.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  virtual void text(std::string_view text) = 0;
  virtual void line_break() = 0;
  virtual void open_span(const Span& span) = 0;
  /// Closes the span opened last, which is passed again.
  virtual void close_span(const Span& span) = 0;
};

/// Receives a tree.
class TreeSink : public SpanSink {
 public:
  virtual void open(const Block& block) = 0;
  /// Closes the block opened last, which is passed again.
  virtual void close(const Block& block) = 0;
  /// There are blank lines between the previous block and the next.
  virtual void blank_line() = 0;
  /// The paragraph that just closed was underlined: it is a heading of that level, 1 or 2.
  virtual void underline(int level) = 0;
};

}  // namespace rellama::markdown
