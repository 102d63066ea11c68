#include "settings/precedence.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"

namespace rellama::settings {
namespace {

// The levels below flags, in order, each with a value.
constexpr Level kLevels[] = {Level::environment, Level::prompt_template, Level::profile,
                             Level::file};

ConfigSection section_with(const std::string& value) {
  return {.line = 1, .entries = {{"model", "model", ValueKind::text, {value}, 7}}};
}

TEST(Precedence, the_highest_level_wins) {
  for (unsigned set = 0; set < 16; ++set) {
    const auto is_set = [set](std::size_t level) { return ((set >> level) & 1U) != 0; };
    const ConfigSection empty;
    const ConfigSection sections[] = {section_with("template"), section_with("profile"),
                                      section_with("file")};
    std::vector<Layer> layers;
    for (std::size_t i = 1; i < 4; ++i) {
      layers.push_back({kLevels[i], is_set(i) ? &sections[i - 1] : &empty, "config.toml"});
    }
    const system::Environment environment =
        [&](std::string_view name) -> std::optional<std::string> {
      if (name == "RELLAMA_MODEL" && is_set(0)) return "environment";
      return std::nullopt;
    };
    const auto found = find_setting({"model"}, environment, layers);
    if (set == 0) {
      EXPECT_FALSE(found.has_value());
      continue;
    }
    std::size_t uppermost = 0;
    while (!is_set(uppermost)) ++uppermost;
    ASSERT_TRUE(found.has_value()) << set;
    EXPECT_EQ(found->level, kLevels[uppermost]) << set;
    EXPECT_EQ(found->values.front(), name_of(kLevels[uppermost])) << set;
    EXPECT_EQ(found->where, uppermost == 0 ? "RELLAMA_MODEL" : "config.toml:7") << set;
  }
}

TEST(Precedence, variables_are_named_after_options) {
  EXPECT_EQ(variable_of("model"), "RELLAMA_MODEL");
  EXPECT_EQ(variable_of("max-new-tokens"), "RELLAMA_MAX_NEW_TOKENS");
}

TEST(Precedence, an_empty_variable_counts_as_not_set) {
  const system::Environment environment = [](std::string_view) { return ""; };
  EXPECT_FALSE(find_setting({"model"}, environment, {}).has_value());
}

TEST(Precedence, the_address_of_the_api_has_two_variables) {
  const auto with = [](std::string_view ours) {
    return [ours](std::string_view name) -> std::optional<std::string> {
      if (name == ours || name == "REPLICATE_BASE_URL") return std::string(name);
      return std::nullopt;
    };
  };
  EXPECT_EQ(find_setting({"base-url"}, with(""), {})->where, "REPLICATE_BASE_URL");
  EXPECT_EQ(find_setting({"base-url"}, with("RELLAMA_BASE_URL"), {})->where, "RELLAMA_BASE_URL");
  EXPECT_FALSE(find_setting({"model"}, with(""), {}).has_value());
}

TEST(Precedence, an_option_is_found_by_each_of_its_names_but_not_by_two_at_once) {
  ConfigSection section{.line = 1, .entries = {{"temp", "temp", ValueKind::integer, {"1"}, 2}}};
  const std::vector<Layer> layers{{Level::file, &section, "config.toml"}};
  EXPECT_EQ(find_setting({"temperature", "temp"}, layers)->values.front(), "1");
  section.entries.push_back({"temperature", "temperature", ValueKind::integer, {"2"}, 3});
  const Error error = test::error_of([&] { (void)find_setting({"temperature", "temp"}, layers); });
  EXPECT_TRUE(test::holds(error.what(), "are the same setting")) << error.what();
}

}  // namespace
}  // namespace rellama::settings
