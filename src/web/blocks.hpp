#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "markdown/parser.hpp"
#include "markdown/tree.hpp"

namespace rellama::web {

/// What changed in a list of blocks: the first `keep` are as before, the others are `blocks`.
struct BlocksChange {
  std::size_t keep = 0;
  std::vector<std::string> blocks = {};  ///< each as JSON
};

struct BlockNode;

/// The blocks of a Markdown text that arrives in pieces, as JSON for the page (docs/serve.md):
/// what the text means, never HTML. Links that are not http, https or mailto, images and raw HTML
/// become their text.
class Blocks final : private markdown::TreeSink {
 public:
  Blocks();
  ~Blocks() override;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;

  void feed(std::string_view piece) { parser_.feed(piece); }
  void finish() { parser_.finish(); }

  /// What changed since the last call.
  [[nodiscard]] BlocksChange take_change();

 private:
  void open(const markdown::Block& block) override;
  void close(const markdown::Block& block) override;
  void blank_line() override { after_blank_ = true; }
  void underline(int level) override;
  void text(std::string_view text) override;
  void line_break() override;
  void open_span(const markdown::Span& span) override;
  void close_span(const markdown::Span& /*span*/) override { open_.pop_back(); }

  BlockNode& add(BlockNode& parent, std::unique_ptr<BlockNode> node);
  BlockNode& list_for(BlockNode& parent, const markdown::Item& item);
  void take_head();
  void changed();

  std::unique_ptr<BlockNode> root_;
  /// From the root to where text goes. What is nested too deeply is replaced by what it is in.
  std::vector<BlockNode*> open_;
  bool after_blank_ = false;
  std::size_t changed_from_ = 0;  // the first block that may have changed
  std::size_t taken_ = 0;         // how many there were at the last call of take_change
  markdown::Parser parser_;
};

/// The blocks of a whole text, as a JSON array.
[[nodiscard]] std::string render_blocks(std::string_view text);

/// The blocks of an answer as the history has it: text, or the JSON of a list of files.
[[nodiscard]] std::string render_recorded_blocks(const std::string& output);

/// The block for a file that a model produced.
[[nodiscard]] std::string render_file_block(const std::string& url, std::size_t number);

/// The block for output that is neither text nor files.
[[nodiscard]] std::string render_json_block(std::string_view json);

/// A JSON array of blocks.
[[nodiscard]] std::string join_blocks(const std::vector<std::string>& blocks);

}  // namespace rellama::web
