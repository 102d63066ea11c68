// A job of many creates that the server limits to sixty a minute: how often is one refused?

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <deque>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "replicate/api.hpp"
#include "replicate/exchange.hpp"
#include "replicate/fixture.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::replicate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ScriptedAnswer;
using test::ScriptedRequest;
using Tick = Pacer::Clock::time_point;

constexpr int kMinutely = 60;
constexpr std::size_t kJobRows = 200;

// How a server says that it was too early.
enum class Form { delay, date, words, nothing, html };
// Sixty at once and then one a second; sixty in each minute; sixty in any minute; one a second.
enum class Limit { bucket, window, sliding, even };

std::string date_at(Tick tick) {
  constexpr std::time_t kBegin = 1'700'000'000;
  const auto since = std::chrono::duration_cast<seconds>(tick.time_since_epoch());
  const std::time_t time = kBegin + static_cast<std::time_t>(since.count());
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return text.data();
}

ScriptedAnswer refusal(Form form, Tick now, milliseconds wait) {
  const auto whole = std::to_string(std::chrono::ceil<seconds>(wait).count());
  switch (form) {
    case Form::delay: return test::answer(429, "", {{"retry-after", whole}});
    case Form::date:
      return test::answer(429, "", {{"date", date_at(now)}, {"retry-after", date_at(now + wait)}});
    case Form::words:
      return test::answer(429, R"({"detail":"Request was throttled. Your rate limit resets in ~)" +
                                   whole + "s.\"}");
    case Form::html: return test::answer(429, "<html><h1>Too many requests</h1></html>");
    case Form::nothing: break;
  }
  return test::answer(429, "");
}

// Accepts sixty creates a minute.
class LimitedServer {
 public:
  LimitedServer(Limit limit, Form form, milliseconds latency)
      : limit_(limit), form_(form), latency_(latency) {}

  ScriptedAnswer operator()(const ScriptedRequest& request) {
    const auto wait = wait_at(request.at);
    if (wait.count() > 0) ++refused_;
    if (wait.count() == 0) accepted_.push_back(request.at);
    ScriptedAnswer answer =
        wait.count() > 0 ? refusal(form_, request.at, wait) : test::answer(201, "{}");
    answer.after = latency_;
    return answer;
  }

  [[nodiscard]] int refused() const { return refused_; }

 private:
  // How long until the next is accepted; 0: this one is.
  milliseconds wait_at(Tick now) {
    if (limit_ == Limit::bucket || limit_ == Limit::even) {
      const double size = limit_ == Limit::even ? 1 : kMinutely;
      if (last_ == Tick{}) left_ = size;
      const std::chrono::duration<double> elapsed = now - (last_ == Tick{} ? now : last_);
      left_ = std::min(size, left_ + elapsed.count());
      last_ = now;
      if (left_ < 1) return milliseconds(static_cast<int>(std::ceil((1 - left_) * 1000)));
      left_ -= 1;
      return milliseconds(0);
    }
    while (limit_ == Limit::sliding && !accepted_.empty() &&
           accepted_.front() + seconds(60) <= now) {
      accepted_.pop_front();
    }
    if (limit_ == Limit::window && !accepted_.empty() && accepted_.front() + seconds(60) <= now) {
      accepted_.clear();
    }
    if (accepted_.size() < kMinutely) return milliseconds(0);
    return std::chrono::ceil<milliseconds>(accepted_.front() + seconds(60) - now);
  }

  const Limit limit_;
  const Form form_;
  const milliseconds latency_;
  double left_ = 0;
  Tick last_ = {};
  std::deque<Tick> accepted_;
  int refused_ = 0;
};

// Sends creates as a batch does.
class ThrottledJob {
 public:
  explicit ThrottledJob(LimitedServer& server) : tasks_(std::ref(server)) { add_workers(); }

  // Returns how long it took.
  Tick::duration run() {
    const Tick begin = tasks_.now();
    tasks_.run();
    return tasks_.now() - begin;
  }
  [[nodiscard]] std::size_t accepted() { return api_.pacer().accepted(Lane::create); }

 private:
  // One create after another.
  class Worker final : public http::Task {
   public:
    explicit Worker(ThrottledJob& job) : job_(job) {}

    http::Step handle(const http::Event& event) override {
      http::Step step =
          event.kind == http::Event::Kind::start ? next(event) : exchange_->handle(event);
      if (step.kind != http::Step::Kind::done || !exchange_) return step;
      job_.add_workers();
      return next({.kind = http::Event::Kind::start, .now = event.now});
    }

   private:
    http::Step next(const http::Event& start) {
      exchange_.reset();
      if (job_.left_ == 0) return http::Step::done();
      --job_.left_;
      exchange_ = std::make_unique<Exchange>(
          job_.api_, plan_post(job_.api_, {.url = "https://api.replicate.com/v1/predictions"},
                               Repeat::only_if_not_accepted, {},
                               {.failed = "cannot run", .host = "api.replicate.com"}));
      return exchange_->handle(start);
    }

    ThrottledJob& job_;
    std::unique_ptr<Exchange> exchange_;
  };

  void add_workers() {
    while (workers_.size() < api_.pacer().most_creating()) {
      workers_.push_back(std::make_unique<Worker>(*this));
      tasks_.start(*workers_.back());
    }
  }

  Api api_{ApiToken(test::kToken), {.retries = 1, .waits_for_throttling = true}};
  test::ScriptedTasks tasks_;
  std::size_t left_ = kJobRows;
  std::vector<std::unique_ptr<Worker>> workers_;
};

class Throttled : public testing::TestWithParam<std::tuple<Limit, Form, int>> {
 protected:
  LimitedServer server_{std::get<0>(GetParam()), std::get<1>(GetParam()),
                        milliseconds(std::get<2>(GetParam()))};
  ThrottledJob job_{server_};
};

TEST_P(Throttled, to_sixty_a_minute_has_two_creates_of_a_hundred_refused_at_most) {
  const auto took = job_.run();
  EXPECT_EQ(job_.accepted(), kJobRows);
  EXPECT_LE(server_.refused(), static_cast<int>(kJobRows) * 2 / 100);
  // A minute of them at once, where that is allowed. If not, the first delay is taken for the
  // interval, although it is rounded to whole seconds.
  EXPECT_LT(took, std::get<0>(GetParam()) == Limit::even ? seconds(360) : seconds(210));
}

INSTANTIATE_TEST_SUITE_P(Limits, Throttled,
                         testing::Combine(testing::Values(Limit::bucket, Limit::window,
                                                          Limit::sliding, Limit::even),
                                          testing::Values(Form::delay, Form::date, Form::words,
                                                          Form::nothing, Form::html),
                                          testing::Values(1, 30, 300)));

}  // namespace
}  // namespace rellama::replicate
