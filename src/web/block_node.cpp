#include "web/block_node.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "wire/json_document.hpp"
#include "wire/lower_case.hpp"

namespace rellama::web {
namespace {

using Kind = BlockNode::Kind;
using Nodes = std::vector<std::unique_ptr<BlockNode>>;

std::string json_text(std::string_view text) {
  return wire::render_json(std::string(text));
}

// Appends `json`, which may be empty, to a list of values.
void append(std::string& list, const std::string& json) {
  if (json.empty()) return;
  if (!list.empty()) list += ',';
  list += json;
}

std::string render_spans(const Nodes& spans);

std::string plain_text(const BlockNode& node) {
  std::string text = node.kind == Kind::line_break ? "\n" : node.text;
  for (const auto& child : node.children) text += plain_text(*child);
  return text;
}

std::string marked(std::string_view type, const BlockNode& span) {
  return R"({"t":")" + std::string(type) + R"(","c":[)" + render_spans(span.children) + "]}";
}

// A list of spans: what is not shown as such is replaced by its text.
std::string render_span(const BlockNode& span) {
  switch (span.kind) {
    case Kind::text: return json_text(span.text);
    case Kind::line_break: return R"({"t":"br"})";
    case Kind::emphasis: return marked("em", span);
    case Kind::strong: return marked("strong", span);
    case Kind::strike: return marked("del", span);
    case Kind::code_span: return R"({"t":"code","text":)" + json_text(plain_text(span)) + "}";
    case Kind::link:
      return !is_safe_link(span.address) ? render_spans(span.children)
                                         : R"({"t":"a","href":)" + json_text(span.address) +
                                               R"(,"c":[)" + render_spans(span.children) + "]}";
    default: return render_spans(span.children);
  }
}

std::string render_spans(const Nodes& spans) {
  std::string list;
  for (const auto& span : spans) append(list, render_span(*span));
  return list;
}

// The text of a block: blanks at its ends mean nothing.
std::string render_text(const Nodes& spans) {
  std::string list;
  for (const auto& span : spans) {
    if (span->kind != Kind::text) {
      append(list, render_span(*span));
      continue;
    }
    std::string_view text = span->text;
    if (span == spans.front()) {
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    if (span == spans.back()) text = text.substr(0, text.find_last_not_of(' ') + 1);
    if (!text.empty()) append(list, json_text(text));
  }
  return list;
}

std::string render_children(const Nodes& blocks) {
  std::string list;
  for (const auto& block : blocks) append(list, render_block(*block));
  return "[" + list + "]";
}

std::string render_list(const BlockNode& list) {
  std::string json = list.address.empty() ? R"({"t":"ul")" : R"({"t":"ol")";
  int start = 1;
  std::from_chars(list.address.data(), list.address.data() + list.address.size(), start);
  if (!list.address.empty()) json += R"(,"start":)" + std::to_string(start);
  json += std::string(R"(,"tight":)") + (list.is_tight ? "true" : "false") + R"(,"c":[)";
  std::string items;
  for (const auto& item : list.children) {
    std::string rendered = R"({"c":)" + render_children(item->children);
    if (item->checked) rendered += std::string(R"(,"task":)") + (*item->checked ? "true" : "false");
    append(items, rendered + "}");
  }
  return json + items + "]}";
}

std::string render_row(const BlockNode& row) {
  std::string cells;
  for (const auto& cell : row.children) append(cells, "[" + render_text(cell->children) + "]");
  return "[" + cells + "]";
}

std::string render_alignment(markdown::Alignment alignment) {
  switch (alignment) {
    case markdown::Alignment::center: return R"("c")";
    case markdown::Alignment::right: return R"("r")";
    case markdown::Alignment::left: break;
  }
  return R"("l")";
}

std::string render_table(const BlockNode& table) {
  std::string alignments;
  for (const auto alignment : table.columns) append(alignments, render_alignment(alignment));
  std::string head = "[]";
  std::string rows;
  for (const auto& row : table.children) {
    if (row == table.children.front()) {
      head = render_row(*row);
    } else {
      append(rows, render_row(*row));
    }
  }
  return R"({"t":"table","align":[)" + alignments + R"(],"head":)" + head + R"(,"rows":[)" + rows +
         "]}";
}

// The line end before the closing fence is not part of the code.
std::string render_code(const BlockNode& code) {
  std::string_view text = code.text;
  if (text.ends_with('\n')) text.remove_suffix(1);
  return R"({"t":"code","lang":)" + json_text(code.address) + R"(,"text":)" + json_text(text) + "}";
}

}  // namespace

std::string render_block(const BlockNode& block) {
  switch (block.kind) {
    case Kind::heading:
      return R"({"t":"h","n":)" + std::to_string(block.level) + R"(,"c":[)" +
             render_text(block.children) + "]}";
    case Kind::code: return render_code(block);
    case Kind::list: return render_list(block);
    case Kind::quote: return R"({"t":"quote","c":)" + render_children(block.children) + "}";
    case Kind::table: return render_table(block);
    case Kind::rule: return R"({"t":"hr"})";
    default: return R"({"t":"p","c":[)" + render_text(block.children) + "]}";
  }
}

bool is_safe_link(std::string_view address) noexcept {
  const bool is_plain = std::none_of(address.begin(), address.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '\\';
  });
  const std::string scheme = wire::lower_case(address.substr(0, 8));
  return is_plain && (scheme.starts_with("http://") || scheme.starts_with("https://") ||
                      scheme.starts_with("mailto:"));
}

}  // namespace rellama::web
