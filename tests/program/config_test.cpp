// The configuration: what it sets, what overrides it, and which errors it reports.

#include "program/config_fixture.hpp"

namespace rellama::test {
namespace {

class Config : public ConfigFixture {
 protected:
  // The row of `rellama config show` for one option.
  [[nodiscard]] nlohmann::json shown(const std::string& option, const Variables& variables,
                                     std::vector<std::string> flags) const {
    std::vector<std::string> arguments{"config", "show", "--json"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Outcome outcome = with(variables, arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto document = nlohmann::json::parse(outcome.out, nullptr, false);
    if (document.is_discarded()) return {};
    for (const auto& row : document["options"]) {
      if (row["name"] == option) return row;
    }
    return {};
  }
  // What would be sent for one input.
  [[nodiscard]] nlohmann::json sent(std::vector<std::string> arguments,
                                    const Variables& variables = {}) const {
    arguments.insert(arguments.end(), {"--dry-run=json", "hi"});
    const Outcome outcome = with(variables, arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out, nullptr, false);
  }
};

TEST_F(Config, without_a_file_nothing_changes_and_nothing_is_created) {
  EXPECT_EQ(rellama({"-m", kEcho, "Hello"}).out, "Hello\n");
  EXPECT_FALSE(std::filesystem::exists(home_ / ".config"));
}

TEST_F(Config, the_highest_level_that_sets_an_option_wins) {
  const std::string path = path_of("config.toml");
  for (unsigned set = 0; set < 32; ++set) {
    const auto is_set = [set](unsigned level) { return ((set >> level) & 1U) != 0; };
    configure(std::string(is_set(4) ? "temperature = 0.5\n" : "\n") + "[profile.work]\n" +
              (is_set(3) ? "temperature = 0.4\n" : ""));
    configure("templates/mine.toml", is_set(2) ? "temperature = 0.3\n" : "\n");
    Variables variables;
    if (is_set(1)) variables["RELLAMA_TEMPERATURE"] = "0.2";
    std::vector<std::string> flags{"--profile", "work", "-t", "mine"};
    if (is_set(0)) flags.insert(flags.end(), {"--temperature", "0.1"});

    const char* const froms[] = {"flag", "environment", "template", "profile", "file", "built-in"};
    const std::string wheres[] = {
        "",          "RELLAMA_TEMPERATURE", path_of("templates/mine.toml") + ":1",
        path + ":3", path + ":1",           ""};
    unsigned uppermost = 0;
    while (uppermost < 5 && !is_set(uppermost)) ++uppermost;
    const auto row = shown("temperature", variables, flags);
    EXPECT_EQ(row["from"], froms[uppermost]) << set;
    EXPECT_EQ(row["where"], wheres[uppermost]) << set;
    EXPECT_EQ(row["value"], uppermost == 5 ? "0.5" : "0." + std::to_string(uppermost + 1)) << set;
  }
}

TEST_F(Config, its_values_are_sent) {
  configure(
      "model = \"13b\"\ntemperature = 0.2\nmax_tokens = 7\nstop = [\"END\", \"#\"]\n"
      "system = \"Answer in C#, briefly.\"\noption = [\"debug=true\"]\n");
  const auto request = sent({"--no-validate"});
  EXPECT_TRUE(holds(request["url"], "llama-2-13b-chat"));
  const auto& input = request["body"]["input"];
  EXPECT_EQ(input["temperature"], 0.2);
  EXPECT_EQ(input["max_tokens"], 7);
  EXPECT_EQ(input["system_prompt"], "Answer in C#, briefly.");
  EXPECT_EQ(input["stop_sequences"], "END,#");
  EXPECT_TRUE(input.contains("debug")) << input;
}

TEST_F(Config, a_flag_replaces_a_list_instead_of_adding_to_it) {
  configure("stop = [\"one\", \"two\"]\n");
  EXPECT_EQ(sent({"--stop", "three"})["body"]["input"]["stop_sequences"], "three");
}

TEST_F(Config, a_profile_is_chosen_by_flag_or_variable_and_overrides_the_file) {
  configure("model = \"7b\"\n[profile.work]\nmodel = \"13b\"\n[profile.\"at home\"]\n");
  EXPECT_TRUE(holds(sent({})["url"], "llama-2-7b"));
  EXPECT_TRUE(holds(sent({"--profile", "work"})["url"], "llama-2-13b"));
  EXPECT_TRUE(holds(sent({}, {{"RELLAMA_PROFILE", "work"}})["url"], "llama-2-13b"));
  EXPECT_TRUE(
      holds(sent({"--profile", "at home"}, {{"RELLAMA_PROFILE", "work"}})["url"], "llama-2-7b"));
}

TEST_F(Config, it_can_turn_flags_on_and_a_flag_turns_them_off) {
  configure("json = true\n");
  EXPECT_TRUE(rellama({"-m", kEcho, "Hello"}).out.starts_with("{"));
  EXPECT_EQ(rellama({"--json=false", "-m", kEcho, "Hello"}).out, "Hello\n");
  EXPECT_EQ(with({{"RELLAMA_JSON", "0"}}, {"-m", kEcho, "Hello"}).out, "Hello\n");
}

TEST_F(Config, a_flag_turns_off_the_settings_it_excludes) {
  configure("json = true\nquiet = true\n");
  const Outcome outcome = rellama({"--jsonl", "-v", "-m", kEcho, "Hello"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "\"done\"")) << "that is JSON lines";
  EXPECT_TRUE(holds(outcome.err, "POST")) << "that is the log";
}

TEST_F(Config, a_setting_applies_to_every_command_where_it_means_the_same) {
  configure("base_url = \"http://127.0.0.1:1\"\nretries = 0\njson = true\n");
  Launch elsewhere = launch({"models", "search", "x"});
  elsewhere.environment.erase("REPLICATE_BASE_URL");
  EXPECT_EQ(run(elsewhere).exit_code, 7);
  EXPECT_EQ(rellama({"models", "list"}).out.find("{"), std::string::npos)
      << "--json of a listing is another option";
}

TEST_F(Config, a_command_table_applies_to_that_command_only) {
  configure("[models]\njson = true\n");
  EXPECT_TRUE(rellama({"models", "list"}).out.starts_with("["));
  EXPECT_EQ(rellama({"-m", kEcho, "Hello"}).out, "Hello\n");
  configure("[models]\njsno = true\n");
  EXPECT_TRUE(holds(rellama({"models", "list"}).err, "config.toml:2: unknown setting 'jsno'"));
}

TEST_F(Config, standard_variables_still_apply) {
  configure("base_url = \"http://127.0.0.1:1\"\n");
  EXPECT_EQ(rellama({"-m", kEcho, "Hello"}).out, "Hello\n") << "REPLICATE_BASE_URL goes first";
}

TEST_F(Config, an_endpoint_overrides_an_address_of_lower_precedence) {
  const std::string endpoint = "replicate=" + emulator_->base_url();
  const Variables elsewhere{{"REPLICATE_BASE_URL", "http://127.0.0.1:1"}};
  EXPECT_EQ(with(elsewhere, {"--endpoint", endpoint, "-m", kEcho, "hi"}).out, "hi\n");
  Variables both = elsewhere;
  both["RELLAMA_ENDPOINT"] = endpoint;
  EXPECT_EQ(with(both, {"-m", kEcho, "hi"}).out, "hi\n");
  EXPECT_EQ(with(both, {"--base-url", "http://127.0.0.1:1", "--retries", "0", "hi"}).exit_code, 7);
}

TEST_F(Config, a_model_in_the_file_is_ignored_with_a_container) {
  configure("model = \"13b\"\n");
  const std::string endpoint = "cog=http://127.0.0.1:1";
  const auto request = sent({"--endpoint", endpoint});
  EXPECT_EQ(request["method"], "PUT");
  const Outcome named = rellama({"--endpoint", endpoint, "-m", "13b", "--dry-run", "hi"});
  EXPECT_EQ(named.exit_code, 2);
  EXPECT_TRUE(holds(named.err, "--model cannot be used with a Cog container")) << named.err;
}

TEST_F(Config, every_command_that_sends_a_prompt_uses_it) {
  configure("model = \"" + std::string(kEcho) + "\"\ntemperature = 0.25\n");
  const Outcome compared = rellama({"compare", "--sweep", "top_k=1,2", "--json", "hi"});
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  const auto results = nlohmann::json::parse(compared.out)["results"];
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0]["model"], kEcho);
  EXPECT_EQ(results[0]["parameters"]["temperature"], 0.25) << results[0];

  const Outcome talked = with({}, {"chat"}, "/set\nHello\n");
  EXPECT_EQ(talked.exit_code, 0) << talked.err;
  EXPECT_EQ(talked.out, "<s>[INST] Hello [/INST]\n");
  EXPECT_TRUE(holds(talked.err, "temperature=0.25")) << talked.err;
}

TEST_F(Config, errors_name_bad_variables) {
  const Outcome outcome = with({{"RELLAMA_TEMPERATURE", "hot"}}, {"hi"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "RELLAMA_TEMPERATURE=hot cannot be used: it takes a number"));
  EXPECT_EQ(with({{"RELLAMA_QUIET", "perhaps"}}, {"hi"}).exit_code, 2);
  EXPECT_EQ(with({{"RELLAMA_VERBOSE", "99999999999999999999"}}, {"hi"}).exit_code, 2);
}

struct BadConfig {
  const char* name;
  const char* text;
  const char* message;
};

void PrintTo(const BadConfig& bad, std::ostream* out) {
  *out << bad.name;
}

class BadConfiguration : public ConfigFixture, public testing::WithParamInterface<BadConfig> {};

TEST_P(BadConfiguration, is_refused_before_anything_is_sent) {
  const std::string path = configure(GetParam().text);
  const Outcome outcome = rellama({"--profile", "work", "hi"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "rellama: " + path + ":")) << "the file";
  EXPECT_TRUE(holds(outcome.err, GetParam().message));
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(emulator_->requests().empty());
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
}

constexpr BadConfig kBadConfigs[] = {
    {"unknown_key", "[profile.work]\n\ntemprature = 1",
     ":3: unknown setting 'temprature'; did you mean temperature?"},
    {"unknown_key_like_none", "[profile.work]\nfrobnicate = 1", "rellama config show"},
    {"text_for_a_number", "temperature = \"0.2\"\n[profile.work]",
     ":1: temperature = \"0.2\" cannot be used: it takes a number"},
    {"a_fraction_for_a_whole_number", "top_k = 1.5\n[profile.work]",
     ":1: top_k = 1.5 cannot be used: it takes a whole number"},
    {"a_number_for_text", "model = 13\n[profile.work]", "it takes text in quotes"},
    {"text_for_a_flag", "quiet = \"yes\"\n[profile.work]", "it is true or false"},
    {"a_list_for_one", "model = [\"7b\", \"13b\"]\n[profile.work]", "it takes text in quotes"},
    {"out_of_range", "retries = 1000\n[profile.work]", ":1: retries = 1000 cannot be used"},
    {"no_duration", "timeout = \"soon\"\n[profile.work]", "\"soon\" is not a duration"},
    {"no_choice", "color = \"blue\"\n[profile.work]", "is not one of always, auto, never"},
    {"not_toml", "[profile.work\nmodel = \"7b\"", ":1: invalid TOML"},
    {"set_twice", "[profile.work]\ntop_p = 1\ntop-p = 1", ":3: 'top-p' is set twice"},
    {"set_by_two_names", "[profile.work]\ntemp = 1\ntemperature = 1", "are the same setting"},
    {"excluding_each_other", "json = true\njsonl = true\n[profile.work]", "cannot be combined"},
    {"unknown_table", "[predictoins]\nlimit = 3",
     ":1: [predictoins] is not a command; did you mean "
     "predictions?"},
    {"a_profile_in_the_file", "profile_name = 1\n[profile.work]", "unknown setting"},
    {"escape_codes", "\"\\u001B[31m\" = 1\n[profile.work]", "␛[31m"},
};

INSTANTIATE_TEST_SUITE_P(Config, BadConfiguration, testing::ValuesIn(kBadConfigs),
                         [](const auto& bad) { return std::string(bad.param.name); });

TEST_F(Config, an_unknown_profile_is_rejected_with_the_closest_name) {
  const Outcome none = rellama({"--profile", "work", "hi"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_TRUE(holds(none.err, "there is no profile 'work': there is no " + path_of("config.toml")));
  configure("[profile.work]\n");
  const Outcome near = rellama({"--profile", "wokr", "hi"});
  EXPECT_EQ(near.exit_code, 2);
  EXPECT_TRUE(holds(near.err, "did you mean work?"));
}

TEST_F(Config, a_file_that_others_can_write_is_refused) {
  const std::string path = configure("model = \"7b\"\n");
  ::chmod(path.c_str(), 0622);
  const Outcome outcome = rellama({"hi"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(holds(outcome.err, "run: chmod go-w " + path));
  EXPECT_EQ(rellama({"--help"}).exit_code, 0);
}

TEST_F(Config, path_and_help_work_even_with_a_broken_file) {
  configure("what = is this");
  EXPECT_EQ(rellama({"config", "path"}).out, path_of("config.toml") + "\n");
  EXPECT_EQ(rellama({"--help"}).exit_code, 0);
  EXPECT_EQ(rellama({"auth", "logout"}).exit_code, 0);
  EXPECT_EQ(rellama({"config", "show"}).exit_code, 2);
}

TEST_F(Config, show_hides_the_password_of_a_proxy) {
  configure("proxy = \"http://ann:geheim@proxy.example:3128\"\n");
  const Outcome outcome = rellama({"config", "show"});
  EXPECT_TRUE(holds(outcome.out, "proxy.example:3128"));
  EXPECT_EQ(outcome.out.find("geheim"), std::string::npos);
}

TEST_F(Config, edit_creates_a_private_example_and_checks_the_result) {
  const std::string path = path_of("config.toml");
  const Outcome good = with(editor("echo 'top_k = 5' > \"$1.new\"; cat \"$1\" >> \"$1.new\"; "
                                   "cat \"$1.new\" > \"$1\"; rm \"$1.new\""),
                            {"config", "edit"});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_TRUE(holds(good.err, "is valid: 1 setting, 0 profiles"));
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(shown("top-k", {}, {})["value"], "5");
  const Outcome bad = with(editor("echo '[profile.x]\nmodle = 1' >> \"$1\""), {"config", "edit"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_TRUE(holds(bad.err, "did you mean model?"));
  EXPECT_TRUE(holds(content_of(path), "modle")) << "the user's work is kept";
}

TEST_F(Config, every_line_of_the_example_is_valid) {
  const Outcome outcome =
      with(editor("sed 's/^#\\([a-z[]\\)/\\1/' \"$1\" > \"$1.new\"; cat \"$1.new\" > \"$1\"; "
                  "rm \"$1.new\""),
           {"config", "edit"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err << content_of(path_of("config.toml"));
  EXPECT_TRUE(holds(outcome.err, "11 settings, 1 profile"));
}

TEST_F(Config, every_option_is_documented) {
  const std::string page = content_of(std::string(RELLAMA_SOURCE_DIR) + "/docs/configuration.md");
  const auto document = nlohmann::json::parse(rellama({"config", "show", "--json"}).out);
  EXPECT_GT(document["options"].size(), 30U);
  for (const auto& row : document["options"]) {
    const std::string name = row["name"];
    EXPECT_TRUE(page.find("| `" + name + "`") != std::string::npos)
        << name << " has no row in docs/configuration.md";
  }
}

TEST_F(Config, edit_and_doctor_check_the_tables_of_all_commands) {
  for (const char* table : {"[predictions]\nlimt = 5\n", "[predictions]\nlimit = \"many\"\n",
                            "[chat]\ntemperature = \"hot\"\n", "[template]\njson = true\n"}) {
    configure(table);
    for (const char* command : {"edit", "doctor"}) {
      const bool edits = command == std::string("edit");
      const Outcome outcome = with(editor(":"), edits ? std::vector<std::string>{"config", "edit"}
                                                      : std::vector<std::string>{"doctor"});
      EXPECT_EQ(outcome.exit_code, 2) << table << outcome.out << outcome.err;
      EXPECT_TRUE(holds(outcome.out + outcome.err, "config.toml:")) << command;
    }
  }
  configure("[predictions]\nlimit = 5\n[chat]\ntemperature = 1\n");
  EXPECT_TRUE(holds(with(editor(":"), {"config", "edit"}).err, "2 settings"));
}

TEST_F(Config, a_dry_run_in_the_file_is_never_turned_off_silently) {
  configure("dry_run = true\n");
  const std::string path = (home_ / "answer").string();
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-x", "hi"}, {"hi", "-O", path}}) {
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    EXPECT_TRUE(holds(outcome.err, "config.toml:1: dry_run = true cannot be combined"));
  }
  configure("demo = true\n");
  EXPECT_EQ(rellama({"hi", "--detach"}).exit_code, 2);
  EXPECT_TRUE(emulator_->requests().empty());
  configure("dry_run = false\n");
  EXPECT_EQ(rellama({"hi", "-O", path}).exit_code, 0);
}

TEST_F(Config, markdown_and_width_never_turn_off_an_output_format) {
  configure("json = true\nmarkdown = \"always\"\n");
  for (const char* variable : {"RELLAMA_WIDTH=80", "RELLAMA_MARKDOWN=always"}) {
    const std::string name(variable, std::strchr(variable, '='));
    EXPECT_TRUE(with({{name, std::strchr(variable, '=') + 1}}, {"hi"}).out.starts_with("{"))
        << variable;
  }
}

TEST_F(Config, a_command_table_overrides_the_top_level) {
  configure("json = true\n[ask]\njsonl = true\n");
  const Outcome outcome = rellama({"hi"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "\"event\":\"done\"")) << outcome.out;
}

TEST_F(Config, a_variable_can_use_any_name_of_the_option) {
  const auto sent = [this](const Variables& variables) {
    return with(variables, {"hi", "--dry-run=json"});
  };
  EXPECT_TRUE(holds(sent({{"RELLAMA_MAX_TOKENS", "20"}}).out, "\"max_tokens\":20"));
  EXPECT_TRUE(holds(sent({{"RELLAMA_TEMP", "0.25"}}).out, "\"temperature\":0.25"));
  const Outcome both = sent({{"RELLAMA_MAX_TOKENS", "20"}, {"RELLAMA_MAX_NEW_TOKENS", "30"}});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_TRUE(holds(both.err, "are the same setting"));
}

TEST_F(Config, passwords_in_addresses_are_not_shown) {
  const std::string secret = "s3cret";
  const Variables endpoint{{"RELLAMA_ENDPOINT", "cog=http://user:" + secret + "@localhost:1"}};
  const Variables both{{"RELLAMA_ENDPOINT", "cog=http://user:" + secret + "@localhost:1"},
                       {"RELLAMA_BASE_URL", "http://user:" + secret + "@localhost:1"}};
  for (const Variables& variables : {endpoint, both}) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"config", "show"}, {"config", "show", "--json"}, {"hi"}}) {
      const Outcome outcome = with(variables, arguments);
      EXPECT_EQ((outcome.out + outcome.err).find(secret), std::string::npos)
          << outcome.out << outcome.err;
    }
  }
}

}  // namespace
}  // namespace rellama::test
