#include "replicate/pacer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "replicate/api.hpp"
#include "replicate/exchange.hpp"
#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::replicate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ScriptedAnswer;
using test::ScriptedRequest;
using test::ScriptedTasks;
using Time = Pacer::Clock::time_point;

const Time kNow = Time{} + std::chrono::hours(1000);

http::Response ok() {
  return {.status = 200, .headers = {}, .body = {}};
}

http::Response ok(int remaining, int reset_seconds) {
  return {.status = 200,
          .headers = {{"ratelimit-remaining", std::to_string(remaining)},
                      {"ratelimit-reset", std::to_string(reset_seconds)}},
          .body = {}};
}

// The time between the next two requests.
Pacer::Clock::duration spacing(Pacer& pacer, Lane lane, Time now) {
  const Time first = pacer.reserve(lane, now);
  return pacer.reserve(lane, now) - first;
}

TEST(Pacer, sends_any_number_at_once_until_a_server_says_that_this_is_too_fast) {
  Pacer pacer;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(pacer.reserve(Lane::create, kNow), kNow);
    pacer.learn(Lane::create, ok(), kNow);
  }
}

TEST(Pacer, after_a_refusal_nothing_is_sent_before_the_delay) {
  Pacer pacer;
  pacer.refused(Lane::create, seconds(2), kNow, kNow);
  EXPECT_EQ(pacer.blocked_until(Lane::create), kNow + seconds(2));
  EXPECT_EQ(pacer.reserve(Lane::create, kNow), kNow + seconds(2));
}

// As many as the server accepts in a window, then a refusal until the window ends.
void use_up(Pacer& pacer, int accepted, Time begin, seconds used, seconds delay) {
  for (int i = 0; i < accepted; ++i) pacer.learn(Lane::create, ok(), begin);
  pacer.refused(Lane::create, delay, begin + used, begin + used);
}

TEST(Pacer, a_refusal_shows_how_many_requests_are_allowed_in_which_time) {
  Pacer pacer;
  use_up(pacer, 600, kNow, seconds(20), seconds(40));
  EXPECT_EQ(spacing(pacer, Lane::create, kNow + seconds(60)), milliseconds(100)) << "600 a minute";
}

TEST(Pacer, requests_refused_together_slow_it_down_once) {
  for (const auto delay : {seconds(1), seconds(10)}) {
    Pacer one;
    use_up(one, 10, kNow, seconds(1), delay);
    Pacer many;
    use_up(many, 10, kNow, seconds(1), delay);
    const Time now = kNow + seconds(1);
    for (int i = 1; i <= 50; ++i) many.refused(Lane::create, delay, now, now + milliseconds(i));
    EXPECT_EQ(spacing(many, Lane::create, now), spacing(one, Lane::create, now));
  }
}

TEST(Pacer, refusals_without_a_delay_slow_it_down_until_they_stop) {
  Pacer pacer;
  pacer.refused(Lane::create, seconds(0), kNow, kNow);
  const auto first = spacing(pacer, Lane::create, kNow);
  EXPECT_GT(first.count(), 0);
  pacer.refused(Lane::create, seconds(0), kNow + seconds(1), kNow + seconds(2));
  EXPECT_GT(spacing(pacer, Lane::create, kNow), first);
}

TEST(Pacer, refusals_in_a_row_without_a_delay_show_a_window) {
  Pacer pacer;
  for (int i = 0; i < 60; ++i) pacer.learn(Lane::create, ok(), kNow);
  Time now = kNow + seconds(1);
  int refusals = 0;
  for (; now < kNow + seconds(60); now = pacer.reserve(Lane::create, now)) {
    pacer.refused(Lane::create, milliseconds(500), now, now);
    ++refusals;
  }
  EXPECT_LT(refusals, 12);
  pacer.learn(Lane::create, ok(), now);
  EXPECT_GE(spacing(pacer, Lane::create, now), seconds(1)) << "60 a minute";
  EXPECT_LE(spacing(pacer, Lane::create, now), milliseconds(1500));
}

TEST(Pacer, the_spacing_never_exceeds_ten_seconds) {
  Pacer pacer;
  use_up(pacer, 1, kNow, seconds(1), seconds(100));
  EXPECT_EQ(spacing(pacer, Lane::create, kNow), seconds(10));
}

TEST(Pacer, speeds_up_again_until_it_sends_at_once) {
  Pacer pacer;
  use_up(pacer, 10, kNow, seconds(1), seconds(1));
  const Time now = kNow + std::chrono::minutes(1);
  auto last = spacing(pacer, Lane::create, now);
  for (int i = 0; i < 2000 && last.count() > 0; ++i) {
    pacer.learn(Lane::create, ok(), now);
    const auto next = spacing(pacer, Lane::create, now);
    ASSERT_LE(next, last);
    last = next;
  }
  EXPECT_EQ(last.count(), 0);
}

TEST(Pacer, spreads_requests_over_the_rest_of_the_window_once_few_are_left) {
  Pacer pacer;
  pacer.learn(Lane::read, ok(2999, 60), kNow);
  EXPECT_EQ(spacing(pacer, Lane::read, kNow).count(), 0);
  pacer.learn(Lane::read, ok(750, 60), kNow);  // a fourth of the limit
  EXPECT_EQ(spacing(pacer, Lane::read, kNow).count(), 0);
  pacer.learn(Lane::read, ok(600, 60), kNow);
  EXPECT_EQ(spacing(pacer, Lane::read, kNow), milliseconds(100));
}

TEST(Pacer, waits_for_the_next_window_if_nothing_is_left) {
  Pacer pacer;
  pacer.learn(Lane::create, ok(0, 7), kNow);
  EXPECT_EQ(pacer.reserve(Lane::create, kNow), kNow + seconds(7));
}

TEST(Pacer, ignores_limits_that_make_no_sense) {
  const std::vector<http::Headers> headers{
      {{"ratelimit-remaining", "0"}},
      {{"ratelimit-remaining", "0"}, {"ratelimit-reset", "soon"}},
      {{"ratelimit-remaining", "-1"}, {"ratelimit-reset", "10"}},
      {{"ratelimit-remaining", ""}, {"ratelimit-reset", "10"}},
      {{"ratelimit-remaining", "0"}, {"ratelimit-reset", "99999"}},
      {{"ratelimit-remaining", "0"}, {"ratelimit-reset", "99999999999999999999999"}}};
  for (std::size_t i = 0; i < headers.size(); ++i) {
    Pacer pacer;
    pacer.learn(Lane::create, {.status = 200, .headers = headers[i], .body = {}}, kNow);
    EXPECT_EQ(pacer.reserve(Lane::create, kNow), kNow) << i;
  }
}

TEST(Pacer, creates_and_reads_do_not_slow_each_other_down) {
  Pacer pacer;
  use_up(pacer, 3, kNow, seconds(1), seconds(1));
  pacer.learn(Lane::create, ok(0, 60), kNow);
  EXPECT_EQ(pacer.reserve(Lane::read, kNow), kNow);
  EXPECT_EQ(spacing(pacer, Lane::read, kNow).count(), 0);
  pacer.refused(Lane::read, std::chrono::hours(1), kNow, kNow);
  EXPECT_EQ(pacer.reserve(Lane::create, kNow), kNow + seconds(60));
}

// Exchanges of one client that run together.
class PacedExchanges : public testing::Test {
 protected:
  using Serve = std::function<ScriptedAnswer(const ScriptedRequest&)>;

  void add(Repeat repeat, Serve serve) {
    const std::string number = std::to_string(exchanges_.size());
    http::Request request{.url = "https://api.replicate.com/v1/" + number, .body = "{}"};
    serves_[request.url] = std::move(serve);
    exchanges_.push_back(std::make_unique<Exchange>(
        api_, plan_post(api_, std::move(request), repeat, {},
                        {.failed = "cannot post", .host = "api.replicate.com"})));
    tasks_.start(*exchanges_.back());
  }

  // The error of an exchange; nullopt if it was accepted.
  [[nodiscard]] std::optional<Error> error(std::size_t number) const {
    return tasks_.error_of(*exchanges_.at(number));
  }
  // How often an exchange sent its request.
  [[nodiscard]] std::ptrdiff_t sent(std::size_t number) const {
    const auto lines = tasks_.lines();
    return std::count(lines.begin(), lines.end(),
                      "POST https://api.replicate.com/v1/" + std::to_string(number));
  }

  Api api_{ApiToken(test::kToken), {.retries = 1}};
  std::map<std::string, Serve> serves_;
  ScriptedTasks tasks_{
      [this](const ScriptedRequest& request) { return serves_.at(request.request.url)(request); }};
  std::vector<std::unique_ptr<Exchange>> exchanges_;
};

constexpr auto kPacedCreate = Repeat::only_if_not_accepted;
constexpr auto kPacedRead = Repeat::freely;

// A server that accepts `burst` requests at once, and then one every `interval`.
class TokenBucket {
 public:
  TokenBucket(double burst, milliseconds interval, http::Headers refusal)
      : burst_(burst), interval_(interval), refusal_(std::move(refusal)) {}

  ScriptedAnswer operator()(const ScriptedRequest& request) {
    if (last_ == Time{}) last_ = request.at;
    const std::chrono::duration<double, std::milli> elapsed = request.at - last_;
    last_ = request.at;
    left_ = std::min(burst_, left_ + elapsed / interval_);
    const bool accepted = left_ >= 1;
    if (accepted) left_ -= 1;
    ScriptedAnswer answer = accepted ? test::answer(201, "{}") : test::answer(429, "", refusal_);
    answer.after = milliseconds(30);
    return answer;
  }

 private:
  const double burst_;
  const milliseconds interval_;
  const http::Headers refusal_;
  double left_ = burst_;
  Time last_ = {};
};

// How a server says that a request is too early.
struct Refusal {
  std::string name;
  http::Headers headers;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.name;
}

class PacedBurst : public PacedExchanges, public testing::WithParamInterface<Refusal> {};

TEST_P(PacedBurst, above_the_limit_is_accepted_in_little_more_time_than_the_limit_requires) {
  TokenBucket bucket(5, milliseconds(100), GetParam().headers);
  const Time begin = tasks_.now();
  for (int i = 0; i < 105; ++i) add(kPacedCreate, std::ref(bucket));
  tasks_.run();
  for (std::size_t i = 0; i < 105; ++i) EXPECT_FALSE(error(i)) << error(i)->what();
  EXPECT_LT(tasks_.now() - begin, 5 * seconds(10));
}

INSTANTIATE_TEST_SUITE_P(Refusals, PacedBurst,
                         testing::Values(Refusal{"without_a_delay", {}},
                                         Refusal{"at_once", {{"retry-after", "0"}}},
                                         Refusal{"in_a_second", {{"retry-after", "1"}}},
                                         Refusal{"after_the_reset", {{"ratelimit-reset", "2"}}}),
                         [](const auto& refusal) { return refusal.param.name; });

TEST_F(PacedExchanges, an_account_limited_to_six_creates_a_minute_gets_nearly_as_many) {
  TokenBucket bucket(1, seconds(10), {{"retry-after", "10"}});
  for (int i = 0; i < 20; ++i) add(kPacedCreate, std::ref(bucket));
  const Time begin = tasks_.now();
  tasks_.run();
  for (std::size_t i = 0; i < 20; ++i) EXPECT_FALSE(error(i)) << error(i)->what();
  EXPECT_LT(tasks_.now() - begin, 2 * 20 * seconds(10));
}

TEST_F(PacedExchanges, waiting_for_the_next_window_consumes_no_retry) {
  api_.pacer().learn(Lane::create, ok(0, 7), tasks_.now());
  const Time begin = tasks_.now();
  std::vector<ScriptedAnswer> answers{test::answer(201, "{}"), test::refused()};
  add(kPacedCreate, [&](const ScriptedRequest&) {
    const ScriptedAnswer answer = answers.back();
    answers.pop_back();
    return answer;
  });
  tasks_.run();
  EXPECT_FALSE(error(0)) << error(0)->what();
  EXPECT_EQ(tasks_.requests().at(0).at, begin + seconds(7));
  EXPECT_EQ(sent(0), 2);
}

TEST_F(PacedExchanges, a_lone_request_that_is_throttled_each_time_fails_after_its_retries) {
  add(kPacedCreate, [](const ScriptedRequest&) { return test::answer(429, ""); });
  tasks_.run();
  ASSERT_TRUE(error(0));
  EXPECT_EQ(error(0)->kind(), ErrorKind::rate_limited);
  EXPECT_EQ(sent(0), 2);
}

TEST_F(PacedExchanges, a_create_that_is_throttled_each_time_fails_although_reads_are_accepted) {
  add(kPacedCreate, [](const ScriptedRequest&) { return test::answer(429, ""); });
  for (int i = 1; i < 50; ++i) {
    add(kPacedRead,
        [i](const ScriptedRequest&) { return ScriptedAnswer{.after = milliseconds(100 * i)}; });
  }
  tasks_.run();
  ASSERT_TRUE(error(0));
  EXPECT_EQ(sent(0), 2);
}

TEST_F(PacedExchanges, a_request_that_waits_when_another_is_refused_waits_for_that_delay_too) {
  add(kPacedCreate, [](const ScriptedRequest& request) {
    return request.number == 0 ? test::answer(429, "", {{"retry-after", "5"}})
                               : test::answer(201, "{}");
  });
  const Time begin = tasks_.now();
  api_.pacer().refused(Lane::create, milliseconds(100), begin, begin);
  add(kPacedCreate, [](const ScriptedRequest&) { return test::answer(201, "{}"); });
  tasks_.run();
  ASSERT_EQ(tasks_.requests().size(), 3U);
  EXPECT_EQ(tasks_.requests()[0].at, begin + milliseconds(100));
  EXPECT_GE(tasks_.requests()[1].at, begin + milliseconds(5100));
  EXPECT_GE(tasks_.requests()[2].at, tasks_.requests()[1].at);
}

}  // namespace
}  // namespace rellama::replicate
