#include "markdown/row.hpp"

#include <algorithm>
#include <optional>

#include "markdown/cursor.hpp"

namespace rellama::markdown {
namespace {

std::size_t count_dashes(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '-'));
}

// ":--", "---", "--:" and ":-:" are columns; with any other cell it is not a delimiter row.
std::optional<Alignment> read_alignment(std::string_view cell) {
  if (cell.empty() || cell.find_first_not_of(":-") != std::string_view::npos) return std::nullopt;
  const bool left = cell.front() == ':';
  const bool right = cell.back() == ':';
  const std::size_t colons = cell.size() - count_dashes(cell);
  if (colons == cell.size() || colons != std::size_t{left} + std::size_t{right}) {
    return std::nullopt;
  }
  if (!right) return Alignment::left;
  return left ? Alignment::center : Alignment::right;
}

bool has_east_asian_stop(std::string_view text) {
  for (const std::string_view stop : {"。", "，", "、", "！", "？", "：", "；"}) {
    if (text.find(stop) != std::string_view::npos) return true;
  }
  return false;
}

// Whether a word that is not the first may be one of a name, such as "(Kg)" in "Weight (Kg)".
bool begins_name(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '(' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool may_be_first_cell(std::string_view begin) {
  constexpr std::size_t kLongest = 40;
  constexpr std::size_t kLongestEastAsian = 24;  // bytes: it is written without blanks
  const bool is_ascii = std::all_of(begin.begin(), begin.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (begin.size() > (is_ascii ? kLongest : kLongestEastAsian)) return false;
  if (begin.find_first_of("`\\[<") != std::string_view::npos) return false;
  if (!is_ascii && has_east_asian_stop(begin)) return false;
  for (std::size_t i = 1; i < begin.size(); ++i) {
    const char before = begin[i - 1];
    if (is_blank(before) && !is_blank(begin[i]) && !begins_name(begin[i])) return false;
    const bool ends_sentence = std::string_view(".!?:;,").find(before) != std::string_view::npos;
    if (ends_sentence && is_blank(begin[i])) return false;
  }
  return true;
}

std::vector<Alignment> read_delimiter_row(std::string_view row) {
  std::vector<Alignment> columns;
  if (row.find_first_not_of("|:- \t\r") != std::string_view::npos) return columns;
  if (row.find('|') == std::string_view::npos) return columns;
  for (const std::string& cell : cells_of_row(row)) {
    const auto alignment = read_alignment(cell);
    if (!alignment) return {};
    columns.push_back(*alignment);
  }
  return columns;
}

std::vector<std::string> cells_of_row(std::string_view row) {
  row = trim_blanks(row);
  if (row.starts_with('|')) row.remove_prefix(1);
  std::vector<std::string> cells(1);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\' && i + 1 < row.size()) {
      if (row[i + 1] != '|') cells.back() += row[i];
      cells.back() += row[++i];
    } else if (row[i] == '|') {
      if (i + 1 < row.size()) cells.emplace_back();
    } else {
      cells.back() += row[i];
    }
  }
  for (std::string& cell : cells) cell = trim_blanks(cell);
  return cells;
}

}  // namespace rellama::markdown
