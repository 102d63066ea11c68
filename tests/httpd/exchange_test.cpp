#include "httpd/exchange.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "server_fixture.hpp"

namespace rellama::httpd::test {
namespace {

class HttpExchange : public ServerTest {
 protected:
  /// Starts a server that hands its only exchange to the test.
  void start_for_one() {
    start([this](const Request&, const Exchange& to) { received_.set(to); });
  }

  Exchange take() { return received_.take(); }

 private:
  Awaited<Exchange> received_;
};
RELLAMA_WITH_AND_WITHOUT_EPOLL(HttpExchange);

TEST_P(HttpExchange, a_stream_sent_from_another_thread_arrives_piece_by_piece) {
  start_for_one();
  RawClient client(port());
  client.send(kGet);
  const Exchange to = take();
  to.begin({.headers = {{"Content-Type", "text/event-stream"}}});
  EXPECT_NE(client.receive_until("\r\n\r\n").find("text/event-stream"), std::string::npos);
  to.send("data: 1\n\n");
  EXPECT_EQ(client.receive_until("\n\n\r\n"), "9\r\ndata: 1\n\n\r\n");
  to.send("data: 2\n\n");
  EXPECT_EQ(client.receive_until("\n\n\r\n"), "9\r\ndata: 2\n\n\r\n");
  to.finish();
  EXPECT_EQ(client.receive_until("\r\n\r\n"), "0\r\n\r\n");
  EXPECT_FALSE(to.is_gone());
}

TEST_P(HttpExchange, a_client_that_leaves_a_stream_is_noticed_although_nothing_is_sent) {
  start_for_one();
  RawClient client(port());
  client.send(kGet);
  const Exchange to = take();
  to.begin({});
  client.receive_until("\r\n\r\n");
  Awaited<bool> gone;
  to.on_gone([&] { gone.set(true); });
  EXPECT_FALSE(to.is_gone());
  client.close();
  EXPECT_TRUE(gone.take());
  EXPECT_TRUE(to.is_gone());
}

TEST_P(HttpExchange, a_client_that_leaves_before_its_reply_is_noticed) {
  start_for_one();
  RawClient client(port());
  client.send(kGet);
  const Exchange to = take();
  Awaited<bool> gone;
  to.on_gone([&] { gone.set(true); });
  client.close();
  EXPECT_TRUE(gone.take());
  to.reply({.body = "too late"});
  bool told = false;
  to.on_gone([&told] { told = true; });
  EXPECT_TRUE(told) << "whoever asks later learns it at once";
}

TEST_P(HttpExchange, a_client_that_leaves_without_having_read_is_noticed) {
  Awaited<bool> gone;
  start([&](const Request&, const Exchange& to) {
    to.begin({});
    to.on_gone([&] { gone.set(true); });
    to.on_ready([to, piece = std::string(100'000, 'x')] { to.send(piece); });
  });
  RawClient client(port());
  client.send(kGet);
  client.receive_until("\r\n\r\n");
  client.close();
  EXPECT_TRUE(gone.take());
}

TEST_P(HttpExchange, nobody_is_gone_after_a_complete_reply) {
  std::atomic<bool> gone = false;
  start([&](const Request&, const Exchange& to) {
    to.on_gone([&] { gone = true; });
    to.reply({.body = "x"});
  });
  EXPECT_EQ(exchange(port(), "GET", "/").body, "x");
  stop();
  EXPECT_FALSE(gone);
}

TEST_P(HttpExchange, a_large_body_is_made_as_the_client_reads_it) {
  constexpr std::size_t kPieces = 1000;
  std::atomic<std::size_t> made = 0;
  start([&](const Request&, const Exchange& to) {
    to.begin({});
    to.on_ready([to, &made, piece = std::string(100'000, 'x')] {
      if (made == kPieces) {
        to.finish();
      } else {
        to.send(piece);
        ++made;
      }
    });
  });
  RawClient client(port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::size_t received = client.receive_until("\r\n\r\n").size();
  EXPECT_LT(made, kPieces) << "100 MB do not fit into a socket";
  for (std::string part = client.receive(); !part.empty(); part = client.receive()) {
    received += part.size();
  }
  EXPECT_EQ(made, kPieces);
  EXPECT_GT(received, kPieces * 100'000);
}

TEST_P(HttpExchange, a_stream_can_be_fed_by_time) {
  start([&](const Request&, const Exchange& to) {
    to.begin({});
    const auto next = std::make_shared<Exchange::Clock::time_point>(Exchange::Clock::now());
    const auto left = std::make_shared<int>(20);
    to.on_ready([to, next, left] {
      if (Exchange::Clock::now() < *next) return;  // the client has read everything so far
      to.send("tick\n");
      if (--*left == 0) {
        to.finish();
        return;
      }
      *next += std::chrono::milliseconds(5);
      to.wake_at(*next);
    });
  });
  const auto begin = Exchange::Clock::now();
  const Answer answer = exchange(port(), "GET", "/");
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.body.size(), 100U);
  EXPECT_GE(Exchange::Clock::now() - begin, std::chrono::milliseconds(95)) << "not before its time";
}

TEST_P(HttpExchange, a_wake_up_from_another_thread_is_never_lost) {
  std::atomic<int> produced = 0;
  int sent = 0;
  Awaited<Exchange> received;
  start([&](const Request&, const Exchange& to) {
    to.begin({});
    to.on_ready([&, to] {
      for (; sent < produced; ++sent) to.send("x");
      if (sent == 2000) to.finish();
    });
    received.set(to);
  });
  std::thread producer([&] {
    const Exchange to = received.take();
    while (produced < 2000) {
      ++produced;
      to.wake();
    }
  });
  EXPECT_EQ(exchange(port(), "GET", "/").body.size(), 2000U);
  producer.join();
}

TEST_P(HttpExchange, a_reply_can_break_off_before_and_inside_of_its_body) {
  start([](const Request& request, const Exchange& to) {
    if (request.path == "/reset") to.reset();
    if (request.path == "/abort") to.abort();
    if (request.path == "/short") {
      to.begin({.length = 10});
      to.send("half");
      to.abort();
    }
    if (request.path == "/chunks") {
      to.begin({});
      to.send("half");
      to.abort();
    }
  });
  const Answer reset = exchange(port(), "GET", "/reset");
  EXPECT_EQ(reset.status, 0);
  EXPECT_TRUE(reset.reset);
  const Answer closed = exchange(port(), "GET", "/abort");
  EXPECT_EQ(closed.status, 0);
  EXPECT_FALSE(closed.reset);
  for (const char* path : {"/short", "/chunks"}) {
    const Answer answer = exchange(port(), "GET", path);
    EXPECT_EQ(answer.body, "half") << path;
    EXPECT_FALSE(answer.complete) << path;
  }
}

TEST_P(HttpExchange, a_producer_that_throws_breaks_the_body_off) {
  start([](const Request&, const Exchange& to) {
    to.begin({});
    to.send("half");
    to.on_ready([] { throw std::runtime_error("no luck"); });
  });
  const Answer answer = exchange(port(), "GET", "/");
  EXPECT_EQ(answer.body, "half");
  EXPECT_FALSE(answer.complete);
}

TEST_P(HttpExchange, chunks_can_be_limited_in_size) {
  start([](const Request&, const Exchange& to) {
    to.begin({.largest_chunk = 2});
    to.send("abc");
    to.finish();
  });
  RawClient client(port());
  client.send(kGet);
  EXPECT_TRUE(client.receive_until("0\r\n\r\n").ends_with("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"));
}

TEST_P(HttpExchange, an_old_client_reads_a_stream_until_the_connection_closes) {
  start([](const Request&, const Exchange& to) {
    to.begin({});
    to.send("all of it");
    to.finish();
  });
  RawClient client(port());
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(client.receive_until("\r\n\r\nall of it").ends_with("\r\n\r\nall of it"));
  EXPECT_EQ(client.receive(), "");
}

TEST_P(HttpExchange, the_stream_of_a_head_request_is_over_after_the_head) {
  Awaited<bool> gone;
  std::optional<Exchange> kept;
  start([&](const Request& request, const Exchange& to) {
    if (request.method != "HEAD") {
      to.reply({.body = "next"});
      return;
    }
    kept = to;
    to.begin({});
    to.on_gone([&] { gone.set(true); });
  });
  RawClient client(port());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(gone.take()) << "nobody wants the body";
  const std::string head = client.receive_until("\r\n\r\n");
  EXPECT_EQ(head.find("\r\n\r\n"), head.size() - 4) << head;
  client.send(kGet);
  EXPECT_TRUE(client.receive_until("next").starts_with("HTTP/1.1 200 ")) << "and not with a body";
}

}  // namespace
}  // namespace rellama::httpd::test
