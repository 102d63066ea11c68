#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "markdown/parser.hpp"

namespace rellama::tests {

/// Writes a Markdown tree as text: a line for each block, indented by its depth, with its text and
/// its spans in braces. Line breaks are slashes. Blanks that mean nothing are left out.
class TreeText final : public markdown::TreeSink {
 public:
  void open(const markdown::Block& block) override {
    begin_line(std::visit([](const auto& opened) { return name_of(opened); }, block));
    in_code_ = std::holds_alternative<markdown::Code>(block);
    ++depth_;
  }
  void close(const markdown::Block& /*block*/) override {
    if (!in_code_) trim();
    in_code_ = false;
    --depth_;
  }
  void blank_line() override { begin_line("blank"); }
  void underline(int level) override { begin_line("underline " + std::to_string(level)); }

  void text(std::string_view text) override {
    for (const char c : text) {
      const bool is_extra = c == ' ' && !in_code_ && std::strchr(":/ ", text_.back()) != nullptr;
      if (is_extra) continue;
      text_ += c == '\n' ? "\\n" : std::string(1, c);
    }
  }
  void line_break() override {
    trim();
    text_ += '/';
  }
  void open_span(const markdown::Span& span) override { text_ += '{' + name_of(span) + ' '; }
  void close_span(const markdown::Span& /*span*/) override { text_ += '}'; }

  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  void trim() {
    while (text_.ends_with(' ')) text_.pop_back();
  }

  void begin_line(const std::string& name) {
    if (!text_.empty()) text_ += '\n';
    text_ += std::string(2 * depth_, ' ') + name + ':';
  }

  static std::string name_of(const markdown::Quote& /*quote*/) { return "quote"; }
  static std::string name_of(const markdown::Item& item) {
    const std::string box = item.checked ? (*item.checked ? " checked" : " unchecked") : "";
    return "item" + (item.number.empty() ? "" : " " + item.number) + box;
  }
  static std::string name_of(const markdown::Paragraph& /*paragraph*/) { return "paragraph"; }
  static std::string name_of(const markdown::Heading& heading) {
    return "heading " + std::to_string(heading.level);
  }
  static std::string name_of(const markdown::Code& code) {
    return code.is_fenced ? "fenced '" + code.info + "'" : "indented";
  }
  static std::string name_of(const markdown::Table& table) {
    std::string name = "table ";
    for (const markdown::Alignment alignment : table.columns) {
      name += "lcr"[static_cast<std::size_t>(alignment)];
    }
    return name;
  }
  static std::string name_of(const markdown::Row& row) {
    return "row " + std::to_string(row.source_size);
  }
  static std::string name_of(const markdown::Cell& /*cell*/) { return "cell"; }
  static std::string name_of(const markdown::Rule& /*rule*/) { return "rule"; }

  static std::string name_of(const markdown::Span& span) {
    static constexpr const char* kNames[] = {"emphasis", "strong", "code",
                                             "strike",   "link",   "image"};
    std::string name = kNames[static_cast<std::size_t>(span.kind)];
    if (!span.address.empty()) name += " <" + span.address + ">";
    if (!span.title.empty()) name += " '" + span.title + "'";
    return name;
  }

  std::string text_;
  std::size_t depth_ = 0;
  bool in_code_ = false;
};

/// The tree of a text that arrives in these pieces.
inline std::string parse_pieces(const std::vector<std::string_view>& pieces) {
  TreeText tree;
  markdown::Parser parser(tree);
  for (const std::string_view piece : pieces) parser.feed(piece);
  parser.finish();
  return tree.str();
}

inline std::string parse(std::string_view text) {
  return parse_pieces({text});
}

}  // namespace rellama::tests
