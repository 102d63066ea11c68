#include "web/blocks.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rellama::web {
namespace {

using Json = nlohmann::json;

Json blocks_of(const std::string& text) {
  return Json::parse(render_blocks(text));
}

Json paragraph(Json spans) {
  return Json{{"t", "p"}, {"c", std::move(spans)}};
}

TEST(Blocks, paragraphs_headings_rules_and_quotes) {
  EXPECT_EQ(blocks_of("One\n\n# Two\n\n---\n\n> Three\n"),
            Json::parse(R"([{"t":"p","c":["One"]},{"t":"h","n":1,"c":["Two"]},{"t":"hr"},
                            {"t":"quote","c":[{"t":"p","c":["Three"]}]}])"));
}

TEST(Blocks, an_underlined_paragraph_is_a_heading) {
  EXPECT_EQ(blocks_of("Title\n=====\n\ntext")[0], Json::parse(R"({"t":"h","n":1,"c":["Title"]})"));
}

TEST(Blocks, code_keeps_its_text_and_its_language) {
  EXPECT_EQ(blocks_of("```py extra\na = '<b>'\n\n  b\n```\n"),
            Json::parse(R"([{"t":"code","lang":"py","text":"a = '<b>'\n\n  b"}])"));
}

TEST(Blocks, spans_are_marked) {
  EXPECT_EQ(blocks_of("*a* **b** ~~c~~ `d` [e](https://example.org)")[0]["c"],
            Json::parse(R"([{"t":"em","c":["a"]}," ",{"t":"strong","c":["b"]}," ",
                            {"t":"del","c":["c"]}," ",{"t":"code","text":"d"}," ",
                            {"t":"a","href":"https://example.org","c":["e"]}])"));
}

TEST(Blocks, items_in_a_row_are_one_list) {
  EXPECT_EQ(blocks_of("- a\n- b\n  - c\n\n3. d\n4. e\n"),
            Json::parse(R"([{"t":"ul","tight":true,"c":[{"c":[{"t":"p","c":["a"]}]},
                              {"c":[{"t":"p","c":["b"]},
                                    {"t":"ul","tight":true,"c":[{"c":[{"t":"p","c":["c"]}]}]}]}]},
                            {"t":"ol","start":3,"tight":true,"c":[{"c":[{"t":"p","c":["d"]}]},
                              {"c":[{"t":"p","c":["e"]}]}]}])"));
}

TEST(Blocks, items_with_blank_lines_between_are_loose_and_boxes_are_tasks) {
  const Json list = blocks_of("- [ ] a\n\n- [x] b\n")[0];
  EXPECT_EQ(list["tight"], false);
  EXPECT_EQ(list["c"][0]["task"], false);
  EXPECT_EQ(list["c"][1]["task"], true);
}

TEST(Blocks, a_table_has_a_head_and_rows) {
  EXPECT_EQ(blocks_of("| a | b |\n|:-:|--:|\n| 1 | **2** |\n")[0],
            Json::parse(R"({"t":"table","align":["c","r"],"head":[["a"],["b"]],
                            "rows":[[["1"],[{"t":"strong","c":["2"]}]]]})"));
}

// The parser passes such a line on as text before it knows that it is the head of a table.
TEST(Blocks, a_head_without_a_bar_at_its_start_is_no_paragraph) {
  EXPECT_EQ(blocks_of("name | *size*\n---|---\nx | 1\n"),
            Json::parse(
                R"([{"t":"table","align":["l","l"],"head":[["name"],[{"t":"em","c":["size"]}]],
                             "rows":[[["x"],["1"]]]}])"));
}

TEST(Blocks, what_could_do_harm_becomes_text) {
  EXPECT_EQ(blocks_of("[a](javascript:alert(1))")[0], paragraph({"a"}));
  EXPECT_EQ(blocks_of("[a](data:text/html,x)")[0], paragraph({"a"}));
  EXPECT_EQ(blocks_of("[a](//example.org)")[0], paragraph({"a"}));
  EXPECT_EQ(blocks_of("[a](https:\\\\example.org)")[0], paragraph({"a"}));
  EXPECT_EQ(blocks_of("![a cat](https://example.org/cat.png)")[0], paragraph({"a cat"}));
  EXPECT_EQ(blocks_of("<script>alert(1)</script>").dump().find("\"t\":\"script"),
            std::string::npos);
  EXPECT_NE(blocks_of("<img src=x>").dump().find("<img src=x>"), std::string::npos);
}

TEST(Blocks, mail_addresses_and_both_kinds_of_http_are_links) {
  for (const char* address :
       {"mailto:ann@example.org", "http://example.org", "HTTPS://EXAMPLE.ORG"}) {
    EXPECT_EQ(blocks_of(std::string("[a](") + address + ")")[0]["c"][0]["href"], address);
  }
}

// What the page has after all changes.
Json collect(const std::string& text, std::size_t length) {
  Blocks blocks;
  std::vector<std::string> shown;
  const auto take = [&] {
    BlocksChange change = blocks.take_change();
    EXPECT_LE(change.keep, shown.size());
    shown.resize(change.keep);
    shown.insert(shown.end(), change.blocks.begin(), change.blocks.end());
  };
  for (std::size_t at = 0; at < text.size(); at += length) {
    blocks.feed(text.substr(at, length));
    take();
  }
  blocks.finish();
  take();
  return Json::parse(join_blocks(shown));
}

TEST(Blocks, changes_add_up_to_the_whole_however_the_text_is_cut) {
  const std::string text =
      "Intro **bold\ntext**\n\n- a\n- b\n\n  c\n\nname | size\n---|---\nx | 1\n\nTitle\n===\n\n"
      "```c\nint x;\n```\n> quote\n> - item\n\n1. one\n2) two\n\nlast *word*";
  const Json whole = blocks_of(text);
  for (std::size_t length = 1; length < 40; ++length) {
    EXPECT_EQ(collect(text, length), whole) << length;
  }
}

TEST(Blocks, a_finished_block_is_sent_once) {
  Blocks blocks;
  blocks.feed("One.\n\nTwo");
  (void)blocks.take_change();
  blocks.feed(" and more. ");
  const BlocksChange change = blocks.take_change();
  EXPECT_EQ(change.keep, 1U);
  EXPECT_EQ(change.blocks.size(), 1U);
  const BlocksChange none = blocks.take_change();
  EXPECT_EQ(none.keep, 2U);
  EXPECT_TRUE(none.blocks.empty());
}

TEST(Blocks, deep_nesting_is_cut_off) {
  const std::string quotes(5'000, '>');
  const std::string json = render_blocks(quotes + " deep");
  EXPECT_LT(json.size(), 8'000U);
  EXPECT_NE(json.find("deep"), std::string::npos);
}

TEST(Blocks, recorded_files_are_files_again) {
  EXPECT_EQ(Json::parse(render_recorded_blocks(R"(["https://example.org/a.png"])"))[0]["name"],
            "a.png");
  EXPECT_EQ(Json::parse(render_recorded_blocks(R"("https://example.org/a.png")"))[0]["t"], "file");
  EXPECT_EQ(Json::parse(render_recorded_blocks("[1, 2]"))[0]["t"], "p");
  EXPECT_EQ(Json::parse(render_recorded_blocks("[]"))[0]["t"], "p");
  EXPECT_EQ(Json::parse(render_recorded_blocks("[link](https://example.org)"))[0]["t"], "p");
}

TEST(Blocks, files_of_a_model_are_named_and_linked) {
  EXPECT_EQ(
      Json::parse(render_file_block("https://example.org/a/out.png?x=1", 1)),
      Json::parse(R"({"t":"file","name":"out.png","url":"https://example.org/a/out.png?x=1"})"));
  EXPECT_EQ(Json::parse(render_file_block("data:image/png;base64,AAAA", 2)),
            Json::parse(R"({"t":"file","name":"output-2"})"));
}

}  // namespace
}  // namespace rellama::web
