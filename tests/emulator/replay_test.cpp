// A recording that is served again, as clients other than rellama see it.

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "emulator/emulator_fixture.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator::test {
namespace {

using nlohmann::json;

class ReplayedEmulator : public EmulatorTest {
 protected:
  ~ReplayedEmulator() override { std::filesystem::remove(path_); }

  // Adds an exchange; `end` is how it ended.
  void add(const std::string& method, const std::string& url, json response,
           const std::string& end = "complete", json request = json::object()) {
    request["method"] = method;
    request["url"] = url;
    json line{{"recording", 1},
              {"api", "https://api.replicate.com/v1"},
              {"request", request},
              {"end", end}};
    if (!response.is_null()) line["response"] = std::move(response);
    lines_ += line.dump() + "\n";
  }
  static json response(const std::string& body, json headers = json::object(), int status = 200) {
    return {{"status", status}, {"headers", std::move(headers)}, {"body", body}};
  }

  void replay() {
    std::FILE* file = std::fopen(path_.c_str(), "wb");
    std::fwrite(lines_.data(), 1, lines_.size(), file);
    std::fclose(file);
    EmulatorOptions options;
    options.replay = path_;
    start(options);
  }

  Answer post_text(const std::string& target, const std::string& body) {
    return exchange(emulator().port(), "POST", target, {}, body);
  }

 private:
  std::string lines_;
  const std::string path_ = testing::TempDir() + "replay-" + std::to_string(::getpid()) + ".jsonl";
};

TEST_F(ReplayedEmulator, has_the_path_of_the_recorded_api) {
  add("GET", "https://api.replicate.com/v1/account", response("{}"));
  replay();
  EXPECT_EQ(emulator().base_url(), "http://127.0.0.1:" + std::to_string(emulator().port()) + "/v1");
}

TEST_F(ReplayedEmulator, stands_in_for_the_recorded_hosts_in_bodies_and_headers) {
  add("GET", "https://api.replicate.com/v1/predictions/p1",
      response(R"({"stream":"https://stream.replicate.com/a","web":"https://replicate.com/p/p1"})",
               {{"content-length", "74"}}));
  add("GET", "https://stream.replicate.com/a",
      response("", {{"location", "https://stream.replicate.com/b"}}, 302));
  replay();
  const std::string own = "http://127.0.0.1:" + std::to_string(emulator().port());
  const Answer prediction = get("/v1/predictions/p1");
  EXPECT_EQ(prediction.json()["stream"], own + "/a");
  EXPECT_EQ(prediction.json()["web"], "https://replicate.com/p/p1");
  EXPECT_TRUE(prediction.complete);
  EXPECT_EQ(get("/a").header("location"), own + "/b");

  const Answer for_rellama = get("/v1/predictions/p1", {{"User-Agent", "rellama/1"}});
  EXPECT_EQ(for_rellama.json()["stream"], "https://stream.replicate.com/a");
  EXPECT_EQ(for_rellama.header("Rellama-Replay-Of"), "https://api.replicate.com");
}

TEST_F(ReplayedEmulator, ends_an_answer_as_it_ended) {
  const json half = response("half", {{"content-length", "8"}});
  add("GET", "http://h/closed", half, "closed");
  add("GET", "http://h/reset", half, "reset");
  add("GET", "http://h/chunks", response("half"), "closed");
  add("GET", "http://h/nothing", nullptr, "closed");
  add("GET", "http://h/nothing-reset", nullptr, "reset");
  add("GET", "http://h/left",
      response("data: x\n\nevent: done\ndata: {}\n\n", {{"content-type", "text/event-stream"}}),
      "open");
  replay();
  const Answer closed = get("/closed");
  EXPECT_EQ(closed.body, "half");
  EXPECT_EQ(closed.header("Content-Length"), "8");
  EXPECT_FALSE(closed.complete);
  EXPECT_FALSE(closed.reset);
  const Answer reset = get("/reset");
  EXPECT_EQ(reset.body, "half");
  EXPECT_TRUE(reset.reset);
  const Answer chunks = get("/chunks");
  EXPECT_EQ(chunks.body, "half");
  EXPECT_FALSE(chunks.complete);
  EXPECT_EQ(get("/nothing").status, 0);
  EXPECT_TRUE(get("/nothing-reset").reset);
  EXPECT_TRUE(get("/left").complete);
}

TEST_F(ReplayedEmulator, holds_an_answer_that_stalled) {
  add("GET", "http://h/stalled", response("some", {{"content-type", "text/event-stream"}}), "open");
  add("GET", "http://h/silent", nullptr, "open");
  replay();
  RawClient stalled(emulator().port());
  stalled.send("GET /stalled HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(stalled.receive_until("some").find("some"), std::string::npos);
  RawClient silent(emulator().port());
  silent.send("GET /silent HTTP/1.1\r\nHost: h\r\n\r\n");
  // Both connections are still open when a later request has been answered.
  EXPECT_EQ(get("/other").status, 400);
  for (RawClient* client : {&stalled, &silent}) EXPECT_TRUE(client->is_silent());
}

TEST_F(ReplayedEmulator, answers_in_order_and_repeats_only_the_last_of_a_get) {
  add("GET", "http://h/p", response("one"));
  add("GET", "http://h/p", response("two"));
  add("GET", "http://h/list?created_after=2026-01-01T00:00:00Z&x=1", response("list"));
  add("POST", "http://h/cancel", response("canceled"));
  add("GET", "http://h/none", nullptr, "unsent");
  replay();
  EXPECT_EQ(get("/p").body, "one");
  EXPECT_EQ(get("/p").body, "two");
  EXPECT_EQ(get("/p").body, "two");
  EXPECT_EQ(get("/p?x").status, 400);
  EXPECT_EQ(get("/list?created_after=2027-02-03T04:05:06Z&x=1").body, "list");
  EXPECT_EQ(get("/list?created_after=2027-02-03T04:05:06Z&x=2").status, 400);
  EXPECT_EQ(post_text("/cancel", "").body, "canceled");
  EXPECT_EQ(post_text("/cancel", "").status, 400);
  EXPECT_EQ(get("/none").status, 400);
}

TEST_F(ReplayedEmulator, compares_bodies_except_for_what_was_masked) {
  add("POST", "http://h/p", response("masked"), "complete",
      {{"body", R"({"key":"…","prompt":"[token] Hi"})"}, {"masked", true}});
  add("POST", "http://h/p", response("plain"), "complete", {{"body", "Wait… what?"}});
  replay();
  EXPECT_EQ(post_text("/p", R"({"key":"k","prompt":"r8_x Ho"})").status, 400);
  EXPECT_EQ(post_text("/p", R"({"key":"a \" key","prompt":"r8_x Hi"})").body, "masked");
  const Answer other = post_text("/p", "Wait and see what?");
  EXPECT_EQ(other.status, 400);
  EXPECT_EQ(post_text("/p", "Wait… what?").body, "plain");
}

TEST_F(ReplayedEmulator, serves_bytes_that_are_no_text) {
  add("GET", "http://h/x.bin",
      {{"status", 200}, {"headers", json::object()}, {"base64", "AP/+Cg=="}});
  add("GET", "http://h/long",
      {{"status", 200}, {"headers", json::object()}, {"body_left_out", true}});
  replay();
  EXPECT_EQ(get("/x.bin").body, std::string("\0\xFF\xFE\n", 4));
  EXPECT_NE(get("/long").body.find("too long to be recorded"), std::string::npos);
}

}  // namespace
}  // namespace rellama::emulator::test
