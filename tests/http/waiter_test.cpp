#include "http/waiter.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace rellama::http {
namespace {

using Clock = Waiter::Clock;

// Far enough away never to matter unless something hangs.
Clock::time_point far() {
  return Clock::now() + std::chrono::seconds(30);
}

// Two connected sockets.
class SocketPair {
 public:
  SocketPair() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()), 0);
  }
  ~SocketPair() {
    close_ours();
    close_theirs();
  }
  SocketPair(const SocketPair&) = delete;
  SocketPair& operator=(const SocketPair&) = delete;

  [[nodiscard]] int ours() const { return ends_[0]; }
  void send_from_theirs() const { EXPECT_EQ(::write(ends_[1], "x", 1), 1); }
  void read_ours() const {
    char byte = 0;
    EXPECT_EQ(::read(ends_[0], &byte, 1), 1);
  }
  // Writes until the other end takes no more.
  void fill_ours() const {
    const std::array<char, 4096> bytes{};
    while (::write(ends_[0], bytes.data(), bytes.size()) > 0) {
    }
  }
  void empty_theirs() const {
    std::array<char, 4096> bytes{};
    while (::read(ends_[1], bytes.data(), bytes.size()) > 0) {
    }
  }
  void close_ours() { close(ends_[0]); }
  void close_theirs() { close(ends_[1]); }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  std::array<int, 2> ends_{};
};

struct Way {
  std::string name;
  std::unique_ptr<Waiter> (*make)();
};

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

class WaiterTest : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    if (!waiter_) GTEST_SKIP() << "this system has none";
  }

  // The sockets that are ready, as "3:r", "3:w" or "3:rw".
  std::vector<std::string> wait(Clock::time_point until) {
    std::vector<Waiter::Ready> ready{{-1, true, true}};  // it has to be replaced
    waiter_->wait(until, ready);
    std::vector<std::string> all;
    for (const auto& one : ready) all.push_back(text(one.socket, one.readable, one.writable));
    return all;
  }
  static std::string text(int socket, bool readable, bool writable) {
    return std::to_string(socket) + ":" + (readable ? "r" : "") + (writable ? "w" : "");
  }
  using Sockets = std::vector<std::string>;

  std::unique_ptr<Waiter> waiter_ = GetParam().make();
};

TEST_P(WaiterTest, a_socket_is_readable_when_something_arrives) {
  const SocketPair quiet;
  const SocketPair pair;
  waiter_->watch(quiet.ours(), true, false);
  waiter_->watch(pair.ours(), true, false);
  EXPECT_EQ(wait(Clock::now()), Sockets{});
  pair.send_from_theirs();
  EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), true, false)});
  EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), true, false)}) << "it was not read yet";
  pair.read_ours();
  EXPECT_EQ(wait(Clock::now()), Sockets{});
}

TEST_P(WaiterTest, a_socket_is_writable_unless_the_other_end_takes_no_more) {
  const SocketPair pair;
  waiter_->watch(pair.ours(), false, true);
  EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), false, true)});
  pair.fill_ours();
  EXPECT_EQ(wait(Clock::now()), Sockets{});
  pair.empty_theirs();
  EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), false, true)});
}

TEST_P(WaiterTest, what_is_watched_can_be_changed) {
  const SocketPair pair;
  pair.send_from_theirs();
  waiter_->watch(pair.ours(), true, false);
  EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), true, false)});
  waiter_->watch(pair.ours(), false, true);
  EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), false, true)});
  waiter_->watch(pair.ours(), true, true);
  EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), true, true)});
  waiter_->watch(pair.ours(), false, false);
  EXPECT_EQ(wait(Clock::now()), Sockets{});
}

TEST_P(WaiterTest, a_socket_that_was_never_watched_may_be_watched_no_longer) {
  const SocketPair pair;
  pair.send_from_theirs();
  waiter_->watch(pair.ours(), false, false);
  EXPECT_EQ(wait(Clock::now()), Sockets{});
}

TEST_P(WaiterTest, a_hang_up_can_be_read_and_written) {
  for (const bool reads : {true, false}) {
    SocketPair pair;
    pair.fill_ours();
    waiter_->watch(pair.ours(), reads, !reads);
    EXPECT_EQ(wait(Clock::now()), Sockets{});
    pair.close_theirs();
    EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), true, true)});
    waiter_->watch(pair.ours(), false, false);
  }
}

TEST_P(WaiterTest, all_of_many_sockets_are_reported) {
  constexpr std::size_t kMany = 300;
  const std::vector<SocketPair> pairs(kMany);
  Sockets expected;
  for (const SocketPair& pair : pairs) {
    waiter_->watch(pair.ours(), true, false);
    pair.send_from_theirs();
    expected.push_back(text(pair.ours(), true, false));
  }
  Sockets seen;
  while (seen.size() < kMany) {  // at most some at once
    const Sockets some = wait(far());
    ASSERT_FALSE(some.empty());
    for (const std::string& one : some) {
      seen.push_back(one);
      char byte = 0;
      EXPECT_EQ(::read(std::stoi(one), &byte, 1), 1);
    }
  }
  std::sort(seen.begin(), seen.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(seen, expected);
}

// libcurl may do this.
TEST_P(WaiterTest, a_socket_that_was_closed_without_telling_does_not_hide_its_successor) {
  int number = -1;
  {
    const SocketPair closed;
    number = closed.ours();
    waiter_->watch(number, true, false);
  }
  const SocketPair successor;
  ASSERT_EQ(successor.ours(), number);
  waiter_->watch(number, true, false);
  EXPECT_EQ(wait(Clock::now()), Sockets{});
  successor.send_from_theirs();
  EXPECT_EQ(wait(far()), Sockets{text(number, true, false)});
}

TEST_P(WaiterTest, waits_until_its_time_limit_and_no_shorter) {
  const SocketPair pair;
  waiter_->watch(pair.ours(), true, false);
  const auto until = Clock::now() + std::chrono::microseconds(20'500);
  EXPECT_EQ(wait(until), Sockets{});
  EXPECT_GE(Clock::now(), until);
}

TEST_P(WaiterTest, a_time_limit_in_the_past_only_looks) {
  const SocketPair pair;
  pair.send_from_theirs();
  waiter_->watch(pair.ours(), true, false);
  EXPECT_EQ(wait(Clock::time_point::min()), Sockets{text(pair.ours(), true, false)});
}

TEST_P(WaiterTest, another_thread_can_wake_it) {
  const auto until = far();
  std::thread other([this] { waiter_->wake(); });
  EXPECT_EQ(wait(until), Sockets{});
  other.join();
  EXPECT_LT(Clock::now(), until);
}

TEST_P(WaiterTest, waking_it_before_it_waits_ends_one_wait) {
  for (int i = 0; i < 70'000; ++i) waiter_->wake();  // more than a pipe holds
  const auto until = far();
  EXPECT_EQ(wait(until), Sockets{});
  EXPECT_LT(Clock::now(), until);
  const auto next = Clock::now() + std::chrono::milliseconds(10);
  EXPECT_EQ(wait(next), Sockets{});
  EXPECT_GE(Clock::now(), next) << "it was woken twice";
}

TEST_P(WaiterTest, a_wake_does_not_hide_what_is_ready) {
  const SocketPair pair;
  pair.send_from_theirs();
  waiter_->watch(pair.ours(), true, false);
  waiter_->wake();
  EXPECT_EQ(wait(far()), Sockets{text(pair.ours(), true, false)});
}

INSTANTIATE_TEST_SUITE_P(Ways, WaiterTest,
                         testing::Values(Way{"epoll", make_epoll_waiter},
                                         Way{"poll", make_poll_waiter}),
                         [](const auto& way) { return way.param.name; });

TEST(Waiter, blocks_for_a_minute_at_most) {
  EXPECT_EQ(milliseconds_until(Clock::time_point::max()), 60'000);
  EXPECT_EQ(milliseconds_until(Clock::time_point::min()), 0);
}

}  // namespace
}  // namespace rellama::http
