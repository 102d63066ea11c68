// Runs belong to the server: stopping them, looking at them, waiting, spending.

#include "program/serve/serve_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class ServeRuns : public ServeFixture {
 protected:
  // Slow enough that nothing ends by itself.
  void start_slow_emulator(std::chrono::milliseconds cold_boot = {}) {
    emulator::EmulatorOptions options;
    options.token_rate = 5;
    options.cold_boot = cold_boot;
    start_emulator(options);
  }
  void stop_run(const std::string& run) const {
    EXPECT_EQ(post("/ui/runs/" + run + "/stop", Json::object()).status, 202);
  }
  [[nodiscard]] Json ask(const std::string& prompt) const {
    return start_run({{"prompt", prompt}, {"model", "7b"}});
  }
};

TEST_F(ServeRuns, stop_is_confirmed_by_the_server_and_keeps_the_text) {
  start_slow_emulator();
  serve();
  Events events(*this);
  const std::string run = ask("Hi")["run"];
  (void)events.wait_for(run, [](const Json& shown) { return shown["text_length"] > 0; });
  stop_run(run);
  const Json end = events.wait_for_end(run);
  EXPECT_EQ(end["status"], "canceled");
  EXPECT_TRUE(end["error"].is_null()) << end["error"];
  EXPECT_GT(end["text_length"], 0);
  EXPECT_EQ(cancels(), 1U);
  stop_run(run);  // has no effect
  const Json stored = get("/ui/conversations/1").json()["messages"][1];
  EXPECT_EQ(stored["status"], "canceled");
  EXPECT_FALSE(stored["text"].get<std::string>().empty());
}

TEST_F(ServeRuns, stop_works_in_a_cold_boot) {
  start_slow_emulator(std::chrono::minutes(5));
  serve();
  Events events(*this);
  const std::string run = ask("Hi")["run"];
  EXPECT_EQ(events.wait_for_status(run, "booting")["text_length"], 0);
  stop_run(run);
  EXPECT_EQ(events.wait_for_end(run)["status"], "canceled");
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(ServeRuns, a_stop_that_is_not_confirmed_is_no_success) {
  emulator::EmulatorOptions options;
  options.token_rate = 5;
  options.faults = {"cancel:500"};
  start_emulator(options);
  serve({"--retries", "0"});
  Events events(*this);
  const std::string run = ask("Hi")["run"];
  (void)events.wait_for_status(run, "running");
  stop_run(run);
  const Json end = events.wait_for_end(run);
  EXPECT_EQ(end["status"], "canceled");
  EXPECT_TRUE(holds(end["error"].dump(), "did not confirm"));
}

TEST_F(ServeRuns, others_wait_and_say_in_which_place) {
  start_slow_emulator();
  serve({"--max-concurrent", "1"});
  Events events(*this);
  const std::string first = ask("1")["run"];
  const std::string second = ask("2")["run"];
  const std::string third = ask("3")["run"];
  (void)events.wait_for(third, [](const Json& shown) { return shown["queue_position"] == 2; });
  stop_run(second);
  EXPECT_EQ(events.wait_for_end(second)["status"], "canceled");
  (void)events.wait_for(third, [](const Json& shown) { return shown["queue_position"] == 1; });
  stop_run(first);
  (void)events.wait_for_status(third, "running");
  EXPECT_EQ(creates(), 2U) << "what was stopped while it waited is never sent";
}

TEST_F(ServeRuns, a_reader_that_comes_later_sees_all_of_a_run) {
  start_slow_emulator();
  serve();
  Events early(*this);
  const std::string run = ask("Hi")["run"];
  (void)early.wait_for(run, [](const Json& shown) { return shown["text_length"] > 0; });
  Events late(*this);
  const Json seen = late.wait_for(run, [](const Json& shown) { return shown["text_length"] > 0; });
  EXPECT_EQ(seen["prompt"], "Hi");
  EXPECT_EQ(get("/ui/state").json()["runs"], Json::array({run}));
  stop_run(run);
  EXPECT_EQ(early.wait_for_end(run)["blocks"], late.wait_for_end(run)["blocks"]);
}

TEST_F(ServeRuns, a_closed_page_lets_its_runs_finish) {
  serve();
  const std::string run = ask("Hi")["run"];
  EXPECT_EQ(post("/ui/runs/" + run + "/close", Json::object()).status, 204);
  EXPECT_EQ(Events(*this).wait_for_end(run)["status"], "succeeded");
}

TEST_F(ServeRuns, a_closed_page_cancels_its_runs_if_it_is_told_to) {
  start_slow_emulator();
  serve({"--cancel-on-close"});
  const std::string run = ask("Hi")["run"];
  Events events(*this);
  (void)events.wait_for_status(run, "running");
  EXPECT_EQ(post("/ui/runs/" + run + "/close", Json::object()).status, 204);
  EXPECT_EQ(events.wait_for_end(run)["status"], "canceled");
}

TEST_F(ServeRuns, spending_has_a_limit) {
  serve({"--max-predictions-per-hour", "2"});
  (void)ask("1");
  (void)ask("2");
  const Answer refused = post("/ui/runs", {{"prompt", "3"}, {"model", "7b"}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_GT(std::stoi(refused.header("Retry-After")), 3000);
  EXPECT_TRUE(holds(refused.body, "--max-predictions-per-hour"));
}

TEST_F(ServeRuns, an_answer_has_a_time_limit) {
  start_slow_emulator();
  serve({"--timeout", "1s"});
  Events events(*this);
  const Json end = events.wait_for_end(ask("Hi")["run"]);
  EXPECT_EQ(end["status"], "canceled");
  EXPECT_FALSE(end["error"].is_null());
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(ServeRuns, models_are_compared_side_by_side_and_are_no_conversation) {
  serve();
  Events events(*this);
  const auto compare = [&](const char* model) {
    return start_run({{"prompt", "Hi"}, {"model", model}, {"compare", true}});
  };
  const Json one = compare("7b");
  const Json two = compare("13b");
  EXPECT_TRUE(one["conversation"].is_null());
  EXPECT_EQ(events.wait_for_end(one["run"])["status"], "succeeded");
  EXPECT_EQ(events.wait_for_end(two["run"])["model"], "meta/llama-2-13b-chat");
  EXPECT_EQ(get("/ui/conversations").json()["conversations"], Json::array());
}

TEST_F(ServeRuns, a_failed_create_has_its_remedy) {
  start_emulator_with({"create:402"});
  serve();
  const Json end = Events(*this).wait_for_end(ask("Hi")["run"]);
  EXPECT_EQ(end["status"], "failed");
  EXPECT_FALSE(end["error"]["remedy"].get<std::string>().empty());
}

}  // namespace
}  // namespace rellama::test
