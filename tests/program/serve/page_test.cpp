// `rellama serve` as the page uses it.

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "program/serve/serve_fixture.hpp"
#include "support/expect_error.hpp"
#include "support/loopback.hpp"

namespace rellama::test {
namespace {

class Serve : public ServeFixture {};

TEST_F(Serve, prints_a_url_that_opens_the_page_and_keeps_its_key) {
  serve();
  const Answer moved = send("GET", "/?key=" + key_, {own_headers()[0]});
  EXPECT_EQ(moved.status, 303);
  EXPECT_TRUE(holds(moved.header("Set-Cookie"), "HttpOnly; SameSite=Strict"));
  const Answer page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(holds(page.body, "<!doctype html>"));
  EXPECT_TRUE(holds(page.header("Content-Security-Policy"), "require-trusted-types-for 'script'"));
  const std::string first = key_;
  EXPECT_EQ(stop().exit_code, 143);
  serve();
  EXPECT_EQ(key_, first);
  EXPECT_EQ(stop(SIGINT).exit_code, 130);
  serve({"--new-key"});
  EXPECT_NE(key_, first);
  EXPECT_EQ(send("GET", "/?key=" + first, {own_headers()[0]}).status, 401);
}

TEST_F(Serve, sends_the_files_of_the_page_compressed_and_once) {
  serve();
  Headers headers = own_headers();
  headers.emplace_back("Accept-Encoding", "gzip");
  const Answer page = send("GET", "/", headers);
  EXPECT_EQ(page.header("Content-Encoding"), "gzip");
  EXPECT_TRUE(page.body.starts_with("\x1f\x8b"));
  headers.emplace_back("If-None-Match", page.header("ETag"));
  EXPECT_EQ(send("GET", "/", headers).status, 304);
  EXPECT_EQ(get("/none.js").status, 404);
}

TEST_F(Serve, tells_the_page_what_the_options_say) {
  serve({"--title",
         "T",
         "--description",
         "D",
         "--example",
         "E1",
         "--example",
         "E2",
         "--single",
         "-m",
         "13b",
         "-s",
         "Be brief.",
         "--temperature",
         "0.2",
         "--stop",
         "x",
         "--cancel-on-close",
         "--max-concurrent",
         "7",
         "--no-validate",
         "-o",
         "api_key=hunter2-hunter2"});
  const Json state = get("/ui/state").json();
  EXPECT_EQ(state["title"], "T");
  EXPECT_EQ(state["description"], "D");
  EXPECT_EQ(state["examples"], Json::parse(R"(["E1","E2"])"));
  EXPECT_EQ(state["single"], true);
  EXPECT_EQ(state["recording"], true);
  EXPECT_EQ(state["cancel_on_close"], true);
  EXPECT_EQ(state["model"], "meta/llama-2-13b-chat");
  EXPECT_EQ(state["system"], "Be brief.");
  EXPECT_EQ(state["parameters"], Json::parse(R"({"temperature":0.2,"stop_sequences":["x"]})"));
  EXPECT_EQ(state["max_concurrent"], 7);
  EXPECT_EQ(state.dump().find("hunter2"), std::string::npos);
}

TEST_F(Serve, the_configuration_sets_the_page) {
  std::filesystem::create_directories(home_ / ".config/rellama");
  (void)file(".config/rellama/config.toml",
             "model = \"13b\"\n[serve]\ntitle = \"From the file\"\nexample = [\"a\", \"b\"]\n"
             "[profile.short]\nmax_new_tokens = 7\n");
  serve({"--profile", "short"});
  const Json state = get("/ui/state").json();
  EXPECT_EQ(state["title"], "From the file");
  EXPECT_EQ(state["examples"], Json::parse(R"(["a","b"])"));
  EXPECT_EQ(state["model"], "meta/llama-2-13b-chat");
  EXPECT_EQ(state["parameters"]["max_new_tokens"], 7);
}

TEST_F(Serve, describes_models_of_the_catalogue_and_others) {
  serve();
  const Json known = get("/ui/model?ref=7b").json();
  EXPECT_EQ(known["ref"], "meta/llama-2-7b-chat");
  EXPECT_EQ(known["kind"], "chat");
  EXPECT_EQ(known["system"]["supported"], true);
  EXPECT_EQ(count_requests("GET", "/llama-2-7b-chat"), 0U);
  const Json other = get(std::string("/ui/model?ref=") + kEcho).json();
  EXPECT_EQ(other["kind"], "other");
  EXPECT_FALSE(other["inputs"].empty());
  const Json talker = get("/ui/model?ref=rellama-demo/talker").json();
  EXPECT_EQ(talker["conversation"], true) << "it takes messages";
  EXPECT_EQ(talker["inputs"].dump().find("\"messages\""), std::string::npos);
  EXPECT_EQ(get("/ui/model?ref=no+such+model").status, 400);
  EXPECT_TRUE(get("/ui/model?ref=nobody/nothing").json().contains("error"));
}

TEST_F(Serve, streams_an_answer_with_its_state_and_records_it) {
  serve();
  Events events(*this);
  const Json started = start_run({{"prompt", "What is **bold**?"}, {"model", "7b"}});
  EXPECT_EQ(started["conversation"], "1");
  EXPECT_EQ(started["message"], "a1");
  const std::string run = started["run"];
  EXPECT_EQ(run.size(), 32U);
  const Json end = events.wait_for_end(run);
  EXPECT_EQ(end["status"], "succeeded");
  EXPECT_GT(end["tokens"]["out"], 0);
  EXPECT_FALSE(end["prediction"].is_null());
  const Json snapshot = get("/ui/runs/" + run).json();
  EXPECT_FALSE(snapshot["text"].get<std::string>().empty());
  EXPECT_EQ(snapshot["blocks"], end["blocks"]);
  const Json stored = get("/ui/conversations/1").json();
  EXPECT_EQ(stored["messages"][1]["blocks"], end["blocks"]) << "nothing was lost on the way";
  EXPECT_EQ(stored["messages"][1]["status"], "succeeded");
  EXPECT_EQ(stored["messages"][1]["prediction"], end["prediction"]);
}

TEST_F(Serve, sends_parameters_and_the_system_prompt) {
  serve();
  Events events(*this);
  const Json started = start_run({{"prompt", "Hi"},
                                  {"model", "7b"},
                                  {"system", "@/etc/hostname"},
                                  {"parameters", {{"temperature", 0.75}, {"max_tokens", 9}}}});
  (void)events.wait_for_end(started["run"]);
  const Json input = last_create()["input"];
  EXPECT_EQ(input["temperature"], 0.75);
  EXPECT_EQ(input["max_tokens"], 9);
  EXPECT_TRUE(holds(input.dump(), "@/etc/hostname")) << "a system prompt names no file here";
}

TEST_F(Serve, says_which_part_of_an_order_is_wrong) {
  serve();
  const auto param = [this](const Json& order) {
    const Answer answer = post("/ui/runs", order);
    EXPECT_EQ(answer.status, 400) << answer.body;
    return answer.json()["error"].value("param", "");
  };
  EXPECT_EQ(param({{"prompt", " "}, {"model", "7b"}}), "prompt");
  EXPECT_EQ(param({{"prompt", "x"}, {"model", "no such model"}}), "model");
  EXPECT_EQ(
      param(
          {{"prompt", "x"}, {"model", "7b"}, {"parameters", {{"top_p", 0.5}, {"temperature", 9}}}}),
      "temperature");
  EXPECT_EQ(param({{"prompt", "x"}, {"model", "7b"}, {"parameters", {{"temperature", "warm"}}}}),
            "temperature");
  EXPECT_EQ(param({{"prompt", "x"}, {"model", "7b"}, {"parameters", {{"no_such", 1}}}}), "no_such");
  EXPECT_EQ(post("/ui/runs", {{"prompt", "x"}, {"conversation", "99"}}).status, 404);
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Serve, gives_the_commands_that_do_the_same) {
  serve({"--no-validate", "-o", "api_key=hunter2-hunter2"});
  Events events(*this);
  const Json order{{"prompt", "it's -n"},
                   {"model", "7b"},
                   {"system", "Be brief"},
                   {"parameters", {{"temperature", 0.25}, {"stop_sequences", {"a", "b"}}}}};
  for (const char* form : {"command", "curl"}) {
    const std::string text = equivalent(form, order);
    EXPECT_TRUE(holds(text, "Be brief")) << text;
    EXPECT_FALSE(holds(text, "r8_test")) << text;
    EXPECT_FALSE(holds(text, "hunter2")) << text;
  }
}

TEST_F(Serve, a_command_that_was_copied_sends_the_same_request) {
  serve();
  Events events(*this);
  const Json single{{"prompt", "it's -n\n\"here\" $HOME"},
                    {"model", "7b"},
                    {"system", "Be brief"},
                    {"single", true},
                    {"parameters", {{"temperature", 0.25}, {"stop_sequences", {"a", "b"}}}}};
  Json first = single;
  first["single"] = false;
  Json second = first;
  const Json dash{{"prompt", "-"}, {"model", "7b"}};
  for (const Json* order : std::vector<const Json*>{&single, &first, &second, &dash}) {
    const Json reply = start_run(*order);
    (void)events.wait_for_end(reply["run"]);
    const Json input = last_create()["input"];
    const std::string command = equivalent("command", *order);
    const Outcome outcome = shell(command);
    EXPECT_EQ(outcome.exit_code, 0) << command << outcome.err;
    EXPECT_EQ(last_create()["input"], input) << command;
    second["conversation"] = reply["conversation"];
    second["parent"] = reply["message"];
  }
  EXPECT_EQ(creates(), 8U);
}

TEST_F(Serve, a_command_records_nothing_where_the_page_does_not) {
  serve({"-n", "--demo"});
  Events events(*this);
  Json order{{"prompt", "Hi"}};
  const Json reply = start_run(order);
  const std::string command = equivalent("command", order);
  EXPECT_TRUE(holds(command, "--demo -m meta/llama-2")) << command;
  EXPECT_TRUE(holds(command, "--session new -n ")) << command;
  (void)events.wait_for_end(reply["run"]);
  order["conversation"] = reply["conversation"];
  order["parent"] = reply["message"];
  EXPECT_EQ(post("/ui/equivalent/command", order).status, 400);
  EXPECT_TRUE(holds(equivalent("curl", order), "curl"));
}

TEST_F(Serve, an_error_stands_beside_what_had_arrived) {
  start_emulator_with({"predict:failed@3"});
  serve();
  Events events(*this);
  const Json end = events.wait_for_end(start_run({{"prompt", "Hi"}, {"model", "7b"}})["run"]);
  EXPECT_EQ(end["status"], "failed");
  EXPECT_FALSE(end["error"]["message"].get<std::string>().empty());
  EXPECT_FALSE(text_in(end["blocks"]).empty());
  const Json stored = get("/ui/conversations/1").json()["messages"][1];
  EXPECT_EQ(stored["status"], "failed");
  EXPECT_FALSE(stored["text"].get<std::string>().empty());
}

TEST_F(Serve, files_of_a_model_are_links_now_and_later) {
  serve();
  Events events(*this);
  const Json order{{"prompt", "a fox"}, {"model", "rellama-demo/painter"}};
  const Json end = events.wait_for_end(start_run(order)["run"]);
  ASSERT_FALSE(end["blocks"].empty()) << end;
  EXPECT_EQ(end["blocks"][0]["t"], "file");
  EXPECT_EQ(get("/ui/conversations/1").json()["messages"][1]["blocks"], end["blocks"]);
}

TEST_F(Serve, a_container_answers_in_place_of_replicate) {
  emulator::EmulatorOptions options;
  options.dialect = emulator::DialectName::cog;
  start_emulator(options);
  serve({"--endpoint", "cog=" + emulator_->base_url()});
  EXPECT_EQ(get("/ui/state").json()["model"], "container");
  const Json model = get("/ui/model?ref=container").json();
  EXPECT_EQ(model["kind"], "container");
  EXPECT_FALSE(model["inputs"].empty());
  Events events(*this);
  const Json end =
      events.wait_for_end(start_run({{"prompt", "Hi"}, {"model", "container"}})["run"]);
  EXPECT_EQ(end["status"], "succeeded");
}

TEST_F(Serve, the_demo_needs_no_token_and_records_nothing) {
  serve({"--demo"}, {{"REPLICATE_API_TOKEN", ""}, {"REPLICATE_BASE_URL", ""}});
  EXPECT_EQ(get("/ui/state").json()["demo"], true);
  Events events(*this);
  const Json started = start_run({{"prompt", "Hi"}, {"model", "7b"}});
  EXPECT_EQ(started["conversation"], "m1");
  EXPECT_EQ(events.wait_for_end(started["run"])["status"], "succeeded");
  EXPECT_FALSE(std::filesystem::exists(home_ / ".local/share/rellama/history.db"));
}

TEST_F(Serve, a_bad_option_is_refused_before_it_listens) {
  const auto refused = [this](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"serve", "--port", "0"});
    const Outcome outcome = rellama(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_TRUE(holds(refused({"--no-key", "--host", "0.0.0.0"}), "--no-key cannot be used"));
  EXPECT_TRUE(holds(refused({"--no-key", "--public-url", "https://x.example"}), "--no-key"));
  EXPECT_TRUE(holds(refused({"--public-url", "x.example"}), "--public-url x.example"));
  EXPECT_TRUE(holds(refused({"--api-key-file", file("key", "short")}), "cannot use the key"));
  EXPECT_TRUE(holds(refused({"--temperature", "9"}), "temperature"));
  EXPECT_TRUE(holds(refused({"-m", "no such model"}), "no such model"));
  EXPECT_TRUE(holds(refused({"-s", "@-"}), "standard input"));
  EXPECT_TRUE(holds(refused({"--max-concurrent", "0"}), "--max-concurrent"));
  Launch without_token = launch({"serve", "--port", "0"});
  without_token.environment.erase("REPLICATE_API_TOKEN");
  EXPECT_EQ(run(without_token).exit_code, 3);
}

TEST_F(Serve, a_port_in_use_gets_one_clear_line) {
  const LoopbackListener other = listen_on_loopback();
  const Outcome outcome = rellama({"serve", "--port", std::to_string(other.port)});
  ::close(other.socket);
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.err, "rellama: cannot listen on 127.0.0.1:" + std::to_string(other.port) +
                             ": the port is in use; choose another one with --port, or 0 for any "
                             "free port\n");
  EXPECT_TRUE(holds(rellama({"serve", "--host", "203.0.113.7"}).err, "no such address"));
}

TEST_F(Serve, opens_the_browser_with_a_key_that_works_once) {
  const std::string opened = (home_ / "opened").string();
  ASSERT_EQ(::mkfifo(opened.c_str(), 0600), 0);
  const std::string browser = file("browser", "#!/bin/sh\nprintf '%s' \"$1\" > " + opened + "\n");
  ::chmod(browser.c_str(), 0700);
  serve({"--open"}, {{"BROWSER", browser}});
  std::ifstream fifo(opened);  // waits for the browser
  const std::string url{std::istreambuf_iterator<char>(fifo), {}};
  const std::string target = url.substr(url.find("/?key="));
  EXPECT_EQ(target.find(key_), std::string::npos)
      << "others can see what a program is started with";
  EXPECT_EQ(send("GET", target, {own_headers()[0]}).status, 303);
  EXPECT_EQ(send("GET", target, {own_headers()[0]}).status, 401);
}

}  // namespace
}  // namespace rellama::test
