// Tasks over real sockets.

#include "http/runner.hpp"

#include <gtest/gtest.h>

#include "http/runner_fixture.hpp"

namespace rellama::http {
namespace {

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
