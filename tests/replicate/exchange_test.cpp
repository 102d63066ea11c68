// One request and its response, on a virtual clock.

#include "replicate/exchange.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "replicate/api.hpp"
#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::replicate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::error_of;
using test::ScriptedAnswer;
using test::ScriptedRequest;
using test::ScriptedTasks;
using End = ScriptedAnswer::End;

const std::string kUrl = "https://api.replicate.com/v1/predictions";

ScriptedAnswer silence(bool request_sent = true) {
  return {.status = 0, .end = End::silent, .request_sent = request_sent};
}

// Exchanges with a server that gives these answers, one after another.
class ExchangeTest : public testing::Test {
 protected:
  ExchangePlan get() {
    return plan_get(api_, kUrl, {.failed = "cannot read", .host = "api.replicate.com"});
  }
  ExchangePlan post() {
    return plan_post(api_, {.url = kUrl, .body = "{}"}, Repeat::only_if_not_accepted, {},
                     {.failed = "cannot run", .host = "api.replicate.com", .billed = true});
  }

  http::Response perform(ExchangePlan plan) {
    Exchange exchange(api_, std::move(plan));
    tasks_.perform(exchange);
    return exchange.take_response();
  }
  ErrorKind kind_of_error(ExchangePlan plan) {
    return error_of([&] { perform(std::move(plan)); }).kind();
  }

  // How long after the start of the test request `number` was sent.
  [[nodiscard]] http::Clock::duration sent_after(std::size_t number) const {
    return tasks_.requests().at(number).at - begin_;
  }
  [[nodiscard]] http::Clock::duration elapsed() const { return tasks_.now() - begin_; }

  Api api_{ApiToken(test::kToken), {.retries = 2, .backoff = seconds(1)}};
  std::vector<ScriptedAnswer> answers_;
  std::function<void()> on_request_ = [] {};
  ScriptedTasks tasks_{[this](const ScriptedRequest& request) {
    on_request_();
    return answers_.at(request.number);
  }};
  const http::Clock::time_point begin_ = tasks_.now();
};

TEST_F(ExchangeTest, waits_longer_before_each_retry) {
  answers_ = {test::answer(503, ""), test::refused(), test::answer(200, "ok")};
  EXPECT_EQ(perform(get()).body, "ok");
  EXPECT_GE(sent_after(1), milliseconds(750));
  EXPECT_LE(sent_after(1), milliseconds(1000));
  EXPECT_GE(sent_after(2) - sent_after(1), milliseconds(1500));
  EXPECT_LE(sent_after(2) - sent_after(1), milliseconds(2000));
}

TEST_F(ExchangeTest, waits_as_long_as_the_server_says) {
  answers_ = {test::answer(503, "", {{"retry-after", "7"}}), test::answer(200, "ok")};
  perform(get());
  EXPECT_EQ(sent_after(1), seconds(7));
}

TEST_F(ExchangeTest, does_not_retry_a_create_that_was_sent) {
  for (const ScriptedAnswer& answer :
       {silence(), silence().without_head(End::broken), test::answer(201, "{").cut(1, End::broken),
        test::answer(429, "{").cut(1, End::silent)}) {
    answers_.push_back(answer);
    EXPECT_EQ(kind_of_error(post()), ErrorKind::may_have_started);
  }
  EXPECT_EQ(tasks_.requests().size(), answers_.size());
}

TEST_F(ExchangeTest, retries_a_create_of_which_nothing_was_sent) {
  answers_ = {test::refused(), silence(/*request_sent=*/false), test::answer(201, "ok")};
  EXPECT_EQ(perform(post()).body, "ok");
}

TEST_F(ExchangeTest, ends_a_request_that_takes_too_long) {
  answers_ = {silence(), test::answer(200, "part").cut(2, End::silent)};
  EXPECT_EQ(kind_of_error(get()), ErrorKind::network);
  EXPECT_GE(sent_after(1), api_.options().request_timeout);
  EXPECT_EQ(elapsed(), api_.options().request_timeout * 3 / 2);
}

TEST_F(ExchangeTest, keeps_nothing_of_a_response_that_was_cut) {
  answers_ = {test::answer(200, "part").cut(2, End::broken), test::answer(200, "whole")};
  EXPECT_EQ(perform(get()).body, "whole");
}

TEST_F(ExchangeTest, ends_at_its_limit_although_it_could_be_retried) {
  answers_ = {silence()};
  ExchangePlan plan = get();
  plan.limit = begin_ + seconds(3);
  EXPECT_EQ(kind_of_error(std::move(plan)), ErrorKind::network);
  EXPECT_EQ(elapsed(), seconds(3));
  EXPECT_EQ(tasks_.requests().size(), 1U);
}

TEST_F(ExchangeTest, follows_redirects_within_the_api_and_keeps_the_time_limit) {
  ScriptedAnswer there = test::answer(307, "", {{"location", "/v1/elsewhere"}});
  there.after = seconds(50);
  answers_ = {there, silence(), test::answer(200, "ok")};
  EXPECT_EQ(perform(get()).body, "ok");
  EXPECT_EQ(tasks_.lines().at(1), "GET https://api.replicate.com/v1/elsewhere");
  EXPECT_LT(sent_after(2), seconds(63)) << "the redirect got a time limit of its own";
}

TEST_F(ExchangeTest, gives_up_after_five_redirects) {
  answers_.assign(6, test::answer(302, "", {{"location", "/v1/again"}}));
  EXPECT_EQ(kind_of_error(get()), ErrorKind::server);
  EXPECT_EQ(tasks_.requests().size(), 6U);
}

TEST_F(ExchangeTest, is_not_redirected_to_another_host) {
  answers_ = {test::answer(302, "", {{"location", "https://example.com/v1/predictions"}})};
  EXPECT_EQ(kind_of_error(get()), ErrorKind::server);
}

TEST_F(ExchangeTest, hides_the_token_in_an_error_of_the_server) {
  answers_ = {test::answer(400, R"({"detail":"bad header: Bearer r8_unit_test"})")};
  const Error error = error_of([&] { perform(get()); });
  EXPECT_TRUE(test::holds(error.what(), "Bearer [token]"));
}

TEST_F(ExchangeTest, a_stop_ends_a_read_at_once) {
  answers_ = {silence()};
  on_request_ = [this] { tasks_.stop(ErrorKind::interrupted); };
  EXPECT_EQ(kind_of_error(get()), ErrorKind::interrupted);
  EXPECT_EQ(elapsed().count(), 0);
}

TEST_F(ExchangeTest, a_stop_before_a_create_sends_nothing) {
  tasks_.stop(ErrorKind::interrupted);
  EXPECT_EQ(kind_of_error(post()), ErrorKind::interrupted);
  EXPECT_TRUE(tasks_.requests().empty());
}

TEST_F(ExchangeTest, a_stop_while_a_create_waits_for_its_turn_sends_nothing) {
  api_.pacer().refused(Lane::create, seconds(5), begin_, begin_);
  tasks_.stop_at(1, ErrorKind::interrupted);
  EXPECT_EQ(kind_of_error(post()), ErrorKind::interrupted);
  EXPECT_TRUE(tasks_.requests().empty());
}

TEST_F(ExchangeTest, a_stop_while_a_create_connects_ends_it_at_once) {
  answers_ = {silence(/*request_sent=*/false)};
  on_request_ = [this] { tasks_.stop(ErrorKind::interrupted); };
  EXPECT_EQ(kind_of_error(post()), ErrorKind::interrupted);
  EXPECT_EQ(elapsed().count(), 0);
}

TEST_F(ExchangeTest, a_stop_while_a_create_is_under_way_waits_two_seconds_for_its_response) {
  ScriptedAnswer created = test::answer(201, "ok");
  created.after = milliseconds(1999);
  answers_ = {created, silence()};
  on_request_ = [this] { tasks_.stop(ErrorKind::interrupted); };
  EXPECT_EQ(perform(post()).body, "ok");
}

TEST_F(ExchangeTest, a_stopped_create_without_a_response_may_have_started) {
  on_request_ = [this] { tasks_.stop(ErrorKind::terminated); };
  answers_ = {silence()};
  EXPECT_EQ(kind_of_error(post()), ErrorKind::may_have_started);
  EXPECT_EQ(elapsed(), Exchange::kGrace);
}

TEST_F(ExchangeTest, a_stopped_create_that_fails_may_have_started) {
  on_request_ = [this] { tasks_.stop(ErrorKind::terminated); };
  answers_ = {silence().without_head(End::broken)};
  EXPECT_EQ(kind_of_error(post()), ErrorKind::may_have_started);
}

TEST_F(ExchangeTest, a_stopped_create_that_is_refused_ends_with_that_error) {
  on_request_ = [this] { tasks_.stop(ErrorKind::terminated); };
  answers_ = {test::answer(422, "")};
  EXPECT_EQ(kind_of_error(post()), ErrorKind::invalid_input);
}

TEST_F(ExchangeTest, a_stopped_create_that_is_throttled_is_not_sent_again) {
  answers_ = {test::answer(429, "")};
  on_request_ = [this] { tasks_.stop(ErrorKind::terminated); };
  EXPECT_EQ(kind_of_error(post()), ErrorKind::terminated);
}

}  // namespace
}  // namespace rellama::replicate
