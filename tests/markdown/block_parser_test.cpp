#include "markdown/block_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace rellama::markdown {
namespace {

// All text of the blocks, each in brackets.
class Blocks final : public BlockSink {
 public:
  void open(const Block& /*block*/) override { all += '['; }
  void close(const Block& /*block*/) override { all += ']'; }
  void text(std::string_view text) override { all += text; }
  void row(const std::vector<std::string>& cells) override {
    for (const std::string& cell : cells) all += '<' + cell + '>';
  }
  std::string all;
};

std::string blocks_of(std::string_view text) {
  Blocks blocks;
  BlockParser parser(blocks);
  parser.feed(text);
  parser.finish();
  return blocks.all;
}

TEST(BlockParser, spans_are_left_as_written) {
  EXPECT_EQ(blocks_of("- *a* &amp;\n\n| `b` |\n|--|\n| **c** |"), "[[*a* &amp;]][<`b`><**c**>]");
}

TEST(BlockParser, text_within_a_line_is_passed_on_at_once) {
  Blocks blocks;
  BlockParser parser(blocks);
  parser.feed("it i");
  EXPECT_EQ(blocks.all, "[it i");
  parser.feed("s");
  EXPECT_EQ(blocks.all, "[it is");
  parser.feed("\n#");
  EXPECT_EQ(blocks.all, "[it is");
  parser.feed(" c");
  EXPECT_EQ(blocks.all, "[it is][ c");
}

TEST(BlockParser, the_first_word_waits_for_what_follows_it) {
  Blocks blocks;
  BlockParser parser(blocks);
  parser.feed("Name ");
  EXPECT_EQ(blocks.all, "");
  parser.feed("is");
  EXPECT_EQ(blocks.all, "[Name is");
}

TEST(BlockParser, a_line_too_long_to_wait_for_is_text) {
  const std::string row = "|" + std::string(10'000, 'a') + "|";
  EXPECT_EQ(blocks_of(row + "\n|--|\n"), "[" + row + "|--|]");
}

}  // namespace
}  // namespace rellama::markdown
