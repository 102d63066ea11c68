#include "web/squeeze.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace rellama::web {
namespace {

namespace fs = std::filesystem;

TEST(SqueezeScript, comments_and_blanks_go_and_texts_stay) {
  EXPECT_EQ(squeeze_script("// one\nlet a = \"b // c\"; /* two */\nlet d = 'e  f';\n"),
            "let a=\"b // c\";let d='e  f';");
  EXPECT_EQ(squeeze_script("const line = `a  ${ b }  // c`;"), "let line=`a  ${ b }  // c`;");
}

TEST(SqueezeScript, words_and_signs_stay_apart) {
  EXPECT_EQ(squeeze_script("async function f() { return typeof a; }"),
            "async function f(){return typeof a}");
  EXPECT_EQ(squeeze_script("a + +b; c - -d; e++; f + ++g;"), "a+ +b;c- -d;e++;f+ ++g;");
}

TEST(SqueezeScript, a_slash_divides_or_begins_a_regular_expression) {
  EXPECT_EQ(squeeze_script("x = a / b / c; y = t.replace(/[/ ]\" \\/ /g, d);"),
            "x=a/b/c;y=t.replace(/[/ ]\" \\/ /g,d);");
}

TEST(SqueezeScript, what_can_be_left_out_is) {
  EXPECT_EQ(squeeze_script("f((a) => { g(a, [1, 2,],); });"), "f(a=>{g(a,[1,2])});");
  EXPECT_EQ(squeeze_script("h(async (a) => a);"), "h(async a=>a);");
}

TEST(SqueezeScript, private_members_get_short_names_everywhere) {
  EXPECT_EQ(squeeze_script("class A { #text; #size() { return `${this.#text}#x`; } }"),
            "class A{#a;#b(){return`${this.#a}#x`}}");
}

TEST(SqueezeScript, a_template_in_a_template_is_refused) {
  EXPECT_THROW((void)squeeze_script("f(`a ${b ? `c ${d}` : \"\"}`);"), std::runtime_error);
}

TEST(SqueezeScript, a_text_that_does_not_end_is_refused) {
  EXPECT_THROW((void)squeeze_script("let a = \"b"), std::runtime_error);
}

TEST(SqueezeStyle, blanks_go_where_they_mean_nothing) {
  EXPECT_EQ(
      squeeze_style("/* x */\na > b, .c :hover {\n  color: red;\n  margin: 0.5rem -0.5rem;\n}\n"),
      "a>b,.c :hover{color:red;margin:.5rem -.5rem}");
  EXPECT_EQ(squeeze_style("a { width: calc(100% - 10.5rem); content: \"  /* \"; }"),
            "a{width:calc(100% - 10.5rem);content:\"  /* \"}");
}

class JoinModules : public testing::Test {
 protected:
  JoinModules() { fs::create_directories(folder_); }
  ~JoinModules() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  [[nodiscard]] std::string join() const { return join_modules(folder_ / "main.js"); }

 private:
  const fs::path folder_ =
      fs::path(testing::TempDir()) /
      ("modules-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
};

TEST_F(JoinModules, each_comes_once_and_after_what_it_imports) {
  write("main.js", "import { b } from \"./b.js\";\nimport { c } from \"./c.js\";\nb(c);\n");
  write("b.js", "import {\n  c,\n} from \"./c.js\";\nexport const b = c;\n");
  write("c.js", "export function c() {}\n");
  EXPECT_EQ(join(), "function c(){}let b=c;b(c);");
}

TEST_F(JoinModules, a_name_that_two_modules_declare_is_refused) {
  write("main.js", "import { b } from \"./b.js\";\nconst a = b;\n");
  write("b.js", "const a = 1;\nexport const b = a;\n");
  EXPECT_THROW((void)join(), std::runtime_error);
}

TEST_F(JoinModules, names_inside_of_functions_are_their_own) {
  write("main.js", "import { b } from \"./b.js\";\nfunction f() { const a = b; }\n");
  write("b.js", "const a = 1;\nexport const b = a;\n");
  EXPECT_EQ(join(), "let a=1;let b=a;function f(){let a=b}");
}

TEST_F(JoinModules, a_module_that_is_missing_is_refused) {
  write("main.js", "import { b } from \"./b.js\";\n");
  EXPECT_THROW((void)join(), std::runtime_error);
}

}  // namespace
}  // namespace rellama::web
