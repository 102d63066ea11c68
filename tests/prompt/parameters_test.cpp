#include "prompt/parameters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rellama::prompt {
namespace {

void set_something(const Parameter& parameter, GenerationParameters& values) {
  struct Assign {
    void operator()(std::optional<std::string>& text) const { text = "{prompt}"; }
    void operator()(std::vector<std::string>& list) const { list = {"a", "b"}; }
    void operator()(std::optional<std::int64_t>& number) const { number = 3; }
    void operator()(std::optional<double>& number) const { number = 0.25; }
  };
  std::visit([&values](auto field) { Assign{}(values.*field); }, parameter.field);
}

const Parameter& require(std::string_view name) {
  const Parameter* parameter = find_parameter(name);
  EXPECT_NE(parameter, nullptr) << name;
  return *parameter;
}

TEST(Parameters, every_field_of_the_public_structure_is_in_the_table) {
  GenerationParameters values;
  for (const Parameter& parameter : parameters()) set_something(parameter, values);
  // This names all fields, so that it does not compile after one is added.
  const auto& [system_prompt, temperature, top_p, top_k, max_new_tokens, min_new_tokens, seed,
               stop_sequences, prompt_template, others] = values;
  EXPECT_TRUE(system_prompt && temperature && top_p && top_k && max_new_tokens && min_new_tokens &&
              seed && prompt_template);
  EXPECT_FALSE(stop_sequences.empty());
  EXPECT_TRUE(others.empty());
}

TEST(Parameters, no_two_rows_are_the_same_field) {
  for (const Parameter& one : parameters()) {
    GenerationParameters values;
    EXPECT_FALSE(sets_anything(values));
    set_something(one, values);
    EXPECT_TRUE(sets_anything(values));
    for (const Parameter& other : parameters()) {
      EXPECT_EQ(is_set(other, values), &one == &other) << one.name << ", " << other.name;
    }
    reset(one, values);
    EXPECT_FALSE(sets_anything(values)) << one.name;
  }
}

TEST(Parameters, another_input_counts_as_set_too) {
  GenerationParameters values;
  values.others.push_back({"width", std::int64_t{512}});
  EXPECT_TRUE(sets_anything(values));
}

TEST(Parameters, no_name_is_used_twice) {
  std::set<std::string_view> names;
  std::set<std::string_view> options;
  std::set<std::string_view> inputs;
  for (const Parameter& parameter : parameters()) {
    EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name;
    EXPECT_TRUE(options.insert(parameter.option).second) << parameter.option;
    for (const auto alias : parameter.option_aliases) {
      EXPECT_TRUE(options.insert(alias).second) << alias;
    }
    for (const auto input : parameter.model_names) {
      EXPECT_TRUE(inputs.insert(input).second) << input;
    }
  }
}

TEST(Parameters, an_option_is_found_by_all_its_names_with_dashes_or_underscores) {
  EXPECT_EQ(find_by_option("temp"), &require("temperature"));
  EXPECT_EQ(find_by_option("max-tokens"), &require("max_new_tokens"));
  EXPECT_EQ(find_by_option("max_new_tokens"), &require("max_new_tokens"));
  EXPECT_EQ(find_by_option("system"), &require("system_prompt"));
  EXPECT_EQ(find_by_option("top"), nullptr);
  EXPECT_EQ(find_by_option("stop_sequences"), nullptr);
}

TEST(Parameters, models_own_names_are_translated_and_others_are_left_alone) {
  EXPECT_EQ(parameter_of("max_tokens"), "max_new_tokens");
  EXPECT_EQ(parameter_of("max_length"), "max_new_tokens");
  EXPECT_EQ(parameter_of("min_tokens"), "min_new_tokens");
  EXPECT_EQ(parameter_of("temperature"), "temperature");
  EXPECT_EQ(parameter_of("width"), "width");
}

TEST(Parameters, defaults_are_those_of_the_original_program) {
  EXPECT_EQ(find_default(require("system_prompt")), InputValue(std::string(default_system_prompt)));
  EXPECT_EQ(find_default(require("temperature")), InputValue(0.5));
  EXPECT_EQ(find_default(require("top_p")), InputValue(1.0));
  EXPECT_EQ(find_default(require("top_k")), InputValue(std::int64_t{50}));
  EXPECT_EQ(find_default(require("max_new_tokens")), InputValue(std::int64_t{500}));
  EXPECT_EQ(find_default(require("min_new_tokens")), InputValue(std::int64_t{-1}));
  for (const char* name : {"seed", "stop_sequences", "prompt_template"}) {
    EXPECT_FALSE(find_default(require(name))) << name;
  }
}

TEST(Parameters, a_numeric_default_is_in_range_and_has_the_type_of_its_field) {
  for (const Parameter& parameter : parameters()) {
    const auto value = find_default(parameter);
    if (!value || parameter.type() == ParameterType::text) continue;
    const auto* whole = std::get_if<std::int64_t>(&*value);
    EXPECT_EQ(whole != nullptr, parameter.type() == ParameterType::integer) << parameter.name;
    const double number = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(*value);
    EXPECT_TRUE(!parameter.minimum || number >= *parameter.minimum) << parameter.name;
    EXPECT_TRUE(!parameter.maximum || number <= *parameter.maximum) << parameter.name;
  }
}

TEST(Parameters, the_table_says_what_help_says) {
  const auto help = [](std::string_view name) {
    const Parameter& parameter = require(name);
    return std::pair(describe(parameter), describe_default(parameter));
  };
  using Help = std::pair<std::string, std::string>;
  EXPECT_EQ(help("temperature"), Help("randomness, 0 to 5 (older builds: from 0.01)", "0.5"));
  EXPECT_EQ(help("top_p"), Help("share of likely tokens to sample from, 0 to 1", "1"));
  EXPECT_EQ(help("max_new_tokens"), Help("longest answer in tokens, from 1", "500"));
  EXPECT_EQ(help("min_new_tokens"), Help("shortest answer in tokens, from -1 (off)", "-1"));
  EXPECT_EQ(help("seed"), Help("seed for a repeatable answer", "random"));
  EXPECT_EQ(help("stop_sequences"), Help("text that ends the answer; repeatable", ""));
}

TEST(Parameters, a_parameter_that_limits_another_exists) {
  for (const Parameter& parameter : parameters()) {
    if (parameter.limited_by.empty()) continue;
    EXPECT_NE(find_parameter(parameter.limited_by), nullptr) << parameter.limited_by;
  }
}

}  // namespace
}  // namespace rellama::prompt
