#include "chat/slash_command.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "rellama/error.hpp"
#include "terminal/display_width.hpp"

namespace rellama::chat {
namespace {

std::string refusal(std::string_view line) {
  try {
    (void)parse_slash_command(line);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    return error.what();
  }
  return {};
}

TEST(SlashCommand, has_a_name_and_an_argument) {
  EXPECT_EQ(parse_slash_command("/exit").name, SlashName::exit);
  const SlashCommand command = parse_slash_command("/system  Be brief, and kind.  ");
  EXPECT_EQ(command.name, SlashName::system);
  EXPECT_EQ(command.argument, "Be brief, and kind.");
}

TEST(SlashCommand, unambiguous_abbreviations_are_accepted) {
  EXPECT_EQ(parse_slash_command("/mo 13b").name, SlashName::model);
  EXPECT_NE(refusal("/s"), "") << "/save, /set and /system";
}

TEST(SlashCommand, what_leaves_other_chat_programs_leaves_this_one) {
  for (const char* line : {"/exit", "/quit", "/q", "/bye", "/quit "}) {
    EXPECT_EQ(parse_slash_command(line).name, SlashName::exit) << line;
  }
  EXPECT_NE(refusal("/qiut").find("did you mean /quit?"), std::string::npos);
}

TEST(SlashCommand, an_unknown_command_is_refused_with_a_suggestion) {
  EXPECT_NE(refusal("/modle").find("did you mean /model?"), std::string::npos);
  EXPECT_NE(refusal("/").find("is not a command"), std::string::npos);
  EXPECT_NE(refusal("/etc/passwd").find("type two"), std::string::npos);
}

TEST(SlashCommand, arguments_are_counted) {
  EXPECT_NE(refusal("/undo now").find("takes no argument"), std::string::npos);
  EXPECT_NE(refusal("/file").find("usage: /file PATH"), std::string::npos);
}

TEST(SlashCommand, help_names_them_all) {
  const std::string help = render_slash_help("", 0);
  for (const SlashSpec& command : slash_commands()) {
    EXPECT_NE(help.find(command.word), std::string::npos) << command.word;
  }
  EXPECT_EQ(render_slash_help("undo", 0), render_slash_help("/undo", 0));
}

TEST(SlashCommand, help_fits_the_window) {
  for (const std::size_t width : {100U, 80U, 40U}) {
    std::istringstream lines(render_slash_help("", width));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(terminal::display_width(line), width) << line;
    }
  }
}

}  // namespace
}  // namespace rellama::chat
