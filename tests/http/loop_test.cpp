#include "http/loop.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>

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

TEST(Loop, a_connection_is_reused_unless_the_request_must_not_be_sent_twice) {
  const std::string kept = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  const test::RawScript serve = [&kept](RawConnection& connection) {
    while (connection.read_request()) connection.send(kept);
  };
  RawServer server({serve, serve});
  Loop loop(options());
  exchange(loop, {.url = server.url()});
  exchange(loop, {.url = server.url()});
  EXPECT_EQ(server.connections(), 1);
  exchange(loop, {.method = "POST", .url = server.url(), .may_reuse_connection = false});
  EXPECT_EQ(server.connections(), 2);
}

TEST(Loop, a_wait_ends_at_its_time_limit_and_a_later_one_continues_it) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
    connection.hold();
    connection.send("second"s.substr(0, 5));
  }});
  Loop loop(options());
  Transfer transfer = loop.open({.url = server.url()});
  Response response;
  auto failure = loop.finish(transfer, response, {}, Clock::now());
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->cause, Cause::timed_out);
  server.release();
  failure = loop.finish(transfer, response, {}, far());
  ASSERT_FALSE(failure) << failure->why;
  EXPECT_EQ(response.body, "firstsecon");
}

TEST(Loop, a_stop_from_another_thread_ends_the_wait_for_a_response) {
  StopSource source;
  RawServer server({[&source](RawConnection& connection) {
    connection.read_request();
    source.request(ErrorKind::interrupted);
    connection.hold();
  }});
  Loop loop(options());
  const auto outcome =
      exchange(loop, {.method = "POST", .url = server.url(), .body = "{}"}, source.token());
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->cause, Cause::stopped);
  EXPECT_TRUE(outcome.failure->request_sent);
}

TEST(Loop, a_deadline_ends_the_wait_like_a_stop) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.hold();
  }});
  Loop loop(options());
  const StopSource source(Clock::now() + std::chrono::milliseconds(50));
  const auto outcome = exchange(loop, {.url = server.url()}, source.token());
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->cause, Cause::stopped);
}

TEST(Loop, a_stream_is_read_as_it_arrives) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
    connection.hold();
    connection.send("data: x\n\n");
  }});
  Loop loop(options());
  Transfer transfer = loop.open({.url = server.url()});
  EXPECT_EQ(transfer.status(), 0);
  ASSERT_EQ(transfer.wait({}, far()), Transfer::Wake::bytes) << "the headers alone end the wait";
  EXPECT_EQ(transfer.status(), 200);
  EXPECT_EQ(transfer.bytes(), "");
  EXPECT_EQ(find_header(transfer.headers(), "content-type"), "text/event-stream");
  server.release();
  std::string body;
  while (transfer.wait({}, far()) == Transfer::Wake::bytes) {
    body += transfer.bytes();
    transfer.drop_bytes();
  }
  EXPECT_EQ(body, "data: x\n\n");
  EXPECT_FALSE(transfer.failure());
}

TEST(Loop, bytes_stay_until_they_are_dropped) {
  RawServer server({reply(200, "kept")});
  Loop loop(options());
  Transfer transfer = loop.open({.url = server.url()});
  while (transfer.bytes().size() < 4) ASSERT_EQ(transfer.wait({}, far()), Transfer::Wake::bytes);
  EXPECT_EQ(transfer.wait({}, far()), Transfer::Wake::bytes);
  EXPECT_EQ(transfer.bytes(), "kept");
}

TEST(Loop, one_slow_response_does_not_delay_another) {
  RawServer server({[](RawConnection& connection) {
                      connection.read_request();
                      connection.hold();
                      connection.send(raw_answer(200, "slow"));
                    },
                    reply(200, "quick")});
  Loop loop(options());
  Transfer slow = loop.open({.url = server.url() + "/slow"});
  while (server.requests().empty()) {  // drive the loop until the first script has its request
    ASSERT_EQ(slow.wait({}, Clock::now() + std::chrono::milliseconds(1)),
              Transfer::Wake::timed_out);
  }
  EXPECT_EQ(exchange(loop, {.url = server.url() + "/quick"}).response.body, "quick");
  server.release();
  Response response;
  ASSERT_FALSE(loop.finish(slow, response, {}, far()));
  EXPECT_EQ(response.body, "slow");
}

TEST(Loop, destroying_a_transfer_closes_its_connection) {
  std::promise<void> hung_up;
  RawServer server({[&hung_up](RawConnection& connection) {
    while (connection.read_request()) {
    }
    hung_up.set_value();
  }});
  Loop loop(options());
  {
    Transfer transfer = loop.open({.url = server.url()});
    while (server.requests().empty()) {
      transfer.wait({}, Clock::now() + std::chrono::milliseconds(1));
    }
  }
  EXPECT_EQ(hung_up.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST(Loop, a_sleep_ends_when_a_stop_is_requested) {
  StopSource source;
  source.request(ErrorKind::interrupted);
  Loop loop(options());
  loop.sleep(std::chrono::hours(1), source.token());  // the test's time limit is the assertion
  SUCCEED();
}

}  // namespace
}  // namespace rellama::http
