#include "options/option_settings.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "commands/command_table.hpp"
#include "files/scratch_directory.hpp"
#include "options/ask_options.hpp"
#include "options/command.hpp"
#include "support/buffer_streams.hpp"
#include "support/expect_error.hpp"

namespace rellama::program {
namespace {

using settings::Level;

class OptionSettings : public test::ScratchDirectory {
 protected:
  OptionSettings() {
    variables_["XDG_CONFIG_HOME"] = directory_.string();
    std::filesystem::create_directories(at("rellama/templates"));
  }

  void write_config(const std::string& text) const { write("rellama/config.toml", text); }

  // Parses a command line of `ask`, and gives the rest of the options what the layers say.
  void apply(std::vector<std::string> arguments) {
    app_.name("rellama");
    declare(app_, options_);
    std::reverse(arguments.begin(), arguments.end());
    app_.parse(std::move(arguments));
    origins_ = apply_settings(app_, context_);
  }

  [[nodiscard]] Level origin_of(const std::string& name) const {
    const auto found = std::find_if(
        origins_.begin(), origins_.end(),
        [&name](const OptionOrigin& origin) { return name_of(*origin.option) == name; });
    EXPECT_NE(found, origins_.end()) << name;
    return found->setting.level;
  }

  std::map<std::string, std::string> variables_;
  tests::BufferInput in_;
  tests::BufferOutput out_;
  tests::BufferOutput err_;
  Context context_{.streams = {in_, out_, err_},
                   .environment = [this](std::string_view name) -> std::optional<std::string> {
                     const auto found = variables_.find(std::string(name));
                     if (found == variables_.end()) return std::nullopt;
                     return found->second;
                   },
                   .commands = command_table()};
  CLI::App app_;
  AskOptions options_;
  std::vector<OptionOrigin> origins_;
};

TEST_F(OptionSettings, each_layer_is_overridden_by_those_above_it) {
  write_config(
      "temperature = 0.1\ntop_p = 0.1\ntop_k = 1\nseed = 1\nmax_new_tokens = 1\n"
      "[ask]\ntemperature = 0.2\ntop_p = 0.2\ntop_k = 2\nseed = 2\n"
      "[profile.work]\ntemperature = 0.3\ntop_p = 0.3\ntop_k = 3\n");
  variables_["RELLAMA_TEMPERATURE"] = "0.4";
  variables_["RELLAMA_TOP_P"] = "0.4";
  apply({"--profile=work", "--temperature=0.5"});
  const GenerationParameters& parameters = options_.model.parameters;
  EXPECT_EQ(parameters.temperature, 0.5);
  EXPECT_EQ(parameters.top_p, 0.4);
  EXPECT_EQ(parameters.top_k, 3);
  EXPECT_EQ(parameters.seed, 2);
  EXPECT_EQ(parameters.max_new_tokens, 1);
  EXPECT_EQ(parameters.min_new_tokens, std::nullopt);
  EXPECT_EQ(origin_of("temperature"), Level::flag);
  EXPECT_EQ(origin_of("top-p"), Level::environment);
  EXPECT_EQ(origin_of("top-k"), Level::profile);
  EXPECT_EQ(origin_of("seed"), Level::command);
  EXPECT_EQ(origin_of("max-new-tokens"), Level::file);
  EXPECT_EQ(origin_of("min-new-tokens"), Level::built_in);
}

TEST_F(OptionSettings, a_template_overrides_the_profile_and_not_the_environment) {
  write_config("[profile.work]\ntop_k = 3\nseed = 3\n");
  write("rellama/templates/short.toml", "prompt = \"Be short.\"\ntop_k = 4\nseed = 4\n");
  variables_["RELLAMA_SEED"] = "5";
  apply({"--profile=work", "--template=short"});
  EXPECT_EQ(options_.model.parameters.top_k, 4);
  EXPECT_EQ(options_.model.parameters.seed, 5);
  EXPECT_EQ(origin_of("top-k"), Level::prompt_template);
}

TEST_F(OptionSettings, a_profile_that_does_not_exist_is_refused) {
  const Error error = test::error_of([this] { apply({"--profile=work"}); });
  EXPECT_EQ(error.parts().failed, "there is no profile 'work'");
}

TEST_F(OptionSettings, an_alias_sets_the_same_option) {
  write_config("temp = 0.2\nmax_tokens = 9\n");
  apply({});
  EXPECT_EQ(options_.model.parameters.temperature, 0.2);
  EXPECT_EQ(options_.model.parameters.max_new_tokens, 9);
}

TEST_F(OptionSettings, a_value_of_the_wrong_type_is_refused_with_its_place) {
  const std::map<std::string, std::string> wrong{
      {"seed = 1.5", "it takes a whole number"},
      {"top_p = \"much\"", "it takes a number"},
      {"timeout = true", "it takes a duration, such as 30 or \"1m30s\""},
      {"max_download = true", "it takes a size, such as 1000 or \"10MiB\""},
      {"usage = 3", "it is true or false"},
      {"stop = 3", "it takes text in quotes, or a list of such"},
      {"model = 70", "it takes text in quotes"},
      {"system = [\"a\"]", "it takes text in quotes"}};
  for (const auto& [line, why] : wrong) {
    write_config("\n" + line + "\n");
    AskOptions options;
    CLI::App app;
    app.name("rellama");
    declare(app, options);
    const Error error = test::error_of([&] { (void)apply_settings(app, context_); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_TRUE(test::holds(error.parts().failed, "config.toml:2: "));
    EXPECT_EQ(error.parts().why, why) << line;
  }
}

TEST_F(OptionSettings, a_flag_turns_off_what_the_file_sets_for_an_option_it_excludes) {
  write_config("markdown = \"always\"\nwidth = 40\njson = true\n");
  apply({"--jsonl"});
  EXPECT_TRUE(options_.output.jsonl);
  EXPECT_FALSE(options_.output.json);
  EXPECT_EQ(origin_of("json"), Level::built_in);
  EXPECT_EQ(origin_of("width"), Level::built_in);
}

TEST_F(OptionSettings, a_flag_does_not_silently_override_a_setting_that_avoids_costs) {
  write_config("demo = true\n");
  const Error error = test::error_of([this] { apply({"--detach"}); });
  EXPECT_TRUE(test::holds(error.parts().failed, "--detach and "));
  EXPECT_TRUE(test::holds(error.parts().failed, "config.toml:1: demo = true cannot be combined"));
}

TEST_F(OptionSettings, a_password_in_a_url_is_not_shown_and_other_values_are) {
  apply({});
  const auto shown = [this](const char* name, const char* value) {
    return shown_value(*app_.get_option(name), value);
  };
  EXPECT_EQ(shown("--proxy", "http://ann:secret@proxy:3128").find("secret"), std::string::npos);
  EXPECT_EQ(shown("--endpoint", "cog=http://ann:secret@host").find("secret"), std::string::npos);
  EXPECT_EQ(shown("--stop", "http://ann:secret@host"), "http://ann:secret@host");
}

// Help appends the default of an option. A description that also did would show it twice.
TEST_F(OptionSettings, no_description_spells_out_a_default) {
  const auto check = [](CLI::App& app) {
    for (const CLI::Option* option : app.get_options()) {
      EXPECT_FALSE(option->get_description().ends_with(']')) << option->get_description();
    }
  };
  for (const Command& command : command_table()) {
    if (command.summary.empty()) continue;
    std::vector<std::string> subcommands;
    inspect(command, "", context_, [&](CLI::App& app) {
      check(app);
      for (const CLI::App* below : app.get_subcommands(nullptr)) {
        subcommands.push_back(below->get_name());
      }
    });
    for (const std::string& name : subcommands) inspect(command, name, context_, check);
  }
}

}  // namespace
}  // namespace rellama::program
