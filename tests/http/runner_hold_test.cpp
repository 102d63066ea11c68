// Tasks whose receiver cannot take more for a while.

#include <gtest/gtest.h>

#include "http/runner_fixture.hpp"

namespace rellama::http {
namespace {

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

}  // namespace
}  // namespace rellama::http
