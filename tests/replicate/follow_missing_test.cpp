// A prediction that is not found, by a virtual clock.

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "replicate/fixture.hpp"
#include "replicate/follow.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::replicate {
namespace {

using namespace std::chrono_literals;
using test::output_json;
using test::prediction_json;
using test::ScriptedAnswer;

const ScriptedAnswer kMissing = test::answer(404, R"({"detail":"Not found."})");
const ScriptedAnswer kGoesOn = test::answer(200, prediction_json("processing"));
const ScriptedAnswer kEnded = test::answer(200, prediction_json("succeeded", output_json({"Hi"})));

class MissingPrediction : public testing::Test {
 protected:
  // Follows a prediction whose object is what `read` answers at a time, and whose stream, if it has
  // one, is `stream`.
  std::optional<ErrorKind> follow(const std::function<ScriptedAnswer(http::Clock::duration)>& read,
                                  const std::optional<ScriptedAnswer>& stream = {}) {
    std::optional<http::Clock::time_point> begin;
    test::ScriptedTasks tasks([&](const test::ScriptedRequest& request) {
      if (!begin) begin = request.at;
      if (request.request.url.ends_with("/stream")) return *stream;
      return read(request.at - *begin);
    });
    Api api(ApiToken(test::kToken), {});
    Prediction prediction;
    prediction.id.value = "p1";
    prediction.status = Status::starting;
    if (stream) prediction.stream_url = "https://stream.replicate.com/stream";
    sink_ = {};
    Follow task(api, std::move(prediction), stream ? Delivery::stream : Delivery::poll, sink_);
    tasks.start(task);
    tasks.run();
    took_ = tasks.now() - *begin;
    const auto error = tasks.error_of(task);
    return error ? std::optional(error->kind()) : std::nullopt;
  }

  test::RecordingSink sink_;
  http::Clock::duration took_{};
};

TEST_F(MissingPrediction, one_that_was_found_before_is_waited_for) {
  EXPECT_EQ(follow([](auto at) { return at < 7s    ? kGoesOn
                                        : at < 20s ? kMissing
                                                   : kEnded; }),
            std::nullopt);
  EXPECT_EQ(sink_.text, "Hi");
}

TEST_F(MissingPrediction, one_whose_stream_had_text_is_waited_for) {
  ScriptedAnswer stream =
      test::answer(200, "event: output\nid: 1\ndata: Hi\n\nevent: done\nid: 2\ndata: {}\n\n",
                   {{"content-type", "text/event-stream"}});
  stream.pieces.front().after = 4s;
  EXPECT_EQ(follow([](auto at) { return at < 30s ? kMissing : kEnded; }, stream), std::nullopt);
  EXPECT_EQ(sink_.text, "Hi");
}

TEST_F(MissingPrediction, one_that_appears_late_after_an_outage_is_found) {
  const ScriptedAnswer outage = test::answer(503, "");
  EXPECT_EQ(follow([&](auto at) { return at < 10s   ? outage
                                         : at < 14s ? kMissing
                                                    : kEnded; }),
            std::nullopt);
}

TEST_F(MissingPrediction, one_that_never_appears_is_given_up_soon) {
  EXPECT_EQ(follow([](auto) { return kMissing; }), ErrorKind::not_found);
  EXPECT_LT(took_, 10s) << "by the virtual clock";
}

}  // namespace
}  // namespace rellama::replicate
