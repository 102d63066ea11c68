// -O for outputs that are files: downloads that break, resume, or must not happen.

#include "program/saving_fixture.hpp"

namespace rellama::test {
namespace {

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
  Launch with = launch({"-m", "deployments/some/one", "-O", path("d/"), "Hi"});
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
