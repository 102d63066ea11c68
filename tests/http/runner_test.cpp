// Tasks over real sockets.

#include "http/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/exchange.hpp"
#include "support/raw_server.hpp"

namespace rellama::http {
namespace {

using std::chrono::milliseconds;
using test::RawConnection;
using test::RawScript;
using test::RawServer;
using test::reply;
using Kind = Event::Kind;

// Requests a URL, collects the response, and keeps a record of what it was told.
class Reader : public Task {
 public:
  explicit Reader(std::string url) : url_(std::move(url)) {}

  Step handle(const Event& event) override {
    told.push_back(name_of(event.kind));
    times.push_back(event.now);
    switch (event.kind) {
      case Kind::start: return Step::open({.url = url_});
      case Kind::bytes:
        status = event.head->status;
        body += event.bytes;
        return on_bytes(event);
      case Kind::end:
        if (event.failure != nullptr) failure = *event.failure;
        return Step::done();
      case Kind::time: return Step::done();
      case Kind::stop: reason = event.reason; return Step::done();
    }
    return Step::done();
  }

  [[nodiscard]] std::ptrdiff_t count(const std::string& what) const {
    return std::count(told.begin(), told.end(), what);
  }

  std::vector<std::string> told;
  std::vector<Clock::time_point> times;
  int status = 0;
  std::string body;
  std::optional<Failure> failure;
  std::optional<ErrorKind> reason;

 protected:
  virtual Step on_bytes(const Event& /*event*/) { return Step::read(); }

 private:
  static std::string name_of(Kind kind) {
    constexpr const char* kNames[] = {"start", "bytes", "end", "time", "stop"};
    return kNames[static_cast<std::size_t>(kind)];
  }

  std::string url_;
};

class RunnerTest : public testing::Test {
 protected:
  void turn_until_done(std::size_t left = 0) {
    while (runner_.size() > left) turn();
  }
  void turn() {
    runner_.turn(far());
    while (Task* task = runner_.take_done()) done_.push_back(task);
  }

  Loop loop_{options()};
  Runner runner_{loop_};
  std::vector<Task*> done_;
};

TEST_F(RunnerTest, many_tasks_wait_for_their_responses_at_the_same_time) {
  constexpr std::size_t kMany = 50;
  RawServer server;
  for (std::size_t i = 0; i < kMany; ++i) {
    server.then([&server](RawConnection& connection) {
      connection.read_request();
      if (!server.wait_for_requests(kMany)) return;
      connection.send(test::raw_answer(200, server.requests().at(0).line()));
    });
  }
  std::vector<std::unique_ptr<Reader>> readers;
  for (std::size_t i = 0; i < kMany; ++i) {
    readers.push_back(std::make_unique<Reader>(server.url()));
    runner_.start(*readers.back(), {});
  }
  turn_until_done();
  EXPECT_EQ(done_.size(), kMany);
  for (const auto& reader : readers) {
    EXPECT_EQ(reader->status, 200);
    EXPECT_EQ(reader->body, "GET /");
    EXPECT_FALSE(reader->failure);
  }
}

TEST_F(RunnerTest, a_response_is_told_as_it_arrives_and_then_its_end) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
    connection.hold();
    connection.send("second");
  }});
  Reader reader(server.url());
  runner_.start(reader, {});
  while (reader.count("bytes") == 0) turn();
  EXPECT_EQ(reader.status, 200);
  EXPECT_EQ(reader.body, "");
  server.release();
  turn_until_done();
  EXPECT_EQ(reader.told, (std::vector<std::string>{"start", "bytes", "bytes", "end"}));
  EXPECT_EQ(reader.body, "second");
}

TEST_F(RunnerTest, a_broken_response_ends_with_the_reason) {
  RawServer server({reply("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsec")});
  Reader reader(server.url());
  runner_.start(reader, {});
  turn_until_done();
  ASSERT_TRUE(reader.failure);
  EXPECT_TRUE(reader.failure->request_sent);
  EXPECT_EQ(reader.body, "sec");
}

TEST_F(RunnerTest, a_stop_of_one_task_leaves_the_others) {
  const RawScript slow = [](RawConnection& connection) {
    connection.read_request();
    connection.hold();
    connection.send(test::raw_answer(200, "whole"));
  };
  RawServer server({slow, slow, slow});
  StopSource stop;
  Reader first(server.url());
  Reader stopped(server.url());
  Reader last(server.url());
  runner_.start(first, {});
  runner_.start(stopped, stop.token());
  runner_.start(last, StopSource().token());
  while (server.requests().size() < 3) runner_.turn(Clock::now() + milliseconds(1));
  stop.request(ErrorKind::terminated);
  turn_until_done(/*left=*/2);
  EXPECT_EQ(done_, std::vector<Task*>{&stopped});
  EXPECT_EQ(stopped.told, (std::vector<std::string>{"start", "stop"}));
  EXPECT_EQ(stopped.reason, ErrorKind::terminated);
  server.release();
  turn_until_done();
  EXPECT_EQ(first.body, "whole");
  EXPECT_EQ(last.body, "whole");
}

TEST_F(RunnerTest, a_task_that_is_stopped_before_it_starts_sends_nothing) {
  RawServer server({reply(200, "")});
  StopSource stop;
  stop.request(ErrorKind::interrupted);
  Reader reader(server.url());
  runner_.start(reader, stop.token());
  EXPECT_EQ(runner_.size(), 0U);
  EXPECT_EQ(reader.told, std::vector<std::string>{"stop"});
  server.stop();
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(RunnerTest, a_deadline_stops_a_task_that_waits_for_a_silent_server) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.hold();
  }});
  const StopSource stop(Clock::now() + milliseconds(50));
  Reader reader(server.url());
  runner_.start(reader, stop.token());
  turn_until_done();
  EXPECT_EQ(reader.reason, ErrorKind::deadline);
}

// Sleeps, and goes on sleeping after a stop.
class Sleeper : public Task {
 public:
  Step handle(const Event& event) override {
    told.push_back(event.kind);
    return event.kind == Kind::time ? Step::done() : Step::sleep(event.now + milliseconds(10));
  }
  std::vector<Kind> told;
};

TEST_F(RunnerTest, a_stop_is_told_once_and_the_task_may_go_on) {
  const StopSource stop(Clock::now());
  Sleeper sleeper;
  runner_.start(sleeper, stop.token());
  turn_until_done();
  EXPECT_EQ(sleeper.told, (std::vector<Kind>{Kind::stop, Kind::time}));
}

// Reads until `body` has its first bytes, and then sleeps or is held.
class Holding : public Reader {
 public:
  Holding(std::string url, milliseconds limit) : Reader(std::move(url)), limit_(limit) {}

  [[nodiscard]] bool held() const override { return hold; }

  bool hold = false;
  bool hold_next = true;

 protected:
  Step on_bytes(const Event& event) override {
    if (!body.empty()) hold = std::exchange(hold_next, false);
    return Step::read(limit_.count() > 0 ? event.now + limit_ : Step::kNever);
  }

 private:
  milliseconds limit_;
};

// More than the buffers of a connection hold.
constexpr std::size_t kLarge = std::size_t{48} << 20;

TEST_F(RunnerTest, the_server_has_to_wait_while_a_task_is_held) {
  std::atomic<bool> sent = false;
  RawServer server({[&sent](RawConnection& connection) {
                      connection.read_request();
                      connection.send(test::raw_answer(200, std::string(kLarge, 'x')));
                      sent = true;
                    },
                    reply(200, "other")});
  Holding held(server.url() + "/held", milliseconds(0));
  runner_.start(held, {});
  while (!held.hold) turn();
  const std::size_t before = held.body.size();
  Reader other(server.url() + "/other");
  runner_.start(other, {});
  turn_until_done(/*left=*/1);
  EXPECT_EQ(other.body, "other") << "the held task holds back another";
  for (int i = 0; i < 50; ++i) runner_.turn(Clock::now() + milliseconds(1));
  EXPECT_EQ(held.body.size(), before);
  EXPECT_FALSE(sent) << "the response was read although nobody can take it";

  held.hold = false;
  loop_.wake();
  turn_until_done();
  EXPECT_EQ(held.body.size(), kLarge);
  EXPECT_FALSE(held.failure);
}

TEST_F(RunnerTest, another_thread_lets_a_held_task_go_on) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfir");
    connection.hold();
    connection.send("sec");
  }});
  class Shared final : public Holding {
   public:
    using Holding::Holding;
    [[nodiscard]] bool held() const override { return hold && !released; }
    std::atomic<bool> released = false;
  } task(server.url(), milliseconds(0));
  runner_.start(task, {});
  while (!task.hold) turn();
  server.release();
  const auto until = far();
  std::thread sink([&] {
    task.released = true;
    loop_.wake();
  });
  turn_until_done();
  sink.join();
  EXPECT_LT(Clock::now(), until);
  EXPECT_EQ(task.body, "firsec");
}

TEST_F(RunnerTest, the_time_for_which_a_task_is_held_does_not_count) {
  constexpr milliseconds kLimit{40};
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfir");
    connection.hold();
  }});
  Holding task(server.url(), kLimit);
  runner_.start(task, {});
  while (!task.hold) turn();
  const auto held_by = Clock::now();
  const auto told = task.times.back();
  while (Clock::now() < told + 2 * kLimit) runner_.turn(told + 2 * kLimit);
  EXPECT_EQ(task.count("time"), 0) << "the time limit was reached while it was held";

  const auto released = Clock::now();
  task.hold = false;
  loop_.wake();
  turn_until_done();
  EXPECT_EQ(task.told.back(), "time");
  EXPECT_GE(task.times.back(), told + kLimit + (released - held_by));
}

TEST_F(RunnerTest, a_held_task_can_be_stopped) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfir");
    connection.hold();
  }});
  StopSource stop;
  Holding task(server.url(), milliseconds(0));
  runner_.start(task, stop.token());
  while (!task.hold) turn();
  stop.request(ErrorKind::output_closed);
  turn_until_done();
  EXPECT_EQ(task.reason, ErrorKind::output_closed);
}

TEST_F(RunnerTest, a_held_task_is_stopped_by_its_deadline) {
  RawServer server({[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfir");
    connection.hold();
  }});
  const StopSource stop(Clock::now() + milliseconds(100));
  Holding task(server.url(), milliseconds(0));
  runner_.start(task, stop.token());
  turn_until_done();
  EXPECT_EQ(task.reason, ErrorKind::deadline);
}

class Throwing final : public Reader {
 public:
  using Reader::Reader;

 protected:
  Step on_bytes(const Event& /*event*/) override { throw std::runtime_error("a bug"); }
};

TEST_F(RunnerTest, what_a_task_throws_ends_the_turn) {
  std::promise<void> hung_up;
  RawServer server({[&hung_up](RawConnection& connection) {
                      while (connection.read_request()) {
                      }
                      hung_up.set_value();
                    },
                    reply(200, "x")});
  {
    Reader other(server.url() + "/other");
    Throwing throwing(server.url() + "/throwing");
    Runner runner(loop_);
    runner.start(other, {});
    while (server.requests().empty()) runner.turn(Clock::now() + milliseconds(1));
    runner.start(throwing, {});
    EXPECT_THROW(while (runner.size() > 1) runner.turn(far()), std::runtime_error);
    EXPECT_EQ(runner.size(), 1U) << "the task that threw has ended";
  }
  EXPECT_EQ(hung_up.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready)
      << "the other task's connection stays open without its runner";
}

TEST_F(RunnerTest, a_task_that_throws_as_it_starts_leaves_the_others) {
  class Refusing final : public Task {
    Step handle(const Event& /*event*/) override { throw std::runtime_error("a bug"); }
  } refusing;
  RawServer server({reply(200, "whole")});
  Reader other(server.url());
  runner_.start(other, {});
  EXPECT_THROW(runner_.start(refusing, {}), std::runtime_error);
  turn_until_done();
  EXPECT_EQ(other.body, "whole");
}

TEST_F(RunnerTest, opening_another_response_abandons_the_first) {
  class Switching final : public Reader {
   public:
    Switching(std::string url, std::string other)
        : Reader(std::move(url)), other_(std::move(other)) {}

   protected:
    Step on_bytes(const Event& /*event*/) override {
      return body == "first" ? Step::open({.url = other_}) : Step::read();
    }

   private:
    std::string other_;
  };
  RawServer server({[](RawConnection& connection) {
                      connection.read_request();
                      connection.send("HTTP/1.1 200 OK\r\n\r\n");
                      connection.send("first");
                      connection.hold();
                      connection.send("never");
                    },
                    reply(200, "second")});
  Switching task(server.url() + "/first", server.url() + "/second");
  run(loop_, task, {});
  EXPECT_EQ(task.body, "firstsecond");
  EXPECT_FALSE(task.failure);
}

}  // namespace
}  // namespace rellama::http
