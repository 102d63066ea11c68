#include "rellama/download.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "emulator/emulator.hpp"
#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama {
namespace {

using namespace std::string_literals;
using test::client_of;
using test::error_of;
using test::holds;
using test::options_for;
using test::raw_answer;
using test::RawConnection;
using test::RawRequest;
using test::RawServer;
using test::reply;

// Stores the file as a correct sink does.
class Kept : public FileSink {
 public:
  void begin(const FileHead& next) override {
    head = next;
    begins.push_back(next.offset);
    ASSERT_LE(next.offset, bytes.size());
    bytes.resize(next.offset);
  }
  void write(std::string_view more) override { bytes += more; }

  FileHead head;
  std::vector<std::uint64_t> begins;
  std::string bytes;
};

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 % 251);
  return bytes;
}

const std::string kFile = pattern(1000);
const std::string kTag = "ETag: \"v1\"";

// The head of an answer with `size` bytes, and the first `sent` of them.
test::RawScript cut_reply(const std::string& file, std::size_t sent,
                          const std::string& tag = kTag) {
  return reply("HTTP/1.1 200 OK\r\n" + tag + "\r\nContent-Length: " + std::to_string(file.size()) +
               "\r\nConnection: close\r\n\r\n" + file.substr(0, sent));
}

test::RawScript part_reply(std::size_t from, const std::string& tag = kTag) {
  return reply(206, kFile.substr(from),
               {tag, "Content-Range: bytes " + std::to_string(from) + "-999/1000"});
}

TEST(Download, a_file_arrives_completely_with_its_type_and_uncompressed) {
  RawServer server({reply(200, kFile, {"Content-Type: Image/PNG; x=y", kTag})});
  Kept kept;
  client_of(server).download(server.url() + "/out.png", kept);
  EXPECT_EQ(kept.bytes, kFile);
  EXPECT_EQ(kept.head.content_type, "image/png");
  EXPECT_EQ(kept.head.validator, "\"v1\"");
  EXPECT_EQ(kept.head.size, 1000U);
  EXPECT_EQ(server.requests()[0].header("accept-encoding"), "identity");
  EXPECT_EQ(server.requests()[0].header("range"), "(none)");
}

TEST(Download, an_empty_file_is_a_file) {
  RawServer server({reply(200, "")});
  Kept kept;
  client_of(server).download(server.url() + "/x", kept);
  EXPECT_EQ(kept.begins, std::vector<std::uint64_t>{0});
}

TEST(Download, resumes_where_it_was_cut_wherever_that_is) {
  for (std::size_t at = 0; at < kFile.size(); ++at) {
    RawServer server({cut_reply(kFile, at), at == 0 ? reply(200, kFile, {kTag}) : part_reply(at)});
    Kept kept;
    client_of(server).download(server.url() + "/x", kept);
    ASSERT_EQ(kept.bytes, kFile) << at;
    ASSERT_EQ(server.requests().size(), 2U) << at;
    const RawRequest second = server.requests()[1];
    ASSERT_EQ(second.header("range"), at == 0 ? "(none)" : "bytes=" + std::to_string(at) + "-");
    ASSERT_EQ(second.header("if-range"), at == 0 ? "(none)" : "\"v1\"");
  }
}

TEST(Download, the_date_is_the_validator_if_there_is_no_strong_etag) {
  const std::string date = "Wed, 06 Mar 2024 11:20:00 GMT";
  RawServer server({cut_reply(kFile, 10, "ETag: W/\"v1\"\r\nLast-Modified: " + date),
                    part_reply(10, "Last-Modified: " + date)});
  Kept kept;
  client_of(server).download(server.url() + "/x", kept);
  EXPECT_EQ(kept.bytes, kFile);
  EXPECT_EQ(server.requests()[1].header("if-range"), date);
}

TEST(Download, without_a_validator_it_starts_over) {
  RawServer server({cut_reply(kFile, 10, "X: y"), reply(200, kFile)});
  Kept kept;
  client_of(server).download(server.url() + "/x", kept);
  EXPECT_EQ(kept.bytes, kFile);
  EXPECT_EQ(server.requests()[1].header("range"), "(none)");
}

TEST(Download, it_starts_over_if_the_server_lacks_ranges_or_the_file_changed) {
  const std::string other = pattern(700) + "other";
  RawServer server({cut_reply(kFile, 600), reply(200, other, {"ETag: \"v2\""})});
  Kept kept;
  client_of(server).download(server.url() + "/x", kept);
  EXPECT_EQ(kept.bytes, other);
  EXPECT_EQ(kept.head.validator, "\"v2\"");
}

TEST(Download, ranges_that_were_not_requested_are_not_joined) {
  const std::vector<std::string> wrong{
      raw_answer(206, kFile.substr(9), {kTag, "Content-Range: bytes 9-999/1000"}),
      raw_answer(206, kFile.substr(10), {"ETag: \"v2\"", "Content-Range: bytes 10-999/1000"}),
      raw_answer(206, kFile.substr(10), {kTag, "Content-Range: bytes 10-999/2000"}),
      raw_answer(206, kFile.substr(10), {kTag, "Content-Range: bytes x-y/z"}),
      raw_answer(206, kFile.substr(10), {kTag}),
      raw_answer(416, "", {"Content-Range: bytes */5"})};
  for (const std::string& answer : wrong) {
    RawServer server({cut_reply(kFile, 10), reply(answer), reply(200, kFile, {kTag})});
    Kept kept;
    client_of(server).download(server.url() + "/x", kept);
    EXPECT_EQ(kept.bytes, kFile) << answer.substr(0, 80);
    EXPECT_EQ(server.requests().size(), 3U);
  }
}

TEST(Download, resumes_an_earlier_download) {
  RawServer server({part_reply(400)});
  Kept kept;
  kept.bytes = kFile.substr(0, 400);
  client_of(server).download(server.url() + "/x", kept, {.offset = 400, .validator = "\"v1\""});
  EXPECT_EQ(kept.bytes, kFile);
  EXPECT_EQ(kept.begins, std::vector<std::uint64_t>{400});
}

TEST(Download, an_earlier_download_is_discarded_if_the_file_changed) {
  for (const auto& plays : {std::vector{reply(200, kFile, {kTag})},
                            std::vector{reply(416, ""), reply(200, kFile, {kTag})}}) {
    RawServer server(plays);
    Kept kept;
    kept.bytes = "left over";
    ClientOptions options = options_for(server);
    options.retries = 0;
    Client(ApiToken("x"), options)
        .download(server.url() + "/x", kept, {.offset = 9, .validator = "\"v0\""});
    EXPECT_EQ(kept.bytes, kFile);
    EXPECT_EQ(server.requests()[0].header("if-range"), "\"v0\"");
  }
}

TEST(Download, gives_up_after_retries_without_progress) {
  RawServer server;
  for (int i = 0; i < 10; ++i) server.then(cut_reply(kFile, 5, "X: y"));
  Kept kept;
  const Error error = error_of([&] { client_of(server).download(server.url() + "/x", kept); });
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_EQ(server.requests().size(), 3U);  // one with progress, one without, and one retry
}

// Takes as long for each piece as a slow server would.
class SlowlyKept : public Kept {
 public:
  explicit SlowlyKept(std::chrono::milliseconds pause) : pause_(pause) {}
  void write(std::string_view more) override {
    Kept::write(more);
    std::this_thread::sleep_for(pause_);
  }

 private:
  std::chrono::milliseconds pause_;
};

TEST(Download, gives_up_if_it_arrives_far_too_slowly) {
  RawServer server({cut_reply(kFile, 1), part_reply(1)});
  ClientOptions options = options_for(server);
  options.request_timeout = std::chrono::milliseconds(500);
  SlowlyKept kept(options.request_timeout);
  const Error error =
      error_of([&] { Client(ApiToken("x"), options).download(server.url() + "/x", kept); });
  EXPECT_EQ(error.kind(), ErrorKind::incomplete);
  EXPECT_TRUE(holds(error.what(), "it arrives too slowly: 1 byte in 500 ms"));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Download, does_not_give_up_while_there_is_progress) {
  emulator::EmulatorOptions emulation;
  emulation.faults = {"file:cut@777"};
  emulator::Emulator emulator(emulation);
  emulator.start();
  ClientOptions options;
  options.base_url = emulator.base_url();
  options.retries = 0;
  Client client(ApiToken("r8_x"), options);
  const Prediction created =
      client.create(ModelName{"rellama-demo", "painter"}, {{"prompt", "x"s}});
  const Prediction painted = client.get(created);
  ASSERT_EQ(painted.output.files().size(), 1U);
  Kept kept;
  client.download(painted.output.files().front(), kept);
  EXPECT_EQ(kept.bytes.size(), 12'420U);
  EXPECT_TRUE(kept.bytes.ends_with("IEND\xAE\x42\x60\x82")) << "the end of a PNG file";
  EXPECT_EQ(kept.begins.size(), 16U);  // of 777 bytes each
}

TEST(Download, temporary_server_errors_are_retried) {
  RawServer server({reply(503, "", {"Retry-After: 0"}), reply(200, kFile)});
  Kept kept;
  client_of(server).download(server.url() + "/x", kept);
  EXPECT_EQ(kept.bytes, kFile);
}

TEST(Download, a_deleted_file_fails_at_once) {
  for (const int status : {401, 403, 404, 410}) {
    RawServer server({reply(status, "<html>"), reply(200, kFile)});
    Kept kept;
    const Error error = error_of([&] { client_of(server).download(server.url() + "/x", kept); });
    EXPECT_EQ(error.kind(), ErrorKind::incomplete) << status;
    EXPECT_TRUE(holds(error.what(), "an hour after the run"));
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST(Download, a_file_that_is_too_large_is_rejected_before_or_while_reading_it) {
  RawServer announced({reply(200, kFile)});
  RawServer endless({reply("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + kFile)});
  RawServer exact({reply(200, kFile)});
  Kept none;
  Kept some;
  Kept all;
  const auto download = [](RawServer& server, Kept& kept, std::uint64_t most) {
    client_of(server).download(server.url() + "/x", kept, {.max_bytes = most});
  };
  EXPECT_EQ(error_of([&] { download(announced, none, 999); }).kind(), ErrorKind::incomplete);
  EXPECT_EQ(none.begins.size(), 0U);
  EXPECT_EQ(error_of([&] { download(endless, some, 999); }).kind(), ErrorKind::incomplete);
  EXPECT_LE(some.bytes.size(), 999U);
  download(exact, all, 1000);
  EXPECT_EQ(all.bytes, kFile);
}

TEST(Download, a_compressed_response_is_rejected) {
  RawServer server({reply(200, "\x1f\x8b...", {"Content-Encoding: gzip"})});
  Kept kept;
  EXPECT_TRUE(holds(error_of([&] { client_of(server).download(server.url() + "/x", kept); }).what(),
                    "compressed"));
  EXPECT_EQ(kept.bytes, "");
}

TEST(Download, the_token_is_sent_only_to_the_api) {
  RawServer api({reply(200, "a")});
  RawServer stranger({reply(200, "b")});
  Client client = client_of(api);
  Kept kept;
  client.download(api.url() + "/v1/files/x", kept);
  client.download(stranger.url() + "/x", kept);
  EXPECT_EQ(api.requests()[0].header("authorization"), "Bearer r8_unit_test");
  EXPECT_EQ(stranger.requests()[0].header("authorization"), "(none)");
}

TEST(Download, the_token_does_not_follow_a_redirect_to_another_host_or_back_from_it) {
  RawServer api;
  RawServer stranger({reply(302, "", {"Location: " + api.url() + "/back"})});
  api.then(reply(302, "", {"Location: " + stranger.url() + "/away"}));
  api.then(reply(200, kFile));
  Kept kept;
  client_of(api).download(api.url() + "/v1/files/x", kept);
  EXPECT_EQ(kept.bytes, kFile);
  EXPECT_EQ(api.requests()[0].header("authorization"), "Bearer r8_unit_test");
  EXPECT_EQ(stranger.requests()[0].header("authorization"), "(none)");
  EXPECT_EQ(api.requests()[1].header("authorization"), "(none)");
}

TEST(Download, a_redirect_loop_or_an_invalid_redirect_ends) {
  RawServer circle;
  for (int i = 0; i < 20; ++i) circle.then(reply(302, "", {"Location: /again"}));
  Kept kept;
  EXPECT_EQ(error_of([&] { client_of(circle).download(circle.url() + "/x", kept); }).kind(),
            ErrorKind::server);
  EXPECT_EQ(circle.requests().size(), 6U);
  for (const std::string where : {"file:///etc/passwd", "ftp://a/b", "http://"}) {
    RawServer server({reply(302, "", {"Location: " + where})});
    EXPECT_EQ(error_of([&] { client_of(server).download(server.url() + "/x", kept); }).kind(),
              ErrorKind::server)
        << where;
  }
}

TEST(Download, plain_http_to_another_machine_is_rejected_without_a_request) {
  RawServer api;
  Kept kept;
  for (const std::string url :
       {"http://192.0.2.1/x", "http://example.com/x", "http://u:p@127.0.0.1/x",
        "file:///etc/passwd", "ftp://127.0.0.1/x", "https://u:p@example.com/x", "x"}) {
    const Error error = error_of([&] { client_of(api).download(url, kept); });
    EXPECT_EQ(error.kind(), ErrorKind::server) << url;
    EXPECT_TRUE(holds(error.what(), "files are downloaded only over https"));
  }
  EXPECT_EQ(api.connections(), 0);
}

TEST(Download, a_model_at_replicate_cannot_reach_a_service_on_this_machine) {
  RawServer local({reply(200, kFile)});
  ClientOptions options;
  options.base_url = "https://api.replicate.com/v1";
  Kept kept;
  EXPECT_EQ(error_of([&] {
              Client(ApiToken("r8_x"), options).download(local.url() + "/shutdown", kept);
            }).kind(),
            ErrorKind::server);
  EXPECT_EQ(local.connections(), 0);
}

TEST(Download, a_data_url_needs_no_server) {
  RawServer server;
  Kept kept;
  client_of(server).download("data:text/plain;base64,SGVsbG8=", kept);
  EXPECT_EQ(kept.bytes, "Hello");
  EXPECT_EQ(kept.head.content_type, "text/plain");
  EXPECT_EQ(
      error_of([&] { client_of(server).download("data:,Hello", kept, {.max_bytes = 4}); }).kind(),
      ErrorKind::incomplete);
  EXPECT_EQ(error_of([&] { client_of(server).download("data:;base64,?", kept); }).kind(),
            ErrorKind::server);
  EXPECT_EQ(server.connections(), 0);
}

TEST(Download, a_stop_ends_it_at_once_and_keeps_what_arrived) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + kFile.substr(0, 10));
    connection.hold();
  }});
  StopSource stop;
  class Stopping : public Kept {
   public:
    explicit Stopping(StopSource& source) : source_(source) {}
    void write(std::string_view more) override {
      Kept::write(more);
      source_.request(ErrorKind::interrupted);
    }

   private:
    StopSource& source_;
  } kept(stop);
  EXPECT_EQ(error_of([&] {
              client_of(server).download(server.url() + "/x", kept, {}, stop.token());
            }).kind(),
            ErrorKind::interrupted);
  EXPECT_EQ(kept.bytes, kFile.substr(0, 10));
}

}  // namespace
}  // namespace rellama
