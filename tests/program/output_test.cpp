// -O, and outputs that are not text.

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "program/program_test.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;
using nlohmann::json;

constexpr const char* kPainter = "rellama-demo/painter";

class Saving : public ProgramTest {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return (home_ / name).string(); }

  /// The file's content, or "(none)" if there is no such file.
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(home_ / name, std::ios::binary);
    if (!file) return "(none)";
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] Names names(const std::string& directory = "") const {
    Names names;
    for (const auto& entry : fs::directory_iterator(home_ / directory)) {
      const std::string name = entry.path().filename().string();
      if (name != ".cache" && name != ".local") names.insert(name);
    }
    return names;
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(home_ / name, std::ios::binary) << content;
  }
  /// Saves the answer to `name`, and expects nothing on stdout.
  [[nodiscard]] Outcome save(std::vector<std::string> arguments, const std::string& name) const {
    arguments.insert(arguments.end(), {"-O", path(name)});
    Outcome outcome = rellama(std::move(arguments));
    EXPECT_EQ(outcome.out, "");
    return outcome;
  }
  /// A run of an unknown model with this output, as JSON.
  [[nodiscard]] Outcome answered(const std::string& output, std::vector<std::string> arguments,
                                 RawServer& api) const {
    api.then(reply(201, R"({"id":"p1","status":"succeeded","output":)" + output + "}"));
    Launch with = launch(std::move(arguments));
    with.environment["REPLICATE_BASE_URL"] = api.url();
    with.arguments.insert(with.arguments.end(), {"-m", "some/one", "--retries", "0", "Hi"});
    return run(with);
  }
  [[nodiscard]] std::size_t file_requests() const {
    const auto requests = emulator_->requests();
    return static_cast<std::size_t>(
        std::count_if(requests.begin(), requests.end(),
                      [](const auto& request) { return request.path.starts_with("/files/"); }));
  }
};

TEST_F(Saving, files_print_as_one_url_per_line_streamed_or_polled) {
  for (const char* way : {"--raw", "--no-stream"}) {
    const Outcome outcome = rellama({"-m", kPainter, way, "-o", "num_outputs=3", "x"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 3);
    EXPECT_EQ(outcome.out.find("http"), 0U);
    EXPECT_NE(outcome.out.find("/out-0.png\nhttp"), std::string::npos) << outcome.out;
    EXPECT_TRUE(outcome.out.ends_with("/out-2.png\n")) << outcome.out;
  }
}

TEST_F(Saving, the_output_can_be_piped) {
  EXPECT_EQ(shell("rellama -q -m rellama-demo/painter -o num_outputs=2 x | "
                  "while read -r url; do echo \"[${url##*/}]\"; done")
                .out,
            "[out-0.png]\n[out-1.png]\n");
  EXPECT_EQ(shell("rellama -q -m rellama-demo/detector 'two words' | jq -r .word").out,
            "two\nwords\n");
}

TEST_F(Saving, json_has_the_urls_as_a_list_streamed_or_polled) {
  for (const char* way : {"--raw", "--no-stream"}) {
    const auto answer =
        json::parse(rellama({"-m", kPainter, way, "--json", "-o", "num_outputs=2", "x"}).out);
    ASSERT_EQ(answer["output"].size(), 2U);
    EXPECT_TRUE(answer["output"][1].get<std::string>().ends_with("/out-1.png"));
  }
}

TEST_F(Saving, a_url_written_by_a_language_model_is_text) {
  const std::string url = "https://replicate.delivery/x/out-0.png";
  EXPECT_EQ(rellama({"-m", kEcho, url}).out, url + "\n");
  EXPECT_EQ(save({"-m", kEcho, "-q", url}, "answer").exit_code, 0);
  EXPECT_EQ(read("answer"), url + "\n");
}

TEST_F(Saving, text_goes_to_the_file_and_stderr_says_so) {
  const Outcome outcome = save({"-m", kEcho, "Hello"}, "answer.txt");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "rellama: wrote " + path("answer.txt") + " (6 bytes)\n");
  EXPECT_EQ(read("answer.txt"), "Hello\n");
  EXPECT_EQ(names(), Names{"answer.txt"});
  EXPECT_EQ(save({"-q", "-m", kEcho, "Hello"}, "quiet.txt").err, "");
}

TEST_F(Saving, the_file_mode_follows_the_umask) {
  const Outcome outcome = shell("umask 027; rellama -q -m rellama-demo/echo Hi -O ~/answer");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(fs::status(home_ / "answer").permissions(), fs::perms(0640));
}

TEST_F(Saving, a_private_file_that_is_overwritten_stays_private) {
  write("mine", "old");
  fs::permissions(path("mine"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(save({"-m", kEcho, "--force", "Hi"}, "mine").exit_code, 0);
  EXPECT_EQ(read("mine"), "Hi\n");
  EXPECT_EQ(fs::status(path("mine")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Saving, an_answer_at_its_token_limit_warns_and_replaces_no_file) {
  const Outcome printed = rellama({"--max-new-tokens", "5", "Hi"});
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_EQ(
      printed.err,
      "rellama: the answer stopped at its limit of 5 tokens and may be cut short; raise it with "
      "--max-new-tokens\n");
  EXPECT_EQ(rellama({"-q", "--max-new-tokens", "5", "Hi"}).err, "");
  EXPECT_EQ(rellama({"Hi"}).err, "");

  EXPECT_EQ(save({"--max-new-tokens", "5", "Hi"}, "new").exit_code, 0);
  write("mine", "old");
  const Outcome saved = save({"--max-new-tokens", "5", "--force", "Hi"}, "mine");
  EXPECT_EQ(saved.exit_code, 11);
  EXPECT_NE(saved.err.find("mine' is not overwritten: the answer stopped at its limit"),
            std::string::npos)
      << saved.err;
  EXPECT_EQ(read("mine"), "old");
  EXPECT_EQ(read("mine.part"), read("new"));
}

TEST_F(Saving, json_lines_and_json_go_to_the_file_too) {
  EXPECT_EQ(save({"-m", "rellama-demo/detector", "two words"}, "words").exit_code, 0);
  EXPECT_EQ(read("words"), "{\"word\":\"two\",\"at\":0}\n{\"word\":\"words\",\"at\":4}\n");
  EXPECT_EQ(save({"-m", kPainter, "--json", "x"}, "answer.json").exit_code, 0);
  EXPECT_EQ(json::parse(read("answer.json"))["status"], "succeeded");
  EXPECT_EQ(file_requests(), 0U);
}

TEST_F(Saving, one_file_is_downloaded_to_the_file) {
  const Outcome outcome = save({"-m", kPainter, "x"}, "llama.png");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "rellama: wrote " + path("llama.png") + " (12420 bytes)\n");
  EXPECT_TRUE(read("llama.png").starts_with("\x89PNG"));
  EXPECT_EQ(save({"-m", "rellama-demo/iconist", "x"}, "icon.png").exit_code, 0);
  EXPECT_TRUE(read("icon.png").starts_with("\x89PNG"));
  EXPECT_EQ(names(), (Names{"icon.png", "llama.png"}));
}

TEST_F(Saving,
       with_several_files_the_output_file_gets_their_urls_and_stderr_says_how_to_download_them) {
  const Outcome outcome = save({"-m", kPainter, "-o", "num_outputs=2", "x"}, "urls");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("rellama predictions show"), std::string::npos) << outcome.err;
  EXPECT_NE(read("urls").find("/out-0.png\nhttp"), std::string::npos);
  EXPECT_EQ(file_requests(), 0U);
}

TEST_F(Saving, files_go_into_a_directory_that_is_created) {
  EXPECT_EQ(save({"-m", kPainter, "-o", "num_outputs=2", "x"}, "new/pictures/").exit_code, 0);
  EXPECT_EQ(names("new/pictures"), (Names{"out-0.png", "out-1.png"}));
  EXPECT_NE(read("new/pictures/out-0.png"), read("new/pictures/out-1.png"));
}

TEST_F(Saving, in_a_directory_taken_names_are_numbered_or_overwritten_with_force) {
  fs::create_directory(home_ / "d");
  write("d/out-0.png", "mine");
  EXPECT_EQ(save({"-m", kPainter, "x"}, "d").exit_code, 0);
  EXPECT_EQ(names("d"), (Names{"out-0.png", "out-0-2.png"}));
  EXPECT_EQ(read("d/out-0.png"), "mine");
  EXPECT_EQ(save({"-m", kPainter, "--force", "x"}, "d").exit_code, 0);
  EXPECT_TRUE(read("d/out-0.png").starts_with("\x89PNG"));
}

TEST_F(Saving, an_answer_without_files_gets_a_name_in_a_directory) {
  EXPECT_EQ(save({"-m", kEcho, "Hello"}, "d/").exit_code, 0);
  EXPECT_EQ(save({"-m", kEcho, "again"}, "d/").exit_code, 0);
  EXPECT_EQ(save({"-m", "rellama-demo/detector", "x"}, "d/").exit_code, 0);
  EXPECT_EQ(save({"-m", kPainter, "--json", "x"}, "d/").exit_code, 0);
  EXPECT_EQ(names("d"),
            (Names{"output.txt", "output-2.txt", "output.jsonl", "output.json", "out-0.png"}));
  EXPECT_EQ(read("d/output-2.txt"), "again\n");
}

TEST_F(Saving, an_unusable_output_path_is_rejected_before_anything_is_sent) {
  write("there", "old");
  fs::create_symlink(home_ / "there", home_ / "link");
  fs::create_symlink(home_ / "nowhere", home_ / "dangling");
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const std::string& bad :
       {path("there"), path("link"), path("dangling"), path("fifo"), path("there/"),
        path("there/x"), path("there/x/"), path("missing/x"), std::string("/dev/full"),
        std::string("/proc/answer"), path(std::string(300, 'x')), std::string("-"),
        std::string()}) {
    const Outcome outcome = rellama({"-m", kEcho, "-O", bad, "Hi"});
    EXPECT_EQ(outcome.exit_code, 2) << bad << ": " << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("cannot save to '" + bad + "'"), std::string::npos) << outcome.err;
  }
  for (const std::vector<std::string>& bad : {std::vector<std::string>{"--force", "Hi"},
                                              {"--max-download", "1k", "Hi"},
                                              {"-O", path("x"), "--max-download", "lots", "Hi"},
                                              {"-O", path("x"), "--dry-run", "Hi"},
                                              {"-O", path("x"), "--max-download", "-1", "Hi"},
                                              {"-O", path("x"), "--detach", "Hi"}}) {
    EXPECT_EQ(rellama(bad).exit_code, 2) << bad.front();
  }
  EXPECT_TRUE(emulator_->requests().empty());
  EXPECT_EQ(read("there"), "old");
  EXPECT_EQ(names(), (Names{"there", "link", "dangling", "fifo"}));
}

TEST_F(Saving, force_overwrites_a_file_or_a_link_but_not_its_target) {
  write("there", "old");
  write("precious", "old");
  fs::create_symlink(home_ / "precious", home_ / "link");
  EXPECT_EQ(save({"-m", kEcho, "--force", "new"}, "there").exit_code, 0);
  EXPECT_EQ(read("there"), "new\n");
  EXPECT_EQ(save({"-m", kEcho, "--force", "new"}, "link").exit_code, 0);
  EXPECT_EQ(read("link"), "new\n");
  EXPECT_EQ(read("precious"), "old");
  EXPECT_EQ(rellama({"-m", kEcho, "--force", "-O", "/dev/null", "new"}).exit_code, 2);
}

TEST_F(Saving, a_file_created_during_the_run_is_not_overwritten) {
  RawServer api;
  api.then([this](RawConnection& connection) {
    connection.read_request();
    write("answer", "somebody else's");
    connection.send(raw_answer(201, R"({"id":"p1","status":"succeeded","output":"mine"})"));
  });
  Launch with = launch({"-m", "some/one", "-O", path("answer"), "Hi"});
  with.environment["REPLICATE_BASE_URL"] = api.url();
  const Outcome outcome = run(with);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_EQ(read("answer"), "somebody else's");
  EXPECT_EQ(read("answer.part"), "mine\n");
}

TEST_F(Saving, a_failed_run_leaves_a_part_file) {
  start_emulator_with({"predict:failed@5"});
  const Outcome outcome = save({"-q", "-m", "7b", "Why is the sky blue?"}, "answer");
  EXPECT_EQ(outcome.exit_code, 9);
  EXPECT_EQ(read("answer"), "(none)");
  EXPECT_EQ(read("answer.part"), " The sky is blue becaus\n");
  EXPECT_NE(outcome.err.find(path("answer.part") + " (24 bytes)"), std::string::npos)
      << outcome.err;
  EXPECT_EQ(save({"-m", "7b", "Why is the sky blue?"}, "answer").exit_code, 9);
  EXPECT_EQ(names(), (Names{"answer.part", "answer.part-2"}));
}

TEST_F(Saving, the_longest_file_name_leaves_room_for_a_part_file) {
  const std::string name(255, 'x');
  start_emulator_with({"predict:failed@5*1"});
  EXPECT_EQ(save({"-m", "7b", "Hi"}, name).exit_code, 9);
  ASSERT_EQ(names().size(), 1U);
  EXPECT_TRUE(names().begin()->ends_with(".part"));
  EXPECT_EQ(save({"-m", "7b", "Hi"}, name).exit_code, 0);
  EXPECT_TRUE(names().contains(name));
}

TEST_F(Saving, ctrl_c_keeps_what_arrived) {
  start_emulator_with({"stream:stall@5"});
  Launch on_terminal = launch({"-m", "7b", "-O", path("answer"), "Why is the sky blue?"});
  on_terminal.on_terminal = true;
  Process process(on_terminal);
  ASSERT_TRUE(process.read_until("5 tokens"));
  process.send_signal(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(read("answer.part"), " The sky is blue becaus\n") << outcome.err;
  EXPECT_NE(outcome.err.find("answer.part"), std::string::npos);
  EXPECT_EQ(names(), Names{"answer.part"});
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Saving, a_full_disk_ends_the_run_and_cancels_it) {
  // bash counts in blocks of 1 KiB. The signal is ignored, so that the write itself fails.
  const Outcome outcome = shell(
      "trap '' XFSZ; ulimit -f 1; rellama -m rellama-demo/echo -O ~/answer \"$(head -c 5000 "
      "/dev/zero | tr '\\0' x)\"");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_NE(outcome.err.find("free some space"), std::string::npos) << outcome.err;
  EXPECT_EQ(read("answer"), "(none)");
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Saving, a_file_size_limit_is_an_error_and_not_a_silent_death) {
  const Outcome outcome = shell("ulimit -f 1; rellama -m rellama-demo/painter -O ~/pictures/ x");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_NE(outcome.err.find("free some space"), std::string::npos) << outcome.err;
}

TEST_F(Saving, a_download_that_is_cut_repeatedly_completes) {
  start_emulator_with(
      {"file:cut@1*1", "file:reset*2", "file:cut@3000*2", "file:503*1", "file:no-ranges*1"});
  const Outcome outcome = save({"-m", kPainter, "x"}, "cut.png");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  start_emulator({});
  EXPECT_EQ(save({"-m", kPainter, "x"}, "whole.png").exit_code, 0);
  EXPECT_EQ(read("cut.png"), read("whole.png"));
}

TEST_F(Saving, a_failed_download_resumes_where_it_stopped) {
  start_emulator_with({"file:cut@5000*1", "file:404*1"});
  const Outcome failed = save({"-m", kPainter, "x"}, "d/");
  EXPECT_EQ(failed.exit_code, 11);
  EXPECT_EQ(names("d"), (Names{"out-0.png.part", "out-0.png.part.validator"}));
  const auto at = failed.err.find("rellama predictions show ");
  ASSERT_NE(at, std::string::npos) << failed.err;
  const std::string id = failed.err.substr(at + 25, 26);

  const Outcome outcome = save({"predictions", "show", id}, "d/");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(emulator_->requests().back().header("Range"), "bytes=5000-");
  EXPECT_EQ(names("d"), Names{"out-0.png"});
  EXPECT_EQ(read("d/out-0.png").size(), 12'420U);
  EXPECT_TRUE(read("d/out-0.png").ends_with("IEND\xAE\x42\x60\x82"));
}

TEST_F(Saving, ctrl_c_keeps_what_was_downloaded) {
  RawServer delivery({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 100\r\n\r\n0123456789");
    connection.hold();
  }});
  RawServer api({reply(201, R"({"id":"p1","status":"succeeded","output":["data:,x",")" +
                                delivery.url() + R"(/out.bin"]})")});
  Launch with = launch({"-m", "some/one", "-O", path("d/"), "Hi"});
  with.environment["REPLICATE_BASE_URL"] = api.url();
  Process process(with);
  while (read("d/out.bin.part").size() < 10) std::this_thread::yield();
  process.send_signal(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  EXPECT_EQ(read("d/out.bin.part"), "0123456789");
  EXPECT_NE(outcome.err.find("to resume: rellama predictions show p1 -O"), std::string::npos)
      << outcome.err;
}

TEST_F(Saving, a_file_that_cannot_be_downloaded_says_why_and_the_others_arrive) {
  start_emulator_with({"file:404*1"});
  const Outcome outcome = save({"-m", kPainter, "-o", "num_outputs=2", "x"}, "d/");
  EXPECT_EQ(outcome.exit_code, 11);
  EXPECT_NE(outcome.err.find("an hour after the run"), std::string::npos) << outcome.err;
  EXPECT_EQ(names("d"), Names{"out-1.png"});
}

TEST_F(Saving, download_errors_have_exit_codes) {
  for (const auto& [fault, code] : {std::pair("file:500", 8), std::pair("file:wrong-length", 7),
                                    std::pair("file:compressed", 8), std::pair("file:reset", 7),
                                    std::pair("file:410", 11), std::pair("file:429@0", 6)}) {
    start_emulator_with({fault});
    EXPECT_EQ(save({"-m", kPainter, "--retries", "1", "x"}, "x.png").exit_code, code) << fault;
    EXPECT_EQ(read("x.png"), "(none)") << fault;
  }
}

TEST_F(Saving, the_download_limit_is_configurable) {
  EXPECT_EQ(save({"-m", kPainter, "--max-download", "12419", "x"}, "x.png").exit_code, 11);
  EXPECT_EQ(names(), Names{});
  EXPECT_EQ(save({"-m", kPainter, "--max-download", "13k", "x"}, "x.png").exit_code, 0);
}

TEST_F(Saving, a_redirect_to_another_host_does_not_get_the_token) {
  start_emulator_with({"file:redirect"});
  EXPECT_EQ(save({"-m", kPainter, "x"}, "x.png").exit_code, 0);
  const auto requests = emulator_->requests();
  ASSERT_GE(requests.size(), 2U);
  EXPECT_TRUE(requests[requests.size() - 2].authorized);
  EXPECT_FALSE(requests.back().authorized);
}

TEST_F(Saving, file_names_from_a_server_stay_in_the_directory_and_are_printable) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"/a/../../etc/passwd", "passwd"},
      {"/%2e%2e%2f%2e%2e%2fevil", "_.._evil"},
      {"/.bashrc", "bashrc"},
      {"/a%1b%5b31m", "a_[31m"},
      {"/" + std::string(300, 'x') + ".png", std::string(146, 'x') + ".png"},
      {"/", "output-6"},
      {"/cod%E2%80%AEgnp.exe", "cod_gnp.exe"},
      {"/-rf", "rf"},
      {"/same.png?1", "same.png"},
      {"/same.png?2", "same-2.png"},
      {"/%00", "output-11"},
      {"/.part", "part"}};
  RawServer delivery;
  std::string list;
  Names expected;
  for (const auto& [target, name] : cases) {
    delivery.then(reply(200, "bytes of " + name));
    list += (list.empty() ? "[\"" : ",\"") + delivery.url() + target + "\"";
    expected.insert(name);
  }
  RawServer api;
  const Outcome outcome = answered(list + "]", {"-O", path("d/")}, api);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(names("d"), expected);
  EXPECT_EQ(names(), Names{"d"});
  for (const std::string& name : expected) EXPECT_EQ(read("d/" + name), "bytes of " + name);
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos);
  for (const RawRequest& request : delivery.requests()) {
    EXPECT_EQ(request.header("authorization"), "(none)");
  }
}

TEST_F(Saving, forbidden_urls_are_not_followed) {
  RawServer api;
  const std::string fine = "\"data:,fine\"";
  for (const std::string url : {"http://192.0.2.1/x", "http://u:p@127.0.0.1/x"}) {
    const Outcome outcome = answered("[\"" + url + "\"," + fine + "]", {"-O", path("d/")}, api);
    EXPECT_EQ(outcome.exit_code, 8) << url;
    EXPECT_NE(outcome.err.find("only over https"), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(names("d"), (Names{"output-2.txt", "output-2-2.txt"}));
  // These are not URLs of files, but text.
  for (const std::string text : {"file:///etc/passwd", "ftp://127.0.0.1/x", "//127.0.0.1/x"}) {
    const Outcome outcome = answered("[\"" + text + "\"]", {"--force", "-O", path("text")}, api);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(read("text"), text + "\n");
  }
}

TEST_F(Saving, predictions_show_stream_and_wait_save_like_a_prompt) {
  std::string id = rellama({"-q", "--detach", "-m", kPainter, "x"}).out;
  id.pop_back();
  for (const char* way : {"show", "stream", "wait"}) {
    EXPECT_EQ(save({"predictions", way, id}, std::string(way) + "/").exit_code, 0);
    EXPECT_EQ(names(way), Names{"out-0.png"}) << way;
    const std::size_t before = emulator_->requests().size();
    EXPECT_EQ(save({"predictions", way, id}, std::string(way) + "/out-0.png").exit_code, 2);
    EXPECT_EQ(emulator_->requests().size(), before) << "it was there: nothing is to be sent";
  }
}

TEST_F(Saving, an_answer_that_is_not_ready_cannot_be_saved) {
  emulator::EmulatorOptions slow;
  slow.cold_boot = std::chrono::hours(1);
  start_emulator(slow);
  std::string id = rellama({"-q", "--detach", "-m", kEcho, "x"}).out;
  id.pop_back();
  const Outcome outcome = save({"predictions", "show", id}, "answer");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("rellama predictions wait " + id), std::string::npos) << outcome.err;
  EXPECT_EQ(names(), Names{});
}

}  // namespace
}  // namespace rellama::test
