#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "markdown/tree.hpp"

namespace rellama::web {

/// A block or a span, with what is in it.
struct BlockNode {
  enum class Kind {
    root,
    paragraph,
    heading,
    code,
    list,
    item,
    quote,
    table,
    row,
    cell,
    rule,
    text,
    line_break,
    emphasis,
    strong,
    strike,
    code_span,
    link,
    image,
  };

  Kind kind = Kind::root;
  std::string text = {};      ///< of a text and of a code block
  std::string address = {};   ///< of a link; the language of a code block; the number of a list
  int level = 0;              ///< of a heading
  bool is_tight = true;       ///< of a list: no blank lines between its items
  BlockNode* list = nullptr;  ///< of an item
  std::optional<bool> checked = {};               ///< of an item
  std::vector<markdown::Alignment> columns = {};  ///< of a table
  std::vector<std::unique_ptr<BlockNode>> children = {};
};

/// Renders a block as JSON for the page.
[[nodiscard]] std::string render_block(const BlockNode& block);

/// Whether the page may offer a link to follow: http, https or mailto, without blanks and controls.
[[nodiscard]] bool is_safe_link(std::string_view address) noexcept;

}  // namespace rellama::web
