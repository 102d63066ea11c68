#include "http/transfer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/exchange.hpp"
#include "support/raw_server.hpp"

namespace rellama::http {
namespace {

using namespace std::string_literals;
using test::raw_answer;
using test::RawConnection;
using test::RawServer;
using test::reply;
using Cause = Failure::Cause;

TEST(Transfer, returns_status_headers_and_body) {
  RawServer server({reply(201, "hello", {"X-Mixed-Case:  spaced value ", "X-Empty:"})});
  const auto [response, failure] = exchange({.url = server.url() + "/a?b=c"});
  ASSERT_FALSE(failure) << failure->why;
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(find_header(response.headers, "x-mixed-case"), "spaced value");
  EXPECT_EQ(find_header(response.headers, "x-empty"), "");
  EXPECT_EQ(find_header(response.headers, "x-absent"), "");
  EXPECT_EQ(server.lines(), std::vector{"GET /a?b=c"s});
}

TEST(Transfer, a_get_sends_the_user_agent_and_a_token_only_if_there_is_one) {
  RawServer server({reply(200, ""), reply(200, "")});
  const ApiToken token("r8_secret");
  exchange({.url = server.url(), .headers = {{"Accept", "text/event-stream"}}});
  exchange({.url = server.url(), .token = &token});
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].header("user-agent"), "rellama-test/1");
  EXPECT_EQ(requests[0].header("accept"), "text/event-stream");
  EXPECT_EQ(requests[0].header("authorization"), "(none)");
  EXPECT_EQ(requests[1].header("authorization"), "Bearer r8_secret");
}

TEST(Transfer, a_post_arrives_whole_at_any_size_and_does_not_wait_for_a_100) {
  std::string body = "{\"nul\": \""s + '\0' + "\"}";
  body += std::string(std::size_t{2} << 20, 'x');
  RawServer server({reply(200, "ok")});
  const auto [response, failure] = exchange({.method = "POST", .url = server.url(), .body = body});
  ASSERT_FALSE(failure) << failure->why;
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].line(), "POST /");
  EXPECT_TRUE(requests[0].body == body) << "the body was altered";
  EXPECT_EQ(requests[0].header("expect"), "(none)");
}

TEST(Transfer, an_empty_post_has_length_0_and_no_content_type) {
  RawServer server({reply(200, "ok")});
  exchange({.method = "POST", .url = server.url()});
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].header("content-length"), "0");
  EXPECT_EQ(requests[0].header("content-type"), "(none)");
}

TEST(Transfer, a_response_in_single_bytes_arrives_unchanged) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    for (const char byte : raw_answer(200, "piecemeal", {"X-A: b"})) connection.send({&byte, 1});
  }});
  const auto [response, failure] = exchange({.url = server.url()});
  ASSERT_FALSE(failure) << failure->why;
  EXPECT_EQ(response.body, "piecemeal");
  EXPECT_EQ(find_header(response.headers, "x-a"), "b");
}

TEST(Transfer, chunks_are_joined_and_a_trailer_is_accepted) {
  RawServer server(
      {reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
             "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n"s)});
  const auto [response, failure] = exchange({.url = server.url()});
  ASSERT_FALSE(failure) << failure->why;
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "abcde");
}

TEST(Transfer, a_body_may_end_with_the_connection) {
  RawServer server({reply("HTTP/1.0 200 OK\r\n\r\nto the end"s)});
  const auto [response, failure] = exchange({.url = server.url()});
  EXPECT_FALSE(failure);
  EXPECT_EQ(response.body, "to the end");
}

TEST(Transfer, interim_responses_are_skipped_with_their_headers) {
  RawServer server({reply("HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\n" +
                          raw_answer(200, "late", {"X-A: late"}))});
  const auto [response, failure] = exchange({.url = server.url()});
  ASSERT_FALSE(failure) << failure->why;
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(find_header(response.headers, "x-a"), "late");
}

TEST(Transfer, a_compressed_response_is_requested_and_decompressed) {
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\xd7\x51\xc8\x40\xa2\x00\x9f"
      "\xa1\xca\x09\x13\x00\x00\x00",
      29);
  RawServer server({reply(200, packed, {"Content-Encoding: gzip"}), reply(200, "")});
  const auto [response, failure] = exchange({.url = server.url()});
  ASSERT_FALSE(failure) << failure->why;
  EXPECT_EQ(response.body, "hello, hello, hello");
  exchange({.url = server.url(), .accepts_compression = false});
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_NE(requests[0].header("accept-encoding"), "(none)");
  EXPECT_EQ(requests[1].header("accept-encoding"), "(none)");
}

TEST(Transfer, a_redirect_is_returned_and_not_followed) {
  RawServer server({reply(302, "", {"Location: /elsewhere"}), reply(200, "no")});
  const auto [response, failure] = exchange({.url = server.url()});
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(find_header(response.headers, "location"), "/elsewhere");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Transfer, a_refused_connection_means_the_request_was_not_sent) {
  RawServer server;
  const std::string url = server.url();
  server.stop();
  const auto [response, failure] = exchange({.method = "POST", .url = url, .body = "{}"});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->cause, Cause::connection);
  EXPECT_FALSE(failure->request_sent);
  EXPECT_FALSE(failure->why.empty());
}

TEST(Transfer, a_connection_broken_after_the_request_means_it_may_have_been_sent) {
  RawServer server({[](RawConnection& connection) {
                      connection.read_request();
                      connection.reset();
                    },
                    [](RawConnection& connection) { connection.read_request(); }});
  for (const std::string how : {"reset", "closed"}) {
    const auto [response, failure] =
        exchange({.method = "POST", .url = server.url(), .body = "{}"});
    ASSERT_TRUE(failure) << how;
    EXPECT_EQ(failure->cause, Cause::connection) << how;
    EXPECT_TRUE(failure->request_sent) << how;
  }
}

TEST(Transfer, a_truncated_response_is_a_failure_and_keeps_what_arrived) {
  RawServer server({reply("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"s),
                    reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nonly\r\n"s)});
  const auto counted = exchange({.url = server.url()});
  ASSERT_TRUE(counted.failure);
  EXPECT_EQ(counted.failure->cause, Cause::connection);
  EXPECT_EQ(counted.response.body, "only this");
  const auto chunked = exchange({.url = server.url()});
  ASSERT_TRUE(chunked.failure) << "an unfinished chunked body was accepted as complete";
  EXPECT_EQ(chunked.response.body, "only");
}

TEST(Transfer, truncated_headers_are_a_failure_not_a_response_with_status_0) {
  for (const std::string cut :
       {"HTTP/1.1 20", "HTTP/1.1 201 Created\r\n", "HTTP/1.1 201 Created\r\nX-A: b\r\n",
        "HTTP/1.1 201 Created\r\nX-A"}) {
    RawServer server({reply(cut)});
    const auto [response, failure] =
        exchange({.method = "POST", .url = server.url(), .body = "{}"});
    ASSERT_TRUE(failure) << cut;
    EXPECT_EQ(failure->cause, Cause::connection) << cut;
    EXPECT_TRUE(failure->request_sent) << cut;
  }
}

TEST(Transfer, a_server_that_does_not_speak_http_is_a_failure) {
  RawServer server({reply("SSH-2.0-OpenSSH_9.2\r\n"s)});
  EXPECT_TRUE(exchange({.url = server.url()}).failure);
}

TEST(Transfer, endless_headers_are_a_failure) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 400; ++i) {
      connection.send("X-" + std::to_string(i) + ": " + std::string(1024, 'x') + "\r\n");
    }
    connection.hold();
  }});
  const auto outcome = exchange({.url = server.url()});
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->cause, Cause::too_large);
}

// Packs bits as deflate does (RFC 1951 §3.1.1), starting with the lowest bit of each byte.
class BitWriter {
 public:
  // Huffman codes are written highest bit first.
  void write_code(unsigned code, int length) {
    for (int i = length - 1; i >= 0; --i) write_bit((code >> static_cast<unsigned>(i)) & 1U);
  }
  void write_bit(unsigned bit) {
    if (used_ == 0) bytes_ += '\0';
    bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | (bit << used_));
    used_ = (used_ + 1) % 8;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  unsigned used_ = 0;
};

// A gzip file of less than half a megabyte that decompresses to more than the limit.
std::string gzip_bomb() {
  constexpr std::size_t kLongestCopy = 258;
  BitWriter bits;
  bits.write_bit(1);  // the last block
  bits.write_bit(1);  // with the fixed codes
  bits.write_bit(0);
  bits.write_code(0xA8, 8);  // 'x'
  for (std::size_t size = 0; size <= Loop::kMaxBodyBytes; size += kLongestCopy) {
    bits.write_code(0xC5, 8);  // 258 bytes
    bits.write_code(0, 5);     // from one byte before
  }
  bits.write_code(0, 7);  // the end
  return "\x1F\x8B\x08"s + std::string(6, '\0') + "\x03" + bits.bytes();
}

TEST(Transfer, a_decompression_bomb_is_rejected) {
  const std::string bomb = gzip_bomb();
  ASSERT_LT(bomb.size(), std::size_t{1} << 19);
  RawServer server({reply(200, bomb, {"Content-Encoding: gzip"})});
  const auto outcome = exchange({.url = server.url()});
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->cause, Cause::too_large) << outcome.failure->why;
  EXPECT_LE(outcome.response.body.size(), Loop::kMaxBodyBytes);
}

TEST(Transfer, an_endless_body_is_rejected) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string part(std::size_t{1} << 20, 'x');
    for (std::size_t sent = 0; sent <= Loop::kMaxBodyBytes; sent += part.size()) {
      connection.send(part);
    }
    connection.hold();
  }});
  const auto outcome = exchange({.url = server.url()});
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->cause, Cause::too_large);
}

}  // namespace
}  // namespace rellama::http
