#include "markdown/parser.hpp"

#include <variant>

namespace rellama::markdown {

void Parser::open(const Block& block) {
  in_code_ = std::holds_alternative<Code>(block);
  sink_.open(block);
}

void Parser::close(const Block& block) {
  if (std::holds_alternative<Paragraph>(block) || std::holds_alternative<Heading>(block)) {
    spans_.finish();
  }
  in_code_ = false;
  sink_.close(block);
}

void Parser::text(std::string_view text) {
  if (in_code_) {
    sink_.text(text);
  } else {
    spans_.text(text);
  }
}

void Parser::row(const std::vector<std::string>& cells) {
  Row row;
  for (const std::string& cell : cells) row.source_size += cell.size() + 1;
  sink_.open(row);
  for (const std::string& cell : cells) {
    sink_.open(Cell{});
    spans_.text(cell);
    spans_.finish();
    sink_.close(Cell{});
  }
  sink_.close(row);
}

}  // namespace rellama::markdown
