// A run in a container, driven without sockets: every exchange is cut at every byte, and stopped at
// every event.

#include <gtest/gtest.h>

#include <chrono>

#include "cog/run_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

using namespace std::chrono_literals;
using End = ScriptedAnswer::End;

TEST_F(CogRun, a_stream_may_arrive_in_pieces_of_any_size) {
  for (split_ = 1; split_ <= 200; ++split_) {
    run({.runs = {{stream_of(kPieces)}}});
    expect_answer(std::to_string(split_));
    EXPECT_EQ(tasks_->requests().size(), 1U);
  }
}

TEST_F(CogRun, a_stream_that_is_cut_at_any_byte_is_continued_by_the_same_request) {
  const ScriptedAnswer whole = stream_of(kPieces);
  for (const End how : {End::complete, End::broken, End::silent}) {
    for (std::size_t kept = 0; kept < whole.body_size(); ++kept) {
      run({.runs = {{whole.cut(kept, how), whole}}});
      expect_answer(std::to_string(kept));
      const std::string put = "PUT http://127.0.0.1:5000/predictions/" + sink_.id;
      EXPECT_EQ(tasks_->lines(), (std::vector{put, put})) << kept;
    }
  }
}

TEST_F(CogRun, a_stream_that_is_cut_at_any_byte_may_continue_without_what_was_received) {
  const ScriptedAnswer whole = stream_of(kPieces);
  std::string rest;
  for (std::size_t i = 3; i < kPieces.size(); ++i) {
    rest += event_of("output", nlohmann::json{{"chunk", kPieces[i]}, {"index", i}}.dump());
  }
  rest += event_of("completed", object_of(kPieces));
  for (std::size_t kept = 0; kept < whole.body_size(); ++kept) {
    run({.runs = {{whole.cut(kept, End::broken), stream_answer(rest)}}});
    expect_answer(std::to_string(kept));
  }
}

TEST_F(CogRun, a_response_that_is_lost_before_its_head_is_requested_again) {
  const ScriptedAnswer whole = stream_of(kPieces);
  for (const ScriptedAnswer& lost :
       {whole.without_head(End::broken), whole.without_head(End::complete), refused()}) {
    run({.runs = {{lost, lost, lost, whole}}});
    expect_answer("");
    EXPECT_EQ(tasks_->requests().size(), 4U);
  }
}

TEST_F(CogRun, a_final_object_that_is_cut_at_any_byte_is_requested_again) {
  delivery_ = Delivery::poll;
  const ScriptedAnswer whole = json_answer(200, object_of(kPieces));
  for (std::size_t kept = 0; kept < whole.body_size(); ++kept) {
    run({.runs = {{whole.cut(kept, End::broken), whole}}});
    expect_answer(std::to_string(kept));
    EXPECT_EQ(tasks_->requests().size(), 2U) << kept;
    run({.runs = {{whole.cut(kept, End::complete), whole}}});  // as if it were that short
    expect_canceled(ErrorKind::server, std::to_string(kept));
  }
}

TEST_F(CogRun, a_post_whose_answer_is_lost_is_not_sent_again) {
  const ScriptedAnswer whole = stream_of(kPieces);
  const ScriptedAnswer no_put = json_answer(405, "");
  for (const ScriptedAnswer& lost :
       {whole.without_head(End::broken), whole.cut(100, End::broken), whole.cut(100, End::silent),
        json_answer(200, object_of({}, "processing"))}) {
    run({.runs = {{no_put, lost, whole}}});
    ASSERT_TRUE(error_);
    EXPECT_EQ(container_.runs.used(), 2U) << "the model would run again";
    EXPECT_EQ(container_.cancels.used(), 1U);
  }
  run({.runs = {{no_put, refused(), json_answer(503, ""), json_answer(409, ""), whole}}});
  expect_answer("what was not sent or not accepted is sent again");
}

TEST_F(CogRun, nothing_below_it_sends_a_run_again) {
  run({.runs = {{json_answer(405, ""), stream_of(kPieces)}}});
  for (const auto& sent : tasks_->requests()) EXPECT_FALSE(sent.request.may_reuse_connection);
}

TEST_F(CogRun, an_error_response_that_is_cut_at_any_byte_is_requested_again) {
  const ScriptedAnswer refusal =
      json_answer(422, R"({"detail":[{"loc":["body","input"],"msg":"no"}]})");
  for (const End how : {End::broken, End::silent}) {
    for (std::size_t kept = 0; kept < refusal.body_size(); ++kept) {
      run({.runs = {{refusal.cut(kept, how), refusal}}});
      expect_canceled(ErrorKind::invalid_input, std::to_string(kept));
      EXPECT_EQ(tasks_->requests().size(), 3U) << kept;
    }
  }
}

TEST_F(CogRun, a_health_check_that_is_cut_at_any_byte_is_repeated) {
  const ScriptedAnswer starting = json_answer(503, R"({"detail":"starting"})");
  const ScriptedAnswer health = health_answer("STARTING");
  for (const End how : {End::broken, End::silent}) {
    for (std::size_t kept = 0; kept < health.body_size(); ++kept) {
      run({.runs = {{starting, stream_of(kPieces)}}, .health = {{health.cut(kept, how), health}}});
      expect_answer(std::to_string(kept));
      EXPECT_EQ(container_.health.used(), 2U) << kept;
    }
  }
}

// Everything that a run can meet before its stream.
ScriptedContainer eventful() {
  const ScriptedAnswer whole = stream_of(kPieces);
  return {.runs = {{refused(), json_answer(503, ""), json_answer(409, ""), json_answer(406, ""),
                    json_answer(200, object_of(kPieces)).cut(9, End::broken),
                    stream_answer(event_of("completed", object_of({}, "processing"))),
                    whole.cut(whole.body_size() / 2, End::silent), whole}}};
}

TEST_F(CogRun, a_stop_at_any_event_cancels_the_run_once) {
  split_ = 40;
  run(eventful());
  expect_answer("no stop");
  const std::size_t events = tasks_->events();
  ASSERT_GT(events, 40U);
  for (stop_at_ = 1; stop_at_ < events; ++stop_at_) {
    run(eventful());
    expect_canceled(ErrorKind::interrupted, std::to_string(stop_at_));
    EXPECT_EQ(error_->parts().prediction_id.size(), 26U) << stop_at_;
  }
}

TEST_F(CogRun, a_stop_before_the_start_sends_nothing) {
  stop_at_ = 0;
  run(eventful());
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->kind(), ErrorKind::interrupted);
  EXPECT_TRUE(tasks_->requests().empty());
}

TEST_F(CogRun, the_reason_is_reported_however_the_cancel_ends) {
  const ScriptedAnswer not_found = json_answer(404, R"({"detail":"Not Found"})");
  std::vector<ScriptedAnswer> ends{not_found, refused(), not_found.without_head(End::broken),
                                   not_found.without_head(End::silent)};
  for (std::size_t kept = 0; kept < not_found.body_size(); ++kept) {
    for (const End how : {End::broken, End::silent}) ends.push_back(not_found.cut(kept, how));
  }
  for (const ScriptedAnswer& end : ends) {
    run({.runs = {{json_answer(422, "")}}, .cancels = {{end}}});
    expect_canceled(ErrorKind::invalid_input, "");
    EXPECT_LE(tasks_->now() - tasks_->requests().back().at, 2s) << "by the virtual clock";
  }
}

TEST_F(CogRun, a_stop_while_the_run_is_canceled_changes_nothing) {
  ScriptedAnswer slow = json_answer(200, "{}");
  slow.pieces.front().after = 1s;
  const ScriptedContainer container{.runs = {{json_answer(422, "")}}, .cancels = {{slow}}};
  run(container);
  const std::size_t events = tasks_->events();
  for (stop_at_ = 3; stop_at_ < events; ++stop_at_) {
    run(container);
    expect_canceled(ErrorKind::invalid_input, std::to_string(stop_at_));
  }
}

TEST_F(CogRun, an_exception_of_the_sink_cancels_the_run) {
  for (const char* event : {"created", "processing", "output", "flush"}) {
    broken_ = event;
    run({.runs = {{stream_of(kPieces).cut(300, End::silent)}}});
    expect_canceled(ErrorKind::output_closed, event);
  }
}

TEST_F(CogRun, a_run_that_has_ended_is_not_canceled) {
  broken_ = "done";
  run({.runs = {{stream_of(kPieces)}}});
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->kind(), ErrorKind::output_closed);
  EXPECT_EQ(container_.cancels.used(), 0U);

  broken_.clear();
  run({.runs = {
           {stream_answer(events_of(kPieces) + event_of("completed", object_of({"other"})))}}});
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->kind(), ErrorKind::incomplete);
  EXPECT_EQ(container_.cancels.used(), 0U);
}

TEST_F(CogRun, a_full_sink_holds_the_run_but_not_its_cancel) {
  class Full final : public EventSink {
   public:
    void output(std::string_view /*text*/) override {}
    [[nodiscard]] bool is_full() const override { return true; }
  } full;
  cog::Run task(connection_, {}, delivery_, full);
  (void)task.handle({.kind = http::Event::Kind::start, .now = {}});
  EXPECT_TRUE(task.held());
  (void)task.handle({.kind = http::Event::Kind::stop, .now = {}});
  EXPECT_FALSE(task.held());
}

}  // namespace
}  // namespace rellama::test
