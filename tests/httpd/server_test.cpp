#include "httpd/server.hpp"

#include <atomic>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "rellama/error.hpp"
#include "server_fixture.hpp"

namespace rellama::httpd::test {
namespace {

class HttpServer : public ServerTest {};
RELLAMA_WITH_AND_WITHOUT_EPOLL(HttpServer);

TEST_P(HttpServer, the_handler_receives_the_whole_request) {
  Awaited<Request> received;
  start([&](Request request, const Exchange& to) {
    to.reply({.status = 201, .headers = {{"X-Answer", "yes"}}, .body = request.body + "!"});
    received.set(std::move(request));
  });
  const Answer answer =
      exchange(port(), "POST", "/a%20b?q=%41+b&q=2&r", {{"X-A", "1"}, {"x-a", "2"}}, "hello");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("X-Answer"), "yes");
  EXPECT_EQ(answer.body, "hello!");
  EXPECT_TRUE(answer.complete);

  const Request request = received.take();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/a%20b?q=%41+b&q=2&r");
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.query,
            (std::multimap<std::string, std::string>{{"q", "A b"}, {"q", "2"}, {"r", ""}}));
  EXPECT_EQ(request.header("x-A"), "1") << "the first of two, whatever its case";
  EXPECT_EQ(request.header("X-B"), "");
  EXPECT_EQ(request.body, "hello");
}

TEST_P(HttpServer, one_connection_carries_many_requests_and_late_replies) {
  std::optional<std::thread> helper;
  start([&](const Request&, const Exchange& to) {
    if (helper) helper->join();
    helper.emplace([to] { to.reply({.body = "late"}); });
  });
  RawClient client(port());
  for (int i = 0; i < 100; ++i) {
    client.send(kGet);
    ASSERT_TRUE(client.receive_until("late").ends_with("\r\n\r\nlate")) << i;
  }
  helper->join();
}

TEST_P(HttpServer, a_body_longer_than_allowed_is_refused_with_413) {
  start([](const Request& request, const Exchange& to) { to.reply({.body = request.body}); },
        {.longest_body = 10});
  EXPECT_EQ(exchange(port(), "POST", "/", {}, "0123456789").body, "0123456789");
  EXPECT_EQ(exchange(port(), "POST", "/", {}, "0123456789x").status, 413);
}

TEST_P(HttpServer, eight_kilobytes_of_headers_are_accepted) {
  start(
      [](const Request& request, const Exchange& to) { to.reply({.body = request.header("X")}); });
  const std::string value(8 * 1024, 'x');
  EXPECT_EQ(exchange(port(), "GET", "/", {{"X", value}}).body, value);
}

TEST_P(HttpServer, a_handler_that_throws_replies_500) {
  start([](const Request&, const Exchange&) { throw std::runtime_error("no luck"); });
  const Answer answer = exchange(port(), "GET", "/");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "no luck");
}

TEST_P(HttpServer, a_forgotten_exchange_replies_500) {
  start([](const Request&, const Exchange&) {});
  EXPECT_EQ(exchange(port(), "GET", "/").status, 500);
}

TEST_P(HttpServer, a_header_that_would_split_the_reply_is_left_out) {
  start([](const Request&, const Exchange& to) {
    to.reply({.headers = {{"X-A", "1\r\nX-B: 2"}}, .body = "x"});
  });
  const Answer answer = exchange(port(), "GET", "/");
  EXPECT_EQ(answer.body, "x");
  EXPECT_EQ(answer.header("X-B"), "");
}

TEST_P(HttpServer, stopping_ends_every_exchange_and_says_so) {
  std::vector<Exchange> kept;
  Awaited<bool> received;
  std::atomic<int> gone = 0;
  start([&](const Request&, const Exchange& to) {
    to.on_gone([&gone] { ++gone; });
    if (kept.empty()) to.begin({});
    kept.push_back(to);
    if (kept.size() == 2) received.set(true);
  });
  RawClient streaming(port());
  RawClient waiting(port());
  RawClient idle(port());
  streaming.send(kGet);
  waiting.send(kGet);
  received.take();
  stop();
  EXPECT_EQ(gone, 2);
  EXPECT_EQ(waiting.receive(), "");
  EXPECT_EQ(idle.receive(), "");
  for (const Exchange& exchange : kept) {
    EXPECT_TRUE(exchange.is_gone());
    exchange.send("too late");
    exchange.wake_at(Exchange::Clock::now());
    exchange.finish();
  }
  stop();
}

TEST_P(HttpServer, a_server_that_finishes_sends_all_of_every_reply) {
  const std::string body(1'000'000, 'x');
  Awaited<Exchange> received;
  start([&](const Request&, const Exchange& to) { received.set(to); });
  RawClient client(port());
  client.send(kGet);
  received.take().reply({.body = body});
  std::thread reader([&] { EXPECT_TRUE(client.receive_until("xx\n").ends_with(body)); });
  finish();
  stop();
  reader.join();
}

TEST(HttpServer, a_port_that_is_in_use_is_a_network_error) {
  const auto handler = [](const Request&, const Exchange&) {};
  Server first({}, handler);
  first.start();
  Server second({.port = first.port()}, handler);
  try {
    second.start();
    ADD_FAILURE() << "both listen on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::network);
  }
}

}  // namespace
}  // namespace rellama::httpd::test
