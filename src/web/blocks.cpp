#include "web/blocks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "web/block_node.hpp"
#include "wire/file_url.hpp"
#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

using NodeKind = BlockNode::Kind;

// How many blocks and spans may be in each other: the page and the renderer recurse.
constexpr std::size_t kDeepest = 32;

std::unique_ptr<BlockNode> make_node(NodeKind kind) {
  auto node = std::make_unique<BlockNode>();
  node->kind = kind;
  return node;
}

NodeKind kind_of(const markdown::Block& block) {
  struct Kinds {
    NodeKind operator()(const markdown::Quote&) const { return NodeKind::quote; }
    NodeKind operator()(const markdown::Item&) const { return NodeKind::item; }
    NodeKind operator()(const markdown::Paragraph&) const { return NodeKind::paragraph; }
    NodeKind operator()(const markdown::Heading&) const { return NodeKind::heading; }
    NodeKind operator()(const markdown::Code&) const { return NodeKind::code; }
    NodeKind operator()(const markdown::Table&) const { return NodeKind::table; }
    NodeKind operator()(const markdown::Row&) const { return NodeKind::row; }
    NodeKind operator()(const markdown::Cell&) const { return NodeKind::cell; }
    NodeKind operator()(const markdown::Rule&) const { return NodeKind::rule; }
  };
  return std::visit(Kinds{}, block);
}

NodeKind kind_of(markdown::Span::Kind kind) {
  switch (kind) {
    case markdown::Span::Kind::emphasis: return NodeKind::emphasis;
    case markdown::Span::Kind::strong: return NodeKind::strong;
    case markdown::Span::Kind::code: return NodeKind::code_span;
    case markdown::Span::Kind::strike: return NodeKind::strike;
    case markdown::Span::Kind::link: return NodeKind::link;
    case markdown::Span::Kind::image: break;
  }
  return NodeKind::image;
}

bool is_container(NodeKind kind) {
  return kind == NodeKind::quote || kind == NodeKind::item;
}

// What ends the number of an item: lists that differ in it are two lists.
char delimiter_of(const std::string& number) {
  return number.empty() ? '\0' : number.back();
}

// A line of text that turns out to be the head of a table.
void split_into_cells(BlockNode& paragraph, BlockNode& row) {
  const auto add_cell = [&row]() -> BlockNode& {
    row.children.push_back(make_node(NodeKind::cell));
    return *row.children.back();
  };
  BlockNode* cell = &add_cell();
  const auto add_text = [&cell](std::string_view text) {
    if (cell->children.empty())
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return;
    cell->children.push_back(make_node(NodeKind::text));
    cell->children.back()->text = text;
  };
  for (auto& span : paragraph.children) {
    if (span->kind != NodeKind::text) {
      cell->children.push_back(std::move(span));
      continue;
    }
    std::string_view rest = span->text;
    for (std::size_t bar = rest.find('|'); bar != std::string_view::npos; bar = rest.find('|')) {
      const std::string_view text = rest.substr(0, bar);
      add_text(text.substr(0, text.find_last_not_of(' ') + 1));
      cell = &add_cell();
      rest.remove_prefix(bar + 1);
    }
    add_text(rest);
  }
  if (row.children.front()->children.empty()) row.children.erase(row.children.begin());
  if (!row.children.empty() && row.children.back()->children.empty()) row.children.pop_back();
}

}  // namespace

Blocks::Blocks() : root_(make_node(NodeKind::root)), open_{root_.get()}, parser_(*this) {}

Blocks::~Blocks() = default;

BlocksChange Blocks::take_change() {
  BlocksChange change{.keep = std::min(changed_from_, taken_)};
  for (std::size_t i = change.keep; i < root_->children.size(); ++i) {
    change.blocks.push_back(render_block(*root_->children[i]));
  }
  taken_ = changed_from_ = root_->children.size();
  return change;
}

void Blocks::open(const markdown::Block& block) {
  BlockNode* parent = open_.back();
  const bool was_blank = std::exchange(after_blank_, false);
  const NodeKind kind = kind_of(block);
  if (is_container(kind) && open_.size() >= kDeepest) {
    open_.push_back(parent);
    return;
  }
  if (was_blank && parent->kind == NodeKind::item && !parent->children.empty()) {
    parent->list->is_tight = false;
  }
  auto node = make_node(kind);
  if (const auto* item = std::get_if<markdown::Item>(&block)) {
    parent = &list_for(*parent, *item);
    if (was_blank && !parent->children.empty()) parent->is_tight = false;
    node->list = parent;
    node->checked = item->checked;
  } else if (const auto* heading = std::get_if<markdown::Heading>(&block)) {
    node->level = heading->level;
  } else if (const auto* code = std::get_if<markdown::Code>(&block)) {
    node->address = code->info.substr(0, code->info.find_first_of(" \t"));
  } else if (const auto* table = std::get_if<markdown::Table>(&block)) {
    node->columns = table->columns;
  }
  open_.push_back(&add(*parent, std::move(node)));
}

void Blocks::close(const markdown::Block& block) {
  const bool is_row = std::holds_alternative<markdown::Row>(block);
  if (is_row && open_.back()->children.empty()) take_head();
  open_.pop_back();
}

void Blocks::underline(int level) {
  auto& siblings = open_.back()->children;
  if (siblings.empty() || siblings.back()->kind != NodeKind::paragraph) return;
  siblings.back()->kind = NodeKind::heading;
  siblings.back()->level = level;
  changed();
}

void Blocks::text(std::string_view text) {
  BlockNode& parent = *open_.back();
  if (parent.kind == NodeKind::code) {
    parent.text += text;
    changed();
    return;
  }
  if (parent.children.empty() || parent.children.back()->kind != NodeKind::text) {
    add(parent, make_node(NodeKind::text));
  }
  parent.children.back()->text += text;
  changed();
}

void Blocks::line_break() {
  add(*open_.back(), make_node(NodeKind::line_break));
}

void Blocks::open_span(const markdown::Span& span) {
  BlockNode& parent = *open_.back();
  if (open_.size() >= 2 * kDeepest) {
    open_.push_back(&parent);
    return;
  }
  auto node = make_node(kind_of(span.kind));
  node->address = span.address;
  open_.push_back(&add(parent, std::move(node)));
}

BlockNode& Blocks::add(BlockNode& parent, std::unique_ptr<BlockNode> node) {
  parent.children.push_back(std::move(node));
  changed();
  return *parent.children.back();
}

// The list that an item belongs to: the one before it, if there is nothing between.
BlockNode& Blocks::list_for(BlockNode& parent, const markdown::Item& item) {
  if (!parent.children.empty()) {
    BlockNode& last = *parent.children.back();
    const bool same_kind = last.address.empty() == item.number.empty() &&
                           delimiter_of(last.address) == delimiter_of(item.number);
    if (last.kind == NodeKind::list && same_kind) return last;
  }
  auto list = make_node(NodeKind::list);
  list->address = item.number;
  return add(parent, std::move(list));
}

// The head of a table was passed on as a paragraph before (markdown::Table).
void Blocks::take_head() {
  constexpr std::size_t kRowAndTable = 2;
  auto& siblings = open_[open_.size() - 1 - kRowAndTable]->children;
  if (siblings.size() < 2 || siblings[siblings.size() - 2]->kind != NodeKind::paragraph) return;
  split_into_cells(*siblings[siblings.size() - 2], *open_.back());
  siblings.erase(siblings.end() - 2);
  changed();
}

// Only the end of the text changes. A table can replace the block before it, and is then itself
// the last.
void Blocks::changed() {
  const std::size_t count = root_->children.size();
  changed_from_ = std::min(changed_from_, count == 0 ? 0 : count - 1);
}

std::string render_blocks(std::string_view text) {
  Blocks blocks;
  blocks.feed(text);
  blocks.finish();
  return join_blocks(blocks.take_change().blocks);
}

std::string render_recorded_blocks(const std::string& output) {
  nlohmann::ordered_json value;
  if (output.starts_with('[') || output.starts_with('"')) value = wire::find_json(output);
  if (value.is_string()) value = nlohmann::ordered_json::array({value});
  std::vector<std::string> files;
  if (value.is_array()) {
    for (const auto& url : value) {
      if (!url.is_string() || !wire::is_file_url(url.get<std::string>())) {
        return render_blocks(output);
      }
      files.push_back(render_file_block(url.get<std::string>(), files.size() + 1));
    }
  }
  return files.empty() ? render_blocks(output) : join_blocks(files);
}

std::string render_file_block(const std::string& url, std::size_t number) {
  std::string name =
      url.starts_with("data:") ? std::string() : url.substr(0, url.find_first_of("?#"));
  name = name.substr(name.rfind('/') + 1);
  if (name.empty()) name = "output-" + std::to_string(number);
  nlohmann::ordered_json block{{"t", "file"}, {"name", name}};
  if (is_safe_link(url)) block["url"] = url;
  return wire::render_json(block);
}

std::string render_json_block(std::string_view json) {
  return wire::render_json(
      nlohmann::ordered_json{{"t", "code"}, {"lang", "json"}, {"text", std::string(json)}});
}

std::string join_blocks(const std::vector<std::string>& blocks) {
  std::string array = "[";
  for (const std::string& block : blocks) {
    if (&block != &blocks.front()) array += ',';
    array += block;
  }
  return array + "]";
}

}  // namespace rellama::web
