// Models that are not language models with a `prompt`: other inputs, files, lists, messages.

#include "program/program_test.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

const std::string kSummarizer = "rellama-demo/summarizer";  // takes `text`
const std::string kCaptioner = "rellama-demo/captioner";    // takes a file, and optional inputs
const std::string kTalker = "rellama-demo/talker";          // takes `messages`
const std::string kBig = "12345678901234567890123";

class AnyModel : public ProgramTest {
 protected:
  // The input of the last run; null if there is none.
  [[nodiscard]] nlohmann::json last_input() const {
    const auto body = last_create();
    return body.is_object() ? body["input"] : nlohmann::json();
  }
  void expect_input(std::vector<std::string> arguments, const nlohmann::json& input) const {
    const Outcome outcome = rellama(std::move(arguments), "");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(last_input(), input);
  }
  void expect_refused(std::vector<std::string> arguments, const std::string& message) const {
    const Outcome outcome = rellama(std::move(arguments), "");
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_TRUE(holds(outcome.err, message));
    EXPECT_EQ(creates(), 0U) << "nothing may be billed";
  }
  [[nodiscard]] std::size_t uploads() const { return count_requests("POST", "/v1/files"); }
};

TEST_F(AnyModel, the_prompt_goes_to_the_models_text_input) {
  expect_input({"-m", kSummarizer, "A long", "text"}, {{"text", "A long text"}});
  expect_input({"-m", kSummarizer, "-o", "text=A text"}, {{"text", "A text"}});
  const Outcome chat = rellama({"chat", "-m", kSummarizer}, "A text\n");
  EXPECT_EQ(chat.exit_code, 0) << chat.err;
  EXPECT_TRUE(last_input().contains("text"));
}

TEST_F(AnyModel, an_input_in_place_of_a_prompt_needs_no_terminal_and_no_pipe) {
  const Outcome outcome = rellama({"--no-stdin", "-m", kSummarizer, "-o", "text=A text"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(last_input(), nlohmann::json({{"text", "A text"}}));
}

TEST_F(AnyModel, words_and_the_same_input_are_refused) {
  expect_refused({"-m", kSummarizer, "-o", "text=a", "b"}, "text is set twice");
}

TEST_F(AnyModel, a_parameter_is_not_a_prompt) {
  expect_refused({"-o", "seed=1"}, "the prompt is empty");
  expect_refused({"-m", kSummarizer, "--seed", "1"}, "the prompt is empty");
}

TEST_F(AnyModel, a_session_goes_to_a_model_that_takes_messages_as_messages) {
  EXPECT_EQ(rellama({"-m", kTalker, "--session", "s", "One"}).exit_code, 0);
  const auto first = last_input()["messages"];
  ASSERT_EQ(first.size(), 1U) << first;
  EXPECT_EQ(first[0], nlohmann::json({{"role", "user"}, {"content", "One"}}));
  EXPECT_EQ(rellama({"-c", "Two"}).exit_code, 0);
  const auto second = last_input()["messages"];
  ASSERT_EQ(second.size(), 3U) << second;
  EXPECT_EQ(second[0], first[0]);
  EXPECT_EQ(second[1]["role"], "assistant");
  EXPECT_EQ(second[2]["content"], "Two");
}

TEST_F(AnyModel, optional_inputs_have_types_ranges_and_choices) {
  const std::vector<std::string> base{"-m", kCaptioner, "-o", "image=https://a.b/c.png", "-o"};
  const auto with = [&base](const std::string& option) {
    std::vector<std::string> arguments = base;
    arguments.insert(arguments.end(), {option, "What?"});
    return arguments;
  };
  for (const std::string value : {"123", "true", "null", "1e3"}) {
    expect_input(with("hint=" + value),
                 {{"image", "https://a.b/c.png"}, {"question", "What?"}, {"hint", value}});
  }
  expect_input(with("words:=null"),
               {{"image", "https://a.b/c.png"}, {"question", "What?"}, {"words", nullptr}});
  start_emulator({});
  expect_refused(with("words=9"), "1 to 8");
  expect_refused(with("style=odd"), R"(one of "short", "long")");
}

TEST_F(AnyModel, a_repeated_option_is_a_list) {
  expect_input(
      {"-m", kCaptioner, "-o", "image=https://a.b/c", "-o", "tags=a", "-o", "tags=2", "Hi"},
      {{"image", "https://a.b/c"}, {"question", "Hi"}, {"tags", {"a", "2"}}});
}

TEST_F(AnyModel, a_small_file_travels_in_its_url_and_a_large_one_is_uploaded) {
  const std::string small = file("s.png", "\x89PNG");
  expect_input({"-m", kCaptioner, "-o", "image=@" + small, "Hi"},
               {{"image", "data:image/png;base64,iVBORw=="}, {"question", "Hi"}});
  EXPECT_EQ(uploads(), 0U);
  const std::string large = file("l.png", std::string(300'000, '\xFF'));
  EXPECT_EQ(rellama({"-m", kCaptioner, "-o", "image=@" + large, "Hi"}).exit_code, 0);
  EXPECT_EQ(uploads(), 1U);
  const auto url = last_input()["image"].get<std::string>();
  EXPECT_TRUE(holds(url, "/v1/files/"));
}

TEST_F(AnyModel, an_upload_that_the_server_refuses_starts_nothing) {
  start_emulator_with({"upload:413"});
  const std::string large = file("l.png", std::string(300'000, '\xFF'));
  const Outcome outcome = rellama({"-m", kCaptioner, "-o", "image=@" + large, "Hi"});
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "cannot upload"));
  EXPECT_EQ(creates(), 0U);
}

TEST_F(AnyModel, a_path_is_not_the_url_of_a_file) {
  const std::string path = file("s.png", "\x89PNG");
  expect_refused({"-m", kCaptioner, "-o", "image=" + path, "Hi"}, "use -o image=@FILE");
  expect_refused({"-m", kCaptioner, "-o", "image=@" + path + ".gone", "Hi"}, "No such file");
}

TEST_F(AnyModel, a_dry_run_uploads_nothing) {
  const std::string large = file("l.png", std::string(300'000, '\xFF'));
  const Outcome outcome = rellama({"--dry-run", "-m", kCaptioner, "-o", "image=@" + large, "Hi"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(holds(outcome.out, "l.png after its upload"));
  EXPECT_TRUE(emulator_->requests().empty());
}

TEST_F(AnyModel, a_file_is_sent_again_when_the_history_asks_again) {
  const std::string small = file("s.png", "\x89PNG");
  EXPECT_EQ(rellama({"-m", kCaptioner, "-o", "image=@" + small, "Hi"}).exit_code, 0);
  const auto input = last_input();
  const Outcome again = rellama({"history", "rerun", "1"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(creates(), 2U);
  EXPECT_EQ(last_input(), input);
}

TEST_F(AnyModel, a_container_gets_files_in_their_urls_and_conversations_as_messages) {
  const auto ask = [this](const std::string& model, std::vector<std::string> arguments) {
    emulator::EmulatorOptions options;
    options.dialect = emulator::DialectName::cog;
    options.container_model = model;
    start_emulator(options);
    arguments.insert(arguments.begin(), {"--endpoint", "cog=" + emulator_->base_url()});
    Launch launch = this->launch(std::move(arguments));
    launch.environment.erase("REPLICATE_BASE_URL");
    const Outcome outcome = run(launch);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    nlohmann::json input;
    for (const auto& request : emulator_->requests()) {
      if (request.method == "PUT") input = nlohmann::json::parse(request.body)["input"];
    }
    return input;
  };
  const std::string large = file("l.png", std::string(300'000, '\xFF'));
  const auto captioned = ask(kCaptioner, {"-o", "image=@" + large, "Hi"});
  EXPECT_TRUE(captioned["image"].get<std::string>().starts_with("data:image/png;base64,"));
  EXPECT_EQ(captioned["question"], "Hi");
  EXPECT_EQ(ask(kTalker, {"--session", "c", "Hi"})["messages"][0]["content"], "Hi");
  EXPECT_EQ(ask(kSummarizer, {"-o", "text=Hi"}), nlohmann::json({{"text", "Hi"}}));
}

TEST_F(AnyModel, models_show_names_files_lists_ranges_and_choices) {
  const Outcome outcome = rellama({"models", "show", kCaptioner});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* line :
       {"image     file; required", "hint      text\n", "words     a whole number, 1 to 8",
        R"(style     one of "short", "long")", "tags      list of text"}) {
    EXPECT_TRUE(holds(outcome.out, line));
  }
}

TEST_F(AnyModel, models_show_says_what_a_model_needs) {
  const Outcome bloom = rellama({"models", "show", "bloom"});
  for (const char* fact : {"176 billion", "360 GB of GPU memory", "180 GB", "RAIL"}) {
    EXPECT_TRUE(holds(bloom.out, fact));
  }
  const Outcome llama = rellama({"models", "show", "7b"});
  for (const char* fact : {"7 billion", "28 GB of GPU memory", "commercial use allowed"}) {
    EXPECT_TRUE(holds(llama.out, fact));
  }
  const auto json = nlohmann::json::parse(rellama({"models", "show", "falcon-7b", "--json"}).out);
  EXPECT_EQ(json[0]["license"], "Apache 2.0");
  EXPECT_EQ(json[0]["memory"], "16 GB of GPU memory");
  EXPECT_TRUE(json[0]["storage"].is_null());
}

/// A server whose only prediction has ended like this.
class EndedPrediction : public ProgramTest {
 protected:
  [[nodiscard]] Outcome ask(const std::string& members, std::vector<std::string> arguments) const {
    const std::string prediction =
        R"({"id":"p1","input":{"prompt":"Hi","seed": )" + kBig + "}," + members + "}";
    // The create, the reads after it, and whatever else a command asks for.
    const RawServer server(std::vector<RawScript>(8, reply(200, prediction)));
    Launch launch = this->launch(std::move(arguments));
    launch.environment["REPLICATE_BASE_URL"] = server.url();
    return run(launch);
  }
};

TEST_F(EndedPrediction, whole_numbers_of_any_size_are_exact_in_every_format) {
  const std::string members = R"("status":"succeeded","output": [)" + kBig + R"(, {"a": -)" + kBig +
                              R"(}],"metrics":{"n": )" + kBig + R"(, "predict_time": 1})";
  const std::string lines = kBig + "\n{\"a\":-" + kBig + "}\n";
  EXPECT_EQ(ask(members, {"--no-stream", "Hi"}).out, lines);
  for (const char* format : {"--json", "--jsonl"}) {
    const std::string out = ask(members, {"--no-stream", format, "Hi"}).out;
    EXPECT_TRUE(holds(out, "\"output\":[" + kBig + ",{\"a\":-" + kBig + "}]"));
    EXPECT_TRUE(holds(out, "\"n\":" + kBig));
  }
  const std::string saved = (home_ / "answer.txt").string();
  EXPECT_EQ(ask(members, {"--no-stream", "-O", saved, "Hi"}).exit_code, 0);
  EXPECT_EQ(shell("cat " + saved).out, lines);
  EXPECT_TRUE(holds(ask(members, {"predictions", "show", "p1"}).out, "\"seed\":" + kBig));
  const Outcome compared = ask(members, {"compare", "--no-stream", "-m", "7b", "-m", "13b", "Hi"});
  EXPECT_TRUE(holds(compared.out, lines));
}

TEST_F(EndedPrediction, a_failure_without_a_reason_shows_the_end_of_the_log) {
  const std::string members =
      R"("status":"failed","error":null,"logs":"loading\nValueError: prompt too long\n")";
  const Outcome asked = ask(members, {"--no-stream", "Hi"});
  EXPECT_EQ(asked.exit_code, 9);
  EXPECT_TRUE(holds(asked.err, "loading ValueError: prompt too long (prediction p1)"));
  EXPECT_TRUE(holds(ask(members, {"--no-stream", "--json", "Hi"}).out, "prompt too long"));
  EXPECT_TRUE(holds(ask(members, {"predictions", "show", "p1"}).out,
                    "\n           ValueError: prompt too long\n"));
  EXPECT_TRUE(holds(ask(members, {"predictions", "show", "--json", "p1"}).out, "prompt too long"));
  EXPECT_TRUE(holds(rellama({"history", "show", "1"}).out, "prompt too long"));
}

}  // namespace
}  // namespace rellama::test
