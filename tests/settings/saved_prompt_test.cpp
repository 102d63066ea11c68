#include "settings/saved_prompt.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "support/expect_error.hpp"
#include "system/private_file.hpp"

namespace rellama::settings {
namespace {

using test::holds;

namespace fs = std::filesystem;

TEST(SavedPrompt, texts_are_separate_from_settings) {
  const auto made = parse_template(
      "x", "description = \"d\"\nsystem = \"s\"\ntop_p = 1\nprompt = \"<{{input}}>\"\n", "x.toml");
  EXPECT_EQ(made.description, "d");
  EXPECT_EQ(made.prompt, "<{{input}}>");
  EXPECT_EQ(made.settings.entries.size(), 2U);
  EXPECT_NE(made.settings.find("top-p"), nullptr);
}

TEST(SavedPrompt, without_a_prompt_it_is_the_input) {
  EXPECT_EQ(parse_template("x", "temperature = 1\n", "x.toml").prompt, "{{input}}");
}

TEST(SavedPrompt, invalid_placeholders_are_refused_when_it_is_read) {
  for (const char* text : {"prompt = \"{{oops\"", "prompt = 5", "description = true",
                           "[table]\nx = 1", "prompt = ", "token = \"x\""}) {
    const Error error = test::error_of([&] { (void)parse_template("x", text, "x.toml"); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << text;
    EXPECT_TRUE(holds(error.what(), "x.toml")) << error.what();
  }
}

TEST(SavedPrompt, names_stay_in_their_directory) {
  EXPECT_EQ(template_path("/t", "my-haiku_2.v1"), "/t/my-haiku_2.v1.toml");
  for (const std::string name :
       {"", ".hidden", "../x", "a/b", "/etc/x", "-t", "a b", "a\n", "ä", "x\\y"}) {
    EXPECT_THROW((void)template_path("/t", name), Error) << name;
  }
  EXPECT_THROW((void)template_path("/t", std::string(65, 'x')), Error);
}

TEST(SavedPrompt, the_built_in_ones_are_valid) {
  std::vector<std::string> names;
  for (const BuiltInTemplate& each : built_in_templates()) {
    names.emplace_back(each.name);
    const auto made = parse_template(names.back(), each.text, "built in");
    EXPECT_FALSE(made.description.empty()) << each.name;
    EXPECT_TRUE(holds(made.prompt, "{{input}}")) << each.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"commit", "explain", "review", "shell", "summarise",
                                             "translate"}));
}

class FindTemplate : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rellama-template-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  fs::path directory_;
};

TEST_F(FindTemplate, the_users_own_overrides_the_built_in_one) {
  EXPECT_EQ(find_template(directory_, "explain")->where, "built in");
  system::write_private_file(directory_ / "explain.toml", "prompt = \"mine: {{input}}\"");
  EXPECT_EQ(find_template(directory_, "explain")->prompt, "mine: {{input}}");
  EXPECT_EQ(find_template(std::nullopt, "explain")->where, "built in");
  EXPECT_FALSE(find_template(directory_, "absent").has_value());
}

TEST_F(FindTemplate, one_that_others_can_change_is_refused) {
  system::write_private_file(directory_ / "mine.toml", "prompt = \"{{input}}\"");
  fs::permissions(directory_ / "mine.toml", fs::perms::others_write, fs::perm_options::add);
  EXPECT_THROW((void)find_template(directory_, "mine"), Error);
}

TEST_F(FindTemplate, names_are_listed_once_and_sorted) {
  for (const char* name : {"zebra.toml", "explain.toml", "notes.txt", ".swap.toml"}) {
    system::write_private_file(directory_ / name, "");
  }
  const auto names = template_names(directory_);
  EXPECT_EQ(names.size(), 7U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(names.back(), "zebra");
  EXPECT_EQ(template_names(directory_ / "absent").size(), 6U);
}

}  // namespace
}  // namespace rellama::settings
