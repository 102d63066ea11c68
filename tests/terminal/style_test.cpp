#include "terminal/style.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "support/buffer_streams.hpp"

namespace rellama::terminal {
namespace {

using tests::BufferOutput;
using tests::Device;

system::Environment environment_of(std::map<std::string, std::string, std::less<>> variables) {
  return [variables](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

bool automatic(Device device, std::map<std::string, std::string, std::less<>> variables) {
  return use_color(ColorMode::automatic, BufferOutput(device), environment_of(variables));
}

TEST(UseColor, it_is_on_for_a_terminal_and_off_for_a_pipe) {
  EXPECT_TRUE(automatic(Device::terminal, {{"TERM", "xterm"}}));
  EXPECT_FALSE(automatic(Device::pipe, {{"TERM", "xterm"}}));
  EXPECT_FALSE(automatic(Device::terminal, {{"TERM", "dumb"}}));
}

TEST(UseColor, no_color_turns_it_off_unless_it_is_empty) {
  EXPECT_FALSE(automatic(Device::terminal, {{"NO_COLOR", "0"}}));
  EXPECT_TRUE(automatic(Device::terminal, {{"NO_COLOR", ""}}));
  EXPECT_FALSE(automatic(Device::terminal, {{"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}}));
}

TEST(UseColor, clicolor_force_turns_it_on_unless_it_is_zero) {
  EXPECT_TRUE(automatic(Device::pipe, {{"CLICOLOR_FORCE", "1"}}));
  EXPECT_FALSE(automatic(Device::pipe, {{"CLICOLOR_FORCE", "0"}}));
  EXPECT_FALSE(automatic(Device::pipe, {{"CLICOLOR_FORCE", ""}}));
}

TEST(UseColor, the_option_overrides_the_environment) {
  EXPECT_TRUE(use_color(ColorMode::always, BufferOutput(), environment_of({{"NO_COLOR", "1"}})));
  EXPECT_FALSE(use_color(ColorMode::never, BufferOutput(Device::terminal),
                         environment_of({{"CLICOLOR_FORCE", "1"}})));
}

TEST(CanRedraw, only_a_terminal_that_is_not_dumb_can) {
  EXPECT_TRUE(can_redraw(BufferOutput(Device::terminal), environment_of({})));
  EXPECT_FALSE(can_redraw(BufferOutput(Device::terminal), environment_of({{"TERM", "dumb"}})));
  EXPECT_FALSE(can_redraw(BufferOutput(Device::pipe), environment_of({})));
}

TEST(HasUtf8, the_first_variable_that_is_set_decides) {
  EXPECT_TRUE(has_utf8(environment_of({{"LANG", "de_DE.UTF-8"}})));
  EXPECT_TRUE(has_utf8(environment_of({{"LC_CTYPE", "C.utf8"}, {"LANG", "C"}})));
  EXPECT_FALSE(has_utf8(environment_of({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}})));
  EXPECT_TRUE(has_utf8(environment_of({{"LC_ALL", ""}, {"LANG", "de_DE.UTF-8"}})));
  EXPECT_FALSE(has_utf8(environment_of({})));
}

TEST(RenderErrorLine, a_message_is_one_line_without_control_characters) {
  EXPECT_EQ(render_error_line("it failed:\n\x1b[2Jhere", false), "rellama: it failed: ␛[2Jhere\n");
}

TEST(RenderErrorLine, only_the_prefix_is_colored) {
  EXPECT_EQ(render_error_line("it failed", true), "\x1b[1;31mrellama:\x1b[0m it failed\n");
}

}  // namespace
}  // namespace rellama::terminal
