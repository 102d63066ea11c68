#include "settings/toml_document.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"

namespace rellama::settings {
namespace {

using test::holds;

std::vector<TomlEntry> entries_of(std::string_view text) {
  return parse_toml(text, "file.toml").front().entries;
}

TEST(Toml, values_keep_their_type_and_text) {
  const auto entries = entries_of(
      "flag = true\nwhole = 5\nnumber = 0.2\ntext = \"C# and, commas\"\nlist = [\"a\", \"b\"]\n");
  ASSERT_EQ(entries.size(), 5U);
  EXPECT_EQ(entries[0].kind, ValueKind::boolean);
  EXPECT_EQ(entries[1].kind, ValueKind::integer);
  EXPECT_EQ(entries[2].kind, ValueKind::number);
  EXPECT_EQ(entries[2].values, std::vector<std::string>{"0.2"});
  EXPECT_EQ(entries[3].values, std::vector<std::string>{"C# and, commas"});
  EXPECT_EQ(entries[4].kind, ValueKind::list);
  EXPECT_EQ(entries[4].values, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(entries[4].line, 5);
}

TEST(Toml, entries_are_in_file_order) {
  const auto entries = entries_of("z = 1\na = 2\n");
  EXPECT_EQ(entries[0].key, "z");
  EXPECT_EQ(entries[1].key, "a");
}

TEST(Toml, empty_tables_have_their_path_and_line_too) {
  const auto sections = parse_toml("a = 1\n[profile.work]\n[profile.home]\nb = 2\n", "file.toml");
  ASSERT_EQ(sections.size(), 4U) << "the top, profile, and the two below it";
  EXPECT_EQ(sections[2].path, (std::vector<std::string>{"profile", "home"}));
  EXPECT_EQ(sections[2].entries.front().line, 4);
  EXPECT_TRUE(sections[3].entries.empty());
  EXPECT_EQ(sections[3].line, 2);
}

TEST(Toml, dates_and_lists_of_lists_are_other_values) {
  EXPECT_EQ(entries_of("when = 2020-01-01").front().kind, ValueKind::other);
  EXPECT_EQ(entries_of("deep = [[1]]").front().kind, ValueKind::other);
}

TEST(Toml, a_mistake_is_named_with_file_and_line) {
  for (const char* text : {"a = 1\nb = ", "a = 1\na = 2", "a = 1\n[x\n", "a = 1\nb = \"\xFF\""}) {
    const Error error = test::error_of([&] { (void)parse_toml(text, "/etc/file.toml"); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_TRUE(holds(error.what(), "/etc/file.toml:2: ")) << error.what();
  }
}

TEST(Toml, a_name_of_very_many_parts_is_refused) {
  std::string name = "a";
  for (int i = 0; i < 200'000; ++i) name += ".a";
  const Error error = test::error_of([&] { (void)parse_toml("\n" + name + " = 1", "f.toml"); });
  EXPECT_TRUE(holds(error.what(), "f.toml:2: invalid TOML: a name has more than 256 parts"));
  const std::string text = "text = \"" + std::string(1000, '.') + "\"";
  EXPECT_EQ(entries_of(text).front().values.front(), std::string(1000, '.'));
}

TEST(Toml, written_strings_read_back_the_same) {
  for (const std::string text :
       {"", "plain", "with \"quotes\" and \\", "two\nlines\n", "\n\nblank first",
        "tab\tand \x01 and \x7F", "\"\"\"\n\"\"\"", "ends with \\\n", "ümlaut 🦙", "cr\r\nlf"}) {
    const auto entries = entries_of("text = " + render_toml_string(text));
    EXPECT_EQ(entries.front().values.front(), text);
  }
}

}  // namespace
}  // namespace rellama::settings
