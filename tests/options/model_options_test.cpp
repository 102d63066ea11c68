#include "options/model_options.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "commands/chat/settings.hpp"
#include "options/option_value.hpp"
#include "options/saved_options.hpp"
#include "options/sweep.hpp"
#include "prompt/parameters.hpp"
#include "support/expect_error.hpp"

namespace rellama::program {
namespace {

using prompt::Parameter;
using prompt::ParameterType;

// A value that the option takes, and that is no default.
std::string example_of(const Parameter& parameter) {
  switch (parameter.type()) {
    case ParameterType::integer: return "7";
    case ParameterType::number: return "0.25";
    case ParameterType::text:
    case ParameterType::text_list: break;
  }
  return "say {prompt}";
}

ModelOptions parse_options(std::vector<std::string> arguments) {
  ModelOptions options;
  CLI::App app;
  declare(app, options);
  std::reverse(arguments.begin(), arguments.end());
  app.parse(std::move(arguments));
  return options;
}

bool has(const ModelOptions& options, const Parameter& parameter) {
  return parameter.takes_file ? options.system.has_value() : is_set(parameter, options.parameters);
}

TEST(ModelOptions, every_parameter_has_an_option_under_each_of_its_names) {
  for (const Parameter& parameter : prompt::parameters()) {
    std::vector<std::string_view> names{parameter.option};
    names.insert(names.end(), parameter.option_aliases.begin(), parameter.option_aliases.end());
    for (const std::string_view name : names) {
      const auto options = parse_options({"--" + std::string(name), example_of(parameter)});
      EXPECT_TRUE(has(options, parameter)) << name;
    }
  }
}

TEST(ModelOptions, the_types_and_defaults_of_options_come_from_the_table) {
  ModelOptions options;
  CLI::App app;
  declare(app, options);
  const auto option = [&app](const char* name) { return app.get_option(name); };
  EXPECT_EQ(describe(*option("--temperature")),
            "randomness, 0 to 5 (older builds: from 0.01) [0.5]");
  EXPECT_EQ(value_type(*option("--temperature")), ValueType::number);
  EXPECT_EQ(built_in_value(*option("--max-tokens")), "500");
  EXPECT_EQ(value_type(*option("--max-tokens")), ValueType::integer);
  EXPECT_EQ(metavar_of(*option("-s")), "TEXT|@FILE");
  EXPECT_EQ(built_in_value(*option("--seed")), "random");
  EXPECT_EQ(built_in_value(*option("--stop")), "");
  EXPECT_EQ(built_in_value(*option("--no-validate")), "false");
  EXPECT_TRUE(is_repeatable(*option("--stop")));
}

TEST(ModelOptions, a_default_that_help_shows_is_not_sent) {
  const ModelOptions options = parse_options({});
  EXPECT_FALSE(prompt::sets_anything(options.parameters));
  EXPECT_FALSE(options.system);
}

TEST(SavedOptions, every_parameter_survives_being_saved) {
  for (const Parameter& parameter : prompt::parameters()) {
    const auto options =
        parse_options({"--" + std::string(parameter.option), example_of(parameter)});
    GenerateRequest request;
    request.parameters = options.parameters;
    request.parameters.system_prompt = options.system;
    const std::string saved = render_saved_options(options, request, "");
    EXPECT_TRUE(test::holds(
        saved, "\"" + std::string(parameter.option) + "\":[\"" + example_of(parameter) + "\"]"));
    ModelOptions again;
    CLI::App app;
    declare(app, again);
    apply_saved_options(app, saved);
    EXPECT_TRUE(has(again, parameter)) << saved;
    request.parameters = again.parameters;
    request.parameters.system_prompt = again.system;
    EXPECT_EQ(render_saved_options(again, request, ""), saved);
  }
}

TEST(ChatSettings, every_parameter_can_be_set_and_goes_back_to_its_default) {
  for (const Parameter& parameter : prompt::parameters()) {
    if (parameter.takes_file) continue;
    std::vector<std::string_view> names{parameter.option};
    names.insert(names.end(), parameter.option_aliases.begin(), parameter.option_aliases.end());
    for (std::string name : std::vector<std::string>(names.begin(), names.end())) {
      std::replace(name.begin(), name.end(), '-', '_');
      ModelOptions options;
      set_inputs(options, name + "=" + example_of(parameter));
      EXPECT_TRUE(has(options, parameter)) << name;
      EXPECT_TRUE(options.assignments.empty()) << name;
      set_inputs(options, name + "=");
      EXPECT_FALSE(has(options, parameter)) << name;
    }
  }
}

TEST(ChatSettings, any_other_name_is_an_input_of_the_model) {
  ModelOptions options;
  set_inputs(options, "top_q=3");
  EXPECT_EQ(options.assignments, std::vector<std::string>{"top_q=3"});
  set_inputs(options, "top_q=");
  EXPECT_TRUE(options.assignments.empty());
}

TEST(ChatSettings, a_parameter_is_one_setting_under_all_its_names) {
  ModelOptions options;
  options.assignments = {"max_length=3", "temperature:=1"};
  set_inputs(options, "max_new_tokens=7 temp=0.2");
  EXPECT_TRUE(options.assignments.empty());
  set_inputs(options, "max_length 9");
  EXPECT_EQ(options.parameters.max_new_tokens, 9);
  set_inputs(options, "max-tokens= temperature=");
  EXPECT_FALSE(options.parameters.max_new_tokens || options.parameters.temperature);
}

TEST(ChatSettings, several_are_set_at_once_in_every_form) {
  ModelOptions options;
  set_inputs(options, "temperature 0.2 top_p=0.9  seed 3 size=large one depth:={\"a\": 1} x 5 6");
  EXPECT_EQ(options.parameters.temperature, 0.2);
  EXPECT_EQ(options.parameters.top_p, 0.9);
  EXPECT_EQ(options.parameters.seed, 3);
  EXPECT_EQ(options.assignments,
            (std::vector<std::string>{"size=large one", "depth:={\"a\": 1} x 5 6"}));
  set_inputs(options, "stop=\"a=1 b=2\" size=");
  EXPECT_EQ(options.parameters.stop_sequences, std::vector<std::string>{"a=1 b=2"});
  EXPECT_EQ(options.assignments.size(), 1U);
}

TEST(ChatSettings, what_is_no_setting_is_refused_and_changes_nothing) {
  for (const char* text : {"temperature", "=5", "0.2", "temperature hot", "seed=1 top_p", "-x=1"}) {
    ModelOptions options;
    EXPECT_THROW(set_inputs(options, text), Error) << text;
  }
}

TEST(Sweep, every_parameter_can_be_swept_by_the_names_of_its_option_and_its_own) {
  for (const Parameter& parameter : prompt::parameters()) {
    std::vector<std::string_view> names{parameter.option, parameter.name};
    names.insert(names.end(), parameter.option_aliases.begin(), parameter.option_aliases.end());
    for (const std::string_view name : names) {
      EXPECT_EQ(parse_sweep(std::string(name) + "=1,2").input, parameter.name) << name;
    }
  }
  EXPECT_EQ(parse_sweep("top-q=1,2").input, "top-q");
}

}  // namespace
}  // namespace rellama::program
