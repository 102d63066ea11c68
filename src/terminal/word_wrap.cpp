#include "terminal/word_wrap.hpp"

#include <algorithm>

#include "terminal/display_width.hpp"

namespace rellama::terminal {
namespace {

constexpr std::size_t kTabWidth = 4;

// A text and its width.
struct Piece {
  std::string text;
  std::size_t width = 0;

  void add(const Cluster& cluster) {
    text += cluster.bytes;
    width += cluster.width;
  }
  void add(const Piece& piece) {
    text += piece.text;
    width += piece.width;
  }
};

// Fills lines with the words of a paragraph.
class Paragraph {
 public:
  Paragraph(std::size_t width, LongWords long_words, std::vector<std::string>& lines)
      : width_(width), long_words_(long_words), lines_(lines) {}

  void add(std::string_view text) {
    while (!text.empty()) {
      const Cluster cluster = first_cluster(text);
      text.remove_prefix(cluster.bytes.size());
      if (cluster.bytes == " ") {
        add_spaces(1);
      } else if (cluster.bytes == "\t") {
        add_spaces(kTabWidth);
      } else if (cluster.width > 1) {
        place_word();
        word_.add(cluster);
        place_word();
      } else {
        word_.add(cluster);
      }
    }
  }

  void end() {
    place_word();
    lines_.push_back(std::move(line_.text));
  }

 private:
  void add_spaces(std::size_t count) {
    place_word();
    spaces_.text.append(count, ' ');
    spaces_.width += count;
  }

  void place_word() {
    if (word_.text.empty()) return;
    if (line_.width + spaces_.width + word_.width > width_) {
      line_.text.empty() ? shrink_indent() : break_line();
    }
    line_.add(spaces_);
    spaces_ = {};
    while (long_words_ == LongWords::broken && !word_.text.empty() &&
           line_.width + word_.width > width_)
      cut_word();
    line_.add(word_);
    word_ = {};
  }

  // Makes room for the word.
  void shrink_indent() {
    spaces_.width = width_ - std::min(word_.width, width_);
    spaces_.text.assign(spaces_.width, ' ');
  }

  // Fills the line with the start of a word that is too long for it.
  void cut_word() {
    std::string_view rest = word_.text;
    std::size_t width = word_.width;
    while (!rest.empty()) {
      const Cluster cluster = first_cluster(rest);
      if (line_.width + cluster.width > width_ && !line_.text.empty()) break;
      line_.add(cluster);
      rest.remove_prefix(cluster.bytes.size());
      width -= cluster.width;
    }
    word_ = {std::string(rest), width};
    if (!rest.empty()) break_line();
  }

  void break_line() {
    lines_.push_back(std::move(line_.text));
    line_ = {};
    spaces_ = {};
  }

  std::size_t width_;
  LongWords long_words_;
  std::vector<std::string>& lines_;
  Piece line_;
  Piece spaces_;
  Piece word_;
};

}  // namespace

std::vector<std::string> wrap_words(std::string_view text, std::size_t width,
                                    LongWords long_words) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    Paragraph paragraph(std::max<std::size_t>(width, 1), long_words, lines);
    paragraph.add(line);
    paragraph.end();
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

std::string render_wrapped(std::string_view text, std::size_t width) {
  std::string wrapped;
  for (const std::string& line :
       wrap_words(text, width == 0 ? std::string::npos : width, LongWords::kept)) {
    wrapped += line + "\n";
  }
  return wrapped;
}

}  // namespace rellama::terminal
