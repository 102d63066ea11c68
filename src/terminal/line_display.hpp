#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Shows a line that is being edited, on as many rows of a terminal as it needs. Each row ends
/// where the display says, one column early: terminals differ in how wide some characters are, but
/// then still agree on where a row starts. A failure to write is ignored.
class LineDisplay {
 public:
  /// Whether the terminal obeys escape codes. One that does not gets a single row.
  enum class Terminal { obeys, dumb };

  /// `out`, which must outlive this, is a terminal.
  LineDisplay(OutputStream& out, Terminal terminal) : out_(out), terminal_(terminal) {}

  /// Starts a line on a row that is empty.
  void begin(std::string prompt);
  /// Shows the text, with the cursor between its two parts. Writes only what has changed.
  void show(std::string_view before_cursor, std::string_view after_cursor);
  /// Goes to the row below the line. The next `show` writes the line again there.
  void leave();
  /// Clears the screen. The next `show` writes the line again at its top.
  void clear_screen();

  /// Writes as it is: something that leaves the cursor where it was.
  void write(std::string_view bytes) const noexcept;

 private:
  struct Row {
    std::string text;
    std::size_t width = 0;
    bool is_simple = true;  // no characters are composed of several
  };
  struct Layout {
    std::vector<Row> rows = std::vector<Row>(1);
    // The place of the cursor.
    std::size_t row = 0;
    std::size_t column = 0;
    std::string before_cursor;  // in its row

    [[nodiscard]] bool ends_with_cursor() const {
      return row + 1 == rows.size() && column == rows.back().width;
    }
  };

  static void add(std::string_view text, std::size_t width, std::vector<Row>& rows);
  [[nodiscard]] Layout lay_out(std::string_view before, std::string_view after, int columns) const;
  /// Erases the rows if the window had another width when they were shown.
  void adapt_to(int columns);
  [[nodiscard]] std::string render_change(const Layout& now) const;
  [[nodiscard]] std::string render_plain(const Layout& now) const;
  void forget();

  OutputStream& out_;
  Terminal terminal_;
  std::string prompt_;
  Layout shown_;
  int columns_ = 0;  // when it was shown; 0: not yet
};

}  // namespace rellama::terminal
