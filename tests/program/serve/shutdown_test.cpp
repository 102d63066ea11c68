// How `rellama serve` ends.

#include "program/serve/serve_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class ServeShutdown : public ServeFixture {
 protected:
  // A server with a run under way, and one that waits.
  void serve_slowly(std::vector<std::string> arguments, double token_rate) {
    emulator::EmulatorOptions options;
    options.token_rate = token_rate;
    start_emulator(options);
    arguments.insert(arguments.end(), {"--max-concurrent", "1"});
    serve(std::move(arguments));
    run_ = start_run({{"prompt", "one"}, {"model", "7b"}})["run"];
    waiting_ = start_run({{"prompt", "two"}, {"model", "7b"}})["run"];
    events_.emplace(*this);
    (void)events_->wait_for_status(run_, "running");
  }

  std::string run_;
  std::string waiting_;
  std::optional<Events> events_;
};

TEST_F(ServeShutdown, ctrl_c_cancels_what_runs_and_what_waits) {
  serve_slowly({}, 5);
  server_->send_signal(SIGINT);
  EXPECT_EQ(events_->wait_for_end(run_)["status"], "canceled");
  EXPECT_EQ(events_->wait_for_end(waiting_)["status"], "canceled");
  const Outcome outcome = server_->wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(cancels(), 1U);
  EXPECT_EQ(creates(), 1U);
  EXPECT_TRUE(holds(rellama({"history", "list"}).out, "canceled"));
}

TEST_F(ServeShutdown, drain_finishes_what_runs_and_what_waits) {
  serve_slowly({"--drain"}, 300);
  server_->send_signal(SIGTERM);
  EXPECT_EQ(events_->wait_for_end(run_)["status"], "succeeded");
  EXPECT_EQ(events_->wait_for_end(waiting_)["status"], "succeeded");
  EXPECT_EQ(server_->wait().exit_code, 143);
  EXPECT_EQ(cancels(), 0U);
}

TEST_F(ServeShutdown, while_it_drains_nothing_is_started) {
  serve_slowly({"--drain"}, 20);
  server_->send_signal(SIGTERM);
  Answer refused;
  do {  // until the signal has arrived
    refused = post("/ui/runs", {{"prompt", "x"}, {"model", "7b"}});
  } while (refused.status == 201);
  EXPECT_EQ(refused.status, 503);
  EXPECT_FALSE(refused.header("Retry-After").empty());
  server_->send_signal(SIGKILL);
}

TEST_F(ServeShutdown, a_signal_without_runs_ends_at_once) {
  serve();
  Events events(*this);
  EXPECT_EQ(stop(SIGTERM).exit_code, 143);
}

TEST_F(ServeShutdown, an_answer_that_a_killed_server_left_is_incomplete) {
  serve_slowly({}, 20);
  (void)events_->wait_for(run_, [](const Json& shown) { return shown["seconds"] > 1.5; });
  server_->send_signal(SIGKILL);
  (void)server_->wait();
  serve();
  const Json left = get("/ui/conversations/1").json()["messages"][1];
  EXPECT_EQ(left["status"], "incomplete");
  EXPECT_FALSE(left["text"].get<std::string>().empty()) << "text is written within a second";
}

}  // namespace
}  // namespace rellama::test
