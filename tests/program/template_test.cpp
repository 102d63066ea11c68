// Templates: saved, used, and protected from overwriting.

#include "program/config_fixture.hpp"

namespace rellama::test {
namespace {

class Template : public ConfigFixture {
 protected:
  [[nodiscard]] nlohmann::json sent(std::vector<std::string> arguments) const {
    arguments.emplace_back("--dry-run=json");
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto request = nlohmann::json::parse(outcome.out, nullptr, false);
    return request.is_discarded() ? request : request["body"]["input"];
  }
  // The error for a prompt, which must not have been sent.
  [[nodiscard]] std::string refusal(std::vector<std::string> arguments) const {
    const Outcome outcome = rellama(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_TRUE(emulator_->requests().empty());
    return outcome.err;
  }
};

TEST_F(Template, its_saved_options_apply_unless_flags_override_them) {
  const Outcome saved = rellama({"template", "save", "haiku", "-m", "13b", "--temperature", "1",
                                 "--top-k", "7", "--stop", "END", "--system", "Be\n\"terse\".",
                                 "Write a", "{{kind|haiku}}", "about {{input}}."});
  EXPECT_EQ(saved.exit_code, 0) << saved.err;
  EXPECT_EQ(mode_of(path_of("templates/haiku.toml")), 0600U);
  const auto input = sent({"-t", "haiku", "llamas"});
  EXPECT_EQ(input["prompt"], "Write a haiku about llamas.");
  EXPECT_EQ(input["temperature"], 1.0);
  EXPECT_EQ(input["top_k"], 7);
  EXPECT_EQ(input["stop_sequences"], "END");
  EXPECT_EQ(input["system_prompt"], "Be\n\"terse\".");
  const auto changed = sent({"-t", "haiku", "--temperature", "0.1", "-p", "kind=poem", "llamas"});
  EXPECT_EQ(changed["temperature"], 0.1);
  EXPECT_EQ(changed["prompt"], "Write a poem about llamas.");
}

TEST_F(Template, it_saves_flags_but_not_the_configuration) {
  configure("temperature = 0.9\n");
  ASSERT_EQ(rellama({"template", "save", "plain", "{{input}}"}).exit_code, 0);
  EXPECT_EQ(content_of(path_of("templates/plain.toml")), "prompt = \"{{input}}\"\n");
}

TEST_F(Template, a_system_prompt_from_a_file_is_saved_as_text) {
  const std::string path = file("system.txt", "from a file");
  ASSERT_EQ(rellama({"template", "save", "x", "-s", "@" + path}).exit_code, 0);
  std::filesystem::remove(path);
  EXPECT_EQ(sent({"-t", "x", "hi"})["system_prompt"], "from a file");
}

TEST_F(Template, nothing_is_overwritten_without_force) {
  ASSERT_EQ(rellama({"template", "save", "x", "one {{input}}"}).exit_code, 0);
  EXPECT_TRUE(holds(refusal({"template", "save", "x", "two {{input}}"}), "use --force"));
  EXPECT_EQ(sent({"-t", "x", "hi"})["prompt"], "one hi");
  ASSERT_EQ(rellama({"template", "save", "x", "--force", "two {{input}}"}).exit_code, 0);
  EXPECT_EQ(sent({"-t", "x", "hi"})["prompt"], "two hi");
}

TEST_F(Template, unusable_templates_are_not_saved) {
  EXPECT_TRUE(holds(refusal({"template", "save"}), "no template name"));
  EXPECT_TRUE(holds(refusal({"template", "save", "../x", "y"}), "is not a valid template name"));
  EXPECT_TRUE(holds(refusal({"template", "save", ".x", "y"}), "is not a valid template name"));
  EXPECT_TRUE(holds(refusal({"template", "save", "x"}), "nothing to save"));
  EXPECT_TRUE(holds(refusal({"template", "save", "x", "{{oops"}), "is not a placeholder"));
  EXPECT_TRUE(holds(refusal({"template", "save", "x", "-m", "no such", "y"}), "not a model"));
  EXPECT_FALSE(std::filesystem::exists(path_of("templates")));
}

TEST_F(Template, its_input_can_come_from_arguments_files_and_stdin) {
  configure("templates/x.toml", "prompt = \"<{{input}}>\"\n");
  EXPECT_EQ(rellama({"-t", "x", "-m", kEcho, "words"}, "piped\n").out, "<piped\n\nwords>\n");
  EXPECT_EQ(rellama({"-t", "x", "-m", kEcho, "-f", file("f", "file\n")}).out, "<file>\n");
}

TEST_F(Template, its_input_is_never_expanded) {
  configure("templates/x.toml", "prompt = \"{{input}} {{a}}\"\n");
  EXPECT_EQ(rellama({"-t", "x", "-m", kEcho, "-p", "a={{input}}", "{{a}} {{{{"}).out,
            "{{a}} {{{{ {{input}}\n");
}

TEST_F(Template, missing_and_unknown_parameters_are_named) {
  configure("templates/x.toml", "prompt = \"{{input}} {{tone}} {{place|here}}\"\n");
  EXPECT_TRUE(holds(refusal({"-t", "x", "hi"}), "the parameter 'tone' is missing; set it with -p"));
  EXPECT_TRUE(holds(refusal({"-t", "x", "-p", "tome=dry", "hi"}),
                    "has no parameter 'tome'; did you mean tone?"));
  EXPECT_TRUE(holds(refusal({"-t", "x", "-p", "tone", "hi"}), "it is not KEY=VALUE"));
  EXPECT_TRUE(holds(refusal({"-t", "x", "-p", "tone=a", "-p", "tone=b", "hi"}), "given twice"));
  EXPECT_TRUE(holds(refusal({"-t", "x", "-p", "input=a", "hi"}), "give it as words"));
  EXPECT_TRUE(holds(refusal({"-p", "tone=a", "hi"}), "no template was chosen"));
  EXPECT_EQ(rellama({"-t", "x", "-m", kEcho, "-p", "tone=dry", "hi"}).out, "hi dry here\n");
}

TEST_F(Template, a_parameter_can_come_from_a_file) {
  configure("templates/x.toml", "prompt = \"{{input}}: {{text}}\"\n");
  EXPECT_EQ(rellama({"-t", "x", "-m", kEcho, "-p", "text=@" + file("f", "long"), "hi"}).out,
            "hi: long\n");
}

TEST_F(Template, without_an_input_placeholder_it_does_not_read_stdin) {
  configure("templates/joke.toml", "prompt = \"Tell me a {{kind|short}} joke.\"\n");
  EXPECT_TRUE(holds(refusal({"-t", "joke", "please"}), "does not take input"));
  const Outcome looped = shell(
      "printf 'dry\\nlong\\n' | while read -r k; do rellama -t joke -m rellama-demo/echo -p "
      "kind=$k; done");
  EXPECT_EQ(looped.out, "Tell me a dry joke.\nTell me a long joke.\n") << looped.err;
}

TEST_F(Template, missing_input_is_an_error) {
  configure("templates/x.toml", "prompt = \"{{input|nothing}}\"\n");
  EXPECT_TRUE(holds(refusal({"-t", "explain"}), "needs input"));
  EXPECT_EQ(rellama({"-t", "x", "-m", kEcho}).out, "nothing\n");
}

TEST_F(Template, text_from_the_editor_is_its_input) {
  const Outcome outcome =
      with(editor("echo written > \"$1\""), {"-e", "-t", "summarise", "--dry-run=json"});
  EXPECT_TRUE(holds(outcome.out, "written\\n\\nSummarise the text above in three sentences."));
}

TEST_F(Template, an_edited_template_is_checked_value_by_value) {
  for (const char* line : {"temperature = \\\"hot\\\"", "temperature = 9", "model = \\\"nobody\\\"",
                           "temp = 1\\ntemperature = 1"}) {
    const Outcome outcome =
        with(editor(std::string("printf \"") + line + "\\nprompt = 'x'\\n\" > \"$1\""),
             {"template", "edit", "mine"});
    EXPECT_NE(outcome.exit_code, 0) << line << outcome.err;
    EXPECT_FALSE(holds(outcome.err, "is valid; use it"));
  }
  const Outcome good = with(editor("echo \"prompt = 'x'\" > \"$1\""), {"template", "edit", "mine"});
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_TRUE(holds(good.err, "mine.toml is valid; use it with: rellama -t mine"));
}

TEST_F(Template, files_are_saved_by_content) {
  const std::string note = file("note", "a: \"b\"\n");
  ASSERT_EQ(rellama({"template", "save", "mine", "-o", "note=@" + note, "Hi"}).exit_code, 0);
  std::filesystem::remove(note);
  EXPECT_EQ(sent({"-t", "mine", "-m", kEcho, "--no-validate"})["note"], "…") << "may be a secret";
  const std::string saved = content_of(path_of("templates/mine.toml"));
  EXPECT_TRUE(holds(saved, "note:=") && holds(saved, "a: ")) << saved;
  const std::string system = file("system", "@channel: be brief");
  EXPECT_TRUE(
      holds(refusal({"template", "save", "other", "-s", "@" + system, "Hi"}), "it starts with @"));
}

TEST_F(Template, every_built_in_one_works) {
  for (const auto& each : nlohmann::json::parse(rellama({"template", "list", "--json"}).out)) {
    const std::string name = each["name"];
    EXPECT_TRUE(holds(sent({"-t", name, "the input"})["prompt"], "the input")) << name;
    EXPECT_EQ(each["from"], "built in");
  }
}

TEST_F(Template, the_users_own_overrides_a_built_in_one_and_can_be_deleted) {
  ASSERT_EQ(rellama({"template", "save", "explain", "Mine: {{input}}"}).exit_code, 0);
  EXPECT_EQ(sent({"-t", "explain", "hi"})["prompt"], "Mine: hi");
  EXPECT_TRUE(holds(rellama({"template", "list"}).out, path_of("templates/explain.toml")));
  ASSERT_EQ(rellama({"template", "delete", "explain"}).exit_code, 0);
  EXPECT_TRUE(holds(rellama({"template", "show", "explain"}).out, "{{audience|"));
  EXPECT_TRUE(holds(refusal({"template", "delete", "explain"}), "is built in"));
  EXPECT_TRUE(holds(refusal({"template", "delete", "explian"}), "did you mean explain?"));
}

TEST_F(Template, a_broken_one_is_reported_and_does_not_hide_the_others) {
  const std::string path = configure("templates/mine.toml", "\ntemprature = 1\n");
  EXPECT_TRUE(holds(refusal({"-t", "mine", "hi"}),
                    path + ":2: unknown setting 'temprature'; did you mean temperature?"));
  configure("templates/worse.toml", "prompt = ");
  const Outcome listed = rellama({"template", "list"});
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_TRUE(holds(listed.out, "invalid: "));
  EXPECT_TRUE(holds(listed.out, "translate"));
}

TEST_F(Template, it_can_set_the_model_but_not_the_server) {
  configure("templates/x.toml", "base_url = \"http://127.0.0.1:1\"\n");
  EXPECT_TRUE(holds(refusal({"-t", "x", "hi"}), "unknown setting 'base_url'"));
}

TEST_F(Template, edit_starts_with_an_example_and_checks_the_result) {
  const Outcome made =
      with(editor("sed -i 's/{{input}}\"/new: {{input}}\"/' \"$1\""), {"template", "edit", "mine"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(mode_of(path_of("templates/mine.toml")), 0600U);
  EXPECT_EQ(sent({"-t", "mine", "hi"})["prompt"], "new: hi");
  const Outcome bad = with(editor("echo 'modle = 1' >> \"$1\""), {"template", "edit", "mine"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_TRUE(holds(bad.err, "did you mean model?"));
}

TEST_F(Template, show_supports_json) {
  configure("templates/x.toml", "top_k = 5\nprompt = \"{{input}} {{a|b}}\"\n");
  const auto shown = nlohmann::json::parse(rellama({"template", "show", "x", "--json"}).out);
  EXPECT_EQ(shown["settings"]["top-k"], 5);
  EXPECT_EQ(shown["parameters"][1]["name"], "a");
  EXPECT_EQ(shown["parameters"][1]["default"], "b");
}

TEST_F(Template, a_chat_can_start_with_it_or_use_its_settings) {
  configure("templates/role.toml",
            "model = \"" + std::string(kEcho) + "\"\nprompt = \"Dear llama, {{input}}!\"\n");
  EXPECT_EQ(rellama({"chat", "-t", "role", "hello"}).out, "<s>[INST] Dear llama, hello! [/INST]\n");
  const Outcome talked = with({}, {"chat", "-t", "role"}, "Hello\n");
  EXPECT_EQ(talked.exit_code, 0) << talked.err;
  EXPECT_EQ(talked.out, "<s>[INST] Hello [/INST]\n");
  EXPECT_EQ(rellama({"chat", "-t", "role", "-p", "to=x"}).exit_code, 2);
  EXPECT_EQ(rellama({"chat", "-t", "roles"}).exit_code, 2);
}

TEST_F(Template, compare_can_use_it) {
  const Outcome outcome = rellama({"compare", "-t", "explain", "-m", kEcho, "--dry-run", "why?"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "why?")) << outcome.out;
  EXPECT_FALSE(holds(outcome.out, "\"prompt\": \"why?\"")) << outcome.out;
}

}  // namespace
}  // namespace rellama::test
