#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/display_width.hpp"
#include "terminal/markdown_spans.hpp"
#include "terminal/style.hpp"

namespace rellama::terminal {

/// What a rendering may contain.
struct MarkdownForm {
  SpanMarks marks = SpanMarks::styles;  ///< styles: escape sequences for attributes (SGR)
  Glyphs glyphs = Glyphs::unicode;      ///< of bullets, bars and rules
};

/// Lays out text in lines that fit, after the indents at their left: bars of quotes, bullets,
/// blanks. Output is only ever appended to. A word is held until it is complete, or fills a line.
class MarkdownLayout final : public StyledSink {
 public:
  /// Returns the number of columns. Called at the start of each line.
  using Columns = std::function<int()>;

  MarkdownLayout(MarkdownForm form, Columns columns) : form_(form), columns_(std::move(columns)) {}

  /// The next line starts with `first`, and the ones after it with `rest`, which has the same
  /// width. `style` applies to what is not blank.
  void indent(std::string first, std::string rest, TextStyle style);
  void unindent();
  /// The next lines start at the left edge, whatever the indents.
  void begin_without_indents();
  void end_without_indents();

  /// Puts an empty line before the next block, unless it is the first or none follows.
  void blank() { blank_is_due_ = has_text_; }
  /// Starts a block, after the empty line that is due.
  void begin_block();
  /// Ends the current line, if there is one.
  void end_block();

  void span(std::string_view text, TextStyle style) override;
  void line_break() override;

  /// Adds a line without wrapping it. It may contain our escape sequences.
  void line(std::string_view text);
  /// Adds text without wrapping it. The terminal wraps what does not fit.
  void verbatim(std::string_view text);

  /// The number of columns for text in the next line.
  [[nodiscard]] std::size_t room() const;
  /// The width of the text in the last line.
  [[nodiscard]] std::size_t last_width() const { return last_width_; }
  /// Sets a style that every span has besides its own.
  void set_style(TextStyle style) { base_style_ = style; }

  [[nodiscard]] const MarkdownForm& form() const { return form_; }
  /// Applies the style to `text`, if the form has styles.
  [[nodiscard]] std::string styled(std::string_view text, TextStyle style) const;

  /// Returns what was laid out since the last call.
  [[nodiscard]] std::string take();

 private:
  struct Indent {
    std::string first;
    std::string rest;
    TextStyle style;
    bool first_is_due = true;
  };
  // What follows the indents.
  enum class Left { of_text, of_empty_line, of_blank_line };
  // The indents from `begin` on, and their width.
  struct Shown {
    std::size_t begin;
    std::size_t width;
  };
  struct Piece {
    std::string text;
    TextStyle style;
  };

  void begin_line();
  void end_line();
  void empty_line();
  void print_indents(Left left);
  [[nodiscard]] Shown shown_indents() const;
  [[nodiscard]] std::size_t columns() const;
  void add(const Cluster& cluster, TextStyle style);
  [[nodiscard]] bool may_break_before(const Cluster& cluster) const;
  void make_room(std::size_t width);
  void end_word();

  MarkdownForm form_;
  Columns columns_;
  std::string out_;
  std::vector<Indent> indents_;
  bool has_no_indents_ = false;  // for now
  TextStyle base_style_ = TextStyle::plain;
  bool has_text_ = false;
  bool blank_is_due_ = false;

  bool line_began_ = false;
  std::size_t room_ = 0;    // of this line
  std::size_t column_ = 0;  // after its indents
  std::size_t last_width_ = 0;
  bool space_is_due_ = false;
  TextStyle space_style_ = TextStyle::plain;
  std::vector<Piece> word_;  // not printed yet
  std::size_t word_width_ = 0;
  bool after_wide_ = false;  // it ends in a wide character
  bool after_opening_ = false;
};

}  // namespace rellama::terminal
