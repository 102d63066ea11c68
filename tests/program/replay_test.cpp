// `--record` and `rellama emulator --replay`: a recorded run, replayed, prints the same.

#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <sstream>

#include "program/program_test.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

using CommandLine = std::vector<std::string>;
using Json = nlohmann::json;

class Replay : public ProgramTest {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return (home_ / name).string(); }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name), std::ios::binary).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::vector<Json> recording() const {
    std::vector<Json> lines;
    std::istringstream text(read("run.jsonl"));
    for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
    return lines;
  }

  [[nodiscard]] Outcome record(std::vector<std::string> command) const {
    command.insert(command.end(), {"--record", path("run.jsonl")});
    return rellama(std::move(command));
  }

  // From now on, the recording is the server.
  void replay() {
    emulator::EmulatorOptions options;
    options.replay = path("run.jsonl");
    start_emulator(options);
  }

  // Records the commands one after the other, and expects the same of them from the recording.
  void expect_same(const std::vector<CommandLine>& commands, const std::vector<int>& codes) {
    std::vector<Outcome> recorded;
    std::vector<std::string> files;
    for (const auto& command : commands) {
      recorded.push_back(record(command));
      files.push_back(read("out"));
      std::filesystem::remove(path("out"));
    }
    replay();
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Outcome again = rellama(commands[i]);
      EXPECT_EQ(recorded[i].exit_code, codes[i]) << recorded[i].err;
      EXPECT_EQ(again.exit_code, recorded[i].exit_code) << again.err;
      EXPECT_EQ(again.out, recorded[i].out);
      EXPECT_EQ(again.err, recorded[i].err);
      EXPECT_EQ(read("out"), files[i]);
      std::filesystem::remove(path("out"));
    }
  }
};

TEST_F(Replay, of_a_broken_stream_a_429_and_a_file_download_is_the_same_bytes_and_exit_code) {
  start_emulator_with({"stream:cut@5*1", "create:429@0*1", "file:cut@3000*1", "file:429@0*1",
                       "predict:ok*3", "predict:failed@4*1"});
  const std::string out = path("out");
  expect_same({{"-m", "13b", "Why is the sky blue?"},
               {"-m", "rellama-demo/painter", "-O", out, "A llama"},
               {"-m", "rellama-demo/painter", "A llama, whose URL is printed"},
               {"-m", "13b", "This one fails"},
               {"-m", "nobody/nothing", "Hello"},
               {"-m", kEcho, "--jsonl", "Hello"},
               {"-m", kEcho, "--no-stream", "--json", "Hello"}},
              {0, 0, 0, 9, 4, 0, 0});
  const std::vector<Json> lines = recording();
  EXPECT_GT(lines.size(), 15U);
  std::vector<std::string> ends;
  for (const Json& line : lines) {
    if (line["end"] == "closed") ends.push_back(line["request"]["url"]);
  }
  EXPECT_EQ(ends.size(), 2U) << "the stream and the file";
}

TEST_F(Replay, of_chat_compare_predictions_and_models_is_the_same) {
  const std::string id = [this] {
    std::string line = rellama({"--detach", "-q", "-m", kEcho, "Hello"}).out;
    line.pop_back();
    return line;
  }();
  expect_same({{"chat", "-m", kEcho, "-q", "Hello"},
               {"predictions", "stream", id},
               {"predictions", "show", id},
               {"predictions", "list", "-n", "3"},
               {"predictions", "cancel", id},
               {"predictions", "show", "no-such-id"},
               {"models", "show", kEcho},
               {"models", "search", "llama"}},
              {0, 0, 0, 0, 0, 4, 0, 0});
  const auto outputs = [](const Outcome& outcome) {
    Json all;
    const Json comparison = Json::parse(outcome.out);
    for (const Json& result : comparison["results"]) all += result["output"];
    return all;
  };
  start_emulator({});
  const std::vector<std::string> compare{"compare", "-m", "7b", "-m", kEcho, "--json", "Hello"};
  const Json recorded = outputs(record(compare));
  replay();
  EXPECT_EQ(outputs(rellama(compare)), recorded);
  EXPECT_EQ(recorded.size(), 2U);
}

TEST_F(Replay, of_an_upload_is_the_same) {
  const std::string picture = file("picture.png", "\x89PNG" + std::string(400'000, '\0'));
  const std::vector<std::string> ask{"-m", "rellama-demo/captioner", "-o", "image=@" + picture,
                                     "What is this?"};
  const int code = record(ask).exit_code;
  std::filesystem::remove(path("run.jsonl"));
  expect_same({ask}, {code});
  EXPECT_EQ(code, 0);
}

TEST_F(Replay, of_a_create_whose_response_was_lost_finds_the_same_prediction) {
  start_emulator_with({"create:lost*1"});
  expect_same({{"-m", "7b", "Hello"}}, {0});
  EXPECT_EQ(recording().front()["end"], "closed");
}

TEST_F(Replay, of_a_connection_that_was_reset_is_the_same) {
  start_emulator_with({"create:reset*1"});
  expect_same({{"-m", "7b", "Hello"}}, {13});
  EXPECT_EQ(recording().front()["end"], "reset");
}

TEST_F(Replay, of_a_batch_with_four_jobs_has_the_same_answers) {
  start_emulator_with(
      {"create:ok*3", "create:429@0*2", "create:ok*4", "create:lost*1", "stream:cut@1*2"});
  std::string rows;
  for (int row = 0; row < 24; ++row) rows += "prompt " + std::to_string(row % 20) + "\n";
  const std::string input = file("rows.txt", rows);
  const auto batch = [&](const std::string& out) {
    return std::vector<std::string>{"batch", input, "-m",     kEcho, "-j",
                                    "4",     "-q",  "--text", "-O",  path(out)};
  };
  EXPECT_EQ(record(batch("recorded.txt")).exit_code, 0);
  replay();
  const Outcome again = rellama(batch("replayed.txt"));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(read("replayed.txt"), read("recorded.txt"));
  EXPECT_GE(read("recorded.txt").size(), rows.size());
}

TEST_F(Replay, of_another_prompt_is_an_error_that_names_both) {
  EXPECT_EQ(record({"-m", kEcho, "Tell me about llamas"}).exit_code, 0);
  replay();
  const Outcome other = rellama({"-m", kEcho, "Tell me about alpacas"});
  EXPECT_EQ(other.exit_code, 2);
  for (const char* part : {"Not in the recording", "/v1/models/rellama-demo/echo/predictions",
                           "only with another body", "llamas", "alpacas"}) {
    EXPECT_NE(other.err.find(part), std::string::npos) << part << other.err;
  }
  const Outcome model = rellama({"-m", "7b", "Tell me about llamas"});
  EXPECT_EQ(model.exit_code, 2);
  EXPECT_NE(model.err.find("run.jsonl, which has: GET /v1/"), std::string::npos) << model.err;
  EXPECT_EQ(rellama({"-m", kEcho, "Tell me about llamas"}).exit_code, 0);
  const Outcome twice = rellama({"-m", kEcho, "Tell me about llamas"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_NE(twice.err.find("once, and was replayed as often"), std::string::npos) << twice.err;
}

TEST_F(Replay, needs_no_cached_model) {
  EXPECT_EQ(rellama({"-m", kEcho, "Hello"}).exit_code, 0);  // caches its schema
  EXPECT_EQ(record({"-m", kEcho, "Hello"}).exit_code, 0);
  std::filesystem::remove_all(home_ / ".cache");
  replay();
  EXPECT_EQ(rellama({"-m", kEcho, "Hello"}).exit_code, 0);
}

TEST_F(Replay, sends_requests_for_other_hosts_to_the_emulator_and_prints_their_names) {
  const std::string prediction = R"({"id":"p1","model":"a/b","status":"starting","urls":{)"
                                 R"("get":"https://api.replicate.com/v1/predictions/p1",)"
                                 R"("stream":"https://stream.replicate.com/v1/files/abc?x=1"}})";
  const std::string done = R"({"id":"p1","model":"a/b","status":"succeeded",)"
                           R"("output":["https://replicate.delivery/x/out.png"]})";
  const std::vector<std::vector<std::string>> exchanges{
      {"POST", "https://api.replicate.com/v1/deployments/a/b/predictions", prediction,
       "application/json"},
      {"GET", "https://stream.replicate.com/v1/files/abc?x=1", "event: done\ndata: {}\n\n",
       "text/event-stream"},
      {"GET", "https://api.replicate.com/v1/predictions/p1", done, "application/json"},
      {"GET", "https://replicate.delivery/x/out.png", "a picture", "image/png"}};
  std::string lines;
  for (const auto& exchange : exchanges) {
    Json line{
        {"recording", 1},
        {"api", "https://api.replicate.com/v1"},
        {"request", {{"method", exchange[0]}, {"url", exchange[1]}}},
        {"response",
         {{"status", 200}, {"headers", {{"content-type", exchange[3]}}}, {"body", exchange[2]}}},
        {"end", "complete"}};
    if (exchange[0] == "POST") {
      line["request"]["body"] = R"({"input":{"prompt":"Hi"},"stream":true})";
    }
    lines += line.dump() + "\n";
  }
  static_cast<void>(file("run.jsonl", lines));
  replay();
  const Outcome printed = rellama({"-m", "deployments/a/b", "Hi"});
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_EQ(printed.out, "https://replicate.delivery/x/out.png\n");
  replay();
  const Outcome saved = rellama({"-m", "deployments/a/b", "-O", path("out"), "Hi"});
  EXPECT_EQ(saved.exit_code, 0) << saved.err;
  EXPECT_EQ(read("out"), "a picture");
}

TEST_F(Replay, has_no_token_and_no_secret_input_in_any_encoding) {
  const std::string token = "r8_KeepThisToYourself0123/456789";
  const std::string base64 = "QmVhcmVyIHI4X0tlZXBUaGlzVG9Zb3Vyc2VsZjAxMjMvNDU2Nzg5";
  const std::string echo = token + " " + R"(\u00728_KeepThisToYourself0123\/456789)" + " " +
                           "r8_KeepThisToYourself0123%2F456789 " + base64;
  RawServer api;
  const std::string start = R"({"id":"p1","status":"starting","logs":")" + echo +
                            R"(","urls":{"stream":")" + api.url() + "/s?t=" + token + "\"}}";
  const std::string pieces = "\"so \",\"" + token.substr(0, 9) + "\",\"" + token.substr(9) + "\"";
  api.then(reply(201, start, {"ETag: \"" + token + "\"", "Set-Cookie: session=4711"}));
  api.then(
      reply("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
            "event: output\nid: 1:0\ndata: so \n\nevent: output\nid: 1:1\ndata: " +
            token.substr(0, 9) + "\n\nevent: output\nid: 1:2\ndata: " + token.substr(9) +
            "\n\nevent: done\ndata: {}\n\n"));
  api.then(reply(200, R"({"id":"p1","status":"succeeded","output":[)" + pieces + "]}"));
  Launch with_token =
      launch({"-m", "deployments/a/b", "--record", path("run.jsonl"), "The token is " + token});
  with_token.environment["REPLICATE_API_TOKEN"] = token;
  with_token.environment["REPLICATE_BASE_URL"] = api.url();
  const Outcome recorded = run(with_token);
  EXPECT_EQ(recorded.exit_code, 0) << recorded.err;
  EXPECT_EQ(recording().size(), 3U);
  const std::string text = read("run.jsonl");
  for (const std::string part : {"r8_Keep", "KeepThis", "Yourself0123", "Yourself0123%2F",
                                 "tlZXBUaGlzVG9Zb3Vyc2VsZ", "Authorization", "4711"}) {
    EXPECT_EQ(text.find(part), std::string::npos) << part << "\n" << text;
  }
  replay();
  with_token.arguments.erase(with_token.arguments.begin() + 2, with_token.arguments.begin() + 4);
  with_token.environment["REPLICATE_BASE_URL"] = emulator_->base_url();
  with_token.environment["REPLICATE_API_TOKEN"] = "r8_another_one";
  const Outcome again = run(with_token);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, recorded.out);
}

TEST_F(Replay, of_a_killed_run_has_what_had_happened) {
  emulator::EmulatorOptions slow;
  slow.token_rate = 20;
  start_emulator(slow);
  EXPECT_EQ(record({"-m", kEcho, "Hello"}).exit_code, 0);
  const std::size_t before = recording().size();
  Process process(launch({"-m", "7b", "--record", path("run.jsonl"), "Tell me a long story"}));
  while (streams() < 2) std::this_thread::yield();
  process.send_signal(SIGKILL);
  EXPECT_EQ(process.wait().exit_code, -SIGKILL);
  EXPECT_EQ(recording().size(), before + 1) << "the create, but not the stream";
  replay();
  EXPECT_EQ(rellama({"-m", kEcho, "Hello"}).exit_code, 0);
}

TEST_F(Replay, is_private_and_belongs_to_a_whole_script) {
  EXPECT_EQ(record({"-m", kEcho, "one"}).exit_code, 0);
  const std::size_t first = recording().size();
  struct stat about {};
  ASSERT_EQ(::stat(path("run.jsonl").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  Launch by_variable = launch({"-m", kEcho, "two"});
  by_variable.environment["RELLAMA_RECORD"] = path("run.jsonl");
  EXPECT_EQ(run(by_variable).exit_code, 0);
  EXPECT_EQ(recording().size(), 2 * first);
}

TEST_F(Replay, is_not_begun_where_it_cannot_be_written) {
  const std::string other = file("letter.txt", "Dear Ann,\n");
  for (const std::string& place :
       {other, home_.string(), path("no/such/run.jsonl"), std::string("/dev/null")}) {
    for (const CommandLine& command : {CommandLine{"-m", kEcho, "Hi"},
                                       {"predictions", "list"},
                                       {"models", "search", "x"},
                                       {"-m", kEcho, "--detach", "Hi"},
                                       {"batch", file("rows.txt", "Hi\n"), "-m", kEcho}}) {
      std::vector<std::string> with = command;
      with.insert(with.end(), {"--record", place});
      const Outcome outcome = rellama(with);
      EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
      EXPECT_EQ(outcome.err.rfind("rellama: cannot record to '" + place + "': ", 0), 0U)
          << outcome.err;
    }
  }
  EXPECT_EQ(emulator_->requests().size(), 0U);
  EXPECT_EQ(read("letter.txt"), "Dear Ann,\n");
  EXPECT_EQ(rellama({"--dry-run", "--record", path("dry.jsonl"), "Hi"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(path("dry.jsonl")));
}

TEST_F(Replay, of_a_damaged_file_is_refused_with_the_line) {
  EXPECT_EQ(record({"-m", kEcho, "Hello"}).exit_code, 0);
  const std::string whole = read("run.jsonl");
  const std::string first = whole.substr(0, whole.find('\n') + 1);
  const auto changed = [&first](const char* from, const char* to) {
    std::string line = first;
    return line.replace(line.find(from), std::string_view(from).size(), to);
  };
  for (const std::string& damaged :
       {std::string("not json\n"), std::string("{}\n"), std::string("\n"),
        first.substr(0, first.size() / 2), changed(R"("recording":1)", R"("recording":2)"),
        changed(R"("end":"complete")", R"("end":"?")"), changed(R"("url":"http:)", R"("url":"x:)"),
        changed(R"("status":)", R"("status":"x","s":)"), changed(R"("body":)", R"("base64":)")}) {
    const std::string name = file("damaged.jsonl", first + damaged);
    const Outcome outcome = rellama({"emulator", "--replay", name});
    EXPECT_EQ(outcome.exit_code, 2) << damaged;
    EXPECT_NE(outcome.err.find("damaged.jsonl: line 2: it"), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(rellama({"emulator", "--replay", path("none")}).exit_code, 2);
  EXPECT_EQ(rellama({"emulator", "--replay", file("empty", "")}).exit_code, 2);
  EXPECT_EQ(rellama({"emulator", "--replay", path("run.jsonl"), "--fault", "get:500"}).exit_code,
            2);
}

TEST_F(Replay, goes_on_after_half_a_line_that_a_killed_run_has_left) {
  EXPECT_EQ(record({"-m", kEcho, "one"}).exit_code, 0);
  const std::string whole = read("run.jsonl");
  static_cast<void>(file("run.jsonl", whole + whole.substr(0, 100)));
  expect_same({{"-m", kEcho, "two"}}, {0});
  EXPECT_EQ(read("run.jsonl").find(whole), 0U);
}

TEST_F(Replay, a_container_is_not_recorded) {
  const Outcome outcome =
      rellama({"--endpoint", "cog=http://127.0.0.1:1", "--record", path("run.jsonl"), "Hi"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("--record cannot be used with a Cog container"), std::string::npos)
      << outcome.err;
}

}  // namespace
}  // namespace rellama::test
