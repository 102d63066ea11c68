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

/// What a rendering may use.
struct MarkdownForm {
  SpanMarks marks = SpanMarks::styles;  ///< styles: escape sequences for attributes (SGR)
  Glyphs glyphs = Glyphs::unicode;      ///< of bullets, bars and rules
};

/// Lays text out in lines that fit, behind what stands at the left of each: bars of quotes,
/// bullets, indents. Text is only ever added at the end. A word is held until it is whole, or fills
/// a line.
class MarkdownLayout final : public StyledSink {
 public:
  /// How many columns there are; asked at the start of each line.
  using Columns = std::function<int()>;

  MarkdownLayout(MarkdownForm form, Columns columns) : form_(form), columns_(std::move(columns)) {}

  /// From now on lines begin with `rest`, the next one with `first`, which is as wide. `style` is
  /// for what is not blank in them.
  void indent(std::string first, std::string rest, TextStyle style);
  void unindent();

  /// An empty line before what comes next, unless that is the first or nothing comes.
  void blank() { blank_is_due_ = has_text_; }
  /// Something begins: what is due before it is printed.
  void begin_block();
  /// Ends the line, if there is one.
  void end_block();

  void span(std::string_view text, TextStyle style) override;
  void line_break() override;

  /// Adds one line as it is, without wrapping it. It may have our escape sequences in it.
  void line(std::string_view text);
  /// Adds text that is not wrapped: what it has no room for is left to the terminal.
  void verbatim(std::string_view text);

  /// Columns for text in the next line.
  [[nodiscard]] std::size_t room() const;
  /// How wide the text of the last line was.
  [[nodiscard]] std::size_t last_width() const { return last_width_; }
  /// What every span is, besides its own style.
  void set_style(TextStyle style) { base_style_ = style; }

  [[nodiscard]] const MarkdownForm& form() const { return form_; }
  /// `text` in that style, if the form has styles.
  [[nodiscard]] std::string styled(std::string_view text, TextStyle style) const;

  /// What has been laid out since the last call.
  [[nodiscard]] std::string take();

 private:
  struct Indent {
    std::string first;
    std::string rest;
    TextStyle style;
    bool first_is_due = true;
  };
  // What the indents are printed left of.
  enum class Left { of_text, of_empty_line, of_blank_line };
  // Those of `indents_` from `begin` on, and how wide they are.
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
  TextStyle base_style_ = TextStyle::plain;
  bool has_text_ = false;
  bool blank_is_due_ = false;

  bool line_began_ = false;
  std::size_t room_ = 0;    // of this line
  std::size_t column_ = 0;  // behind its indents
  std::size_t last_width_ = 0;
  bool space_is_due_ = false;
  TextStyle space_style_ = TextStyle::plain;
  std::vector<Piece> word_;  // not printed yet
  std::size_t word_width_ = 0;
  bool behind_wide_ = false;  // whether it ends in a wide character
  bool behind_opening_ = false;
};

}  // namespace rellama::terminal
