#include "settings/directories.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace rellama::settings {
namespace {

system::Environment environment_of(std::map<std::string, std::string, std::less<>> variables) {
  return [variables](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

TEST(Directories, they_are_below_home_if_no_xdg_variable_is_set) {
  const Directories directories = find_directories(environment_of({{"HOME", "/home/ann"}}));
  EXPECT_EQ(directories.config, "/home/ann/.config/rellama");
  EXPECT_EQ(directories.data, "/home/ann/.local/share/rellama");
  EXPECT_EQ(directories.state, "/home/ann/.local/state/rellama");
  EXPECT_EQ(directories.cache, "/home/ann/.cache/rellama");
}

TEST(Directories, each_xdg_variable_moves_its_own_directory) {
  const Directories directories = find_directories(environment_of({{"HOME", "/home/ann"},
                                                                   {"XDG_CONFIG_HOME", "/c"},
                                                                   {"XDG_DATA_HOME", "/d"},
                                                                   {"XDG_STATE_HOME", "/s"},
                                                                   {"XDG_CACHE_HOME", "/k"}}));
  EXPECT_EQ(directories.config, "/c/rellama");
  EXPECT_EQ(directories.data, "/d/rellama");
  EXPECT_EQ(directories.state, "/s/rellama");
  EXPECT_EQ(directories.cache, "/k/rellama");
}

TEST(Directories, a_relative_or_empty_xdg_variable_is_ignored) {
  const Directories directories = find_directories(environment_of(
      {{"HOME", "/home/ann"}, {"XDG_CONFIG_HOME", "config"}, {"XDG_DATA_HOME", ""}}));
  EXPECT_EQ(directories.config, "/home/ann/.config/rellama");
  EXPECT_EQ(directories.data, "/home/ann/.local/share/rellama");
}

TEST(Directories, without_home_no_path_is_relative) {
  // The user database differs between machines: its path is absolute, or there is none.
  const Directories directories = find_directories(environment_of({}));
  if (directories.config) {
    EXPECT_TRUE(directories.config->is_absolute()) << *directories.config;
  }
  const Directories relative = find_directories(environment_of({{"HOME", "ann"}}));
  EXPECT_EQ(relative.config, directories.config);
}

TEST(Environment, an_empty_variable_counts_as_not_set) {
  const system::Environment environment = environment_of({{"EMPTY", ""}, {"FULL", "x"}});
  EXPECT_EQ(system::find_variable(environment, "EMPTY"), std::nullopt);
  EXPECT_EQ(system::find_variable(environment, "ABSENT"), std::nullopt);
  EXPECT_EQ(system::find_variable(environment, "FULL"), "x");
}

TEST(Environment, the_process_has_its_own_variables) {
  ASSERT_EQ(::setenv("RELLAMA_TEST_VARIABLE", "seen", 1), 0);
  EXPECT_EQ(system::process_environment()("RELLAMA_TEST_VARIABLE"), "seen");
  ASSERT_EQ(::unsetenv("RELLAMA_TEST_VARIABLE"), 0);
  EXPECT_EQ(system::process_environment()("RELLAMA_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace rellama::settings
