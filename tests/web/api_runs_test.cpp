// What becomes of a run whose client leaves: with the times of the API made short.

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "emulator/emulator.hpp"
#include "httpd/server.hpp"
#include "rellama/client.hpp"
#include "support/raw_client.hpp"
#include "web/api.hpp"

namespace rellama::web {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::Answer;
using test::RawClient;

constexpr const char* kAsked = R"({"messages":[{"role":"user","content":"Hi"}]})";
constexpr const char* kAskedStream =
    R"({"stream":true,"messages":[{"role":"user","content":"Hi"}]})";

/// The API on a server of its own, in front of the emulator.
class ApiServer {
 public:
  ApiServer(const emulator::EmulatorOptions& emulated, ApiPatience patience,
            std::size_t concurrent = 100)
      : emulator_(emulated),
        engine_({.concurrent = concurrent}),
        api_(engine_, {}, patience),
        server_({}, [this](const httpd::Request& request, const httpd::Exchange& exchange) {
          api_.handle(request, exchange, {});
          const std::lock_guard lock(mutex_);
          last_ = exchange;
          ++handled_;
        }) {
    emulator_.start();
    server_.start();
    thread_ = std::thread([this] {
      ClientOptions options;
      options.base_url = emulator_.base_url();
      Client client(ApiToken("r8_test"), options);
      engine_.run(client, stop_.token());
    });
  }
  ~ApiServer() {
    stop();
    server_.stop();
  }
  void stop() {
    stop_.request(ErrorKind::terminated);
    if (thread_.joinable()) thread_.join();
  }
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  [[nodiscard]] std::size_t count(std::string_view end) const {
    std::size_t count = 0;
    for (const auto& request : emulator_.requests()) {
      if (request.method == "POST" && request.path.ends_with(end)) ++count;
    }
    return count;
  }
  [[nodiscard]] std::size_t creates() const { return count("/predictions"); }
  void wait_for(std::string_view end, std::size_t times) const {
    while (count(end) < times) std::this_thread::yield();
  }

  [[nodiscard]] Answer ask(const char* body) const {
    return test::exchange(server_.port(), "POST", "/v1/chat/completions", {}, body);
  }
  /// A client that has asked and has not been answered.
  [[nodiscard]] std::unique_ptr<RawClient> start(const char* body) const {
    const std::size_t before = creates();
    auto client = queue(body);
    wait_for("/predictions", before + 1);
    return client;
  }
  /// The same, before anything was created for it.
  [[nodiscard]] std::unique_ptr<RawClient> queue(const char* body) const {
    const std::size_t before = handled();
    auto client = std::make_unique<RawClient>(server_.port());
    client->send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                 std::to_string(std::string(body).size()) + "\r\n\r\n" + body);
    while (handled() == before) std::this_thread::yield();
    return client;
  }

  /// Asks, leaves before the answer, and waits until the server knows.
  void ask_and_leave(const char* body) const {
    start(body)->close();
    wait_until_gone();
  }
  /// Waits until the server knows that the last client has left.
  void wait_until_gone() const {
    while (true) {
      const std::lock_guard lock(mutex_);
      if (last_->is_gone()) return;
    }
  }

 private:
  [[nodiscard]] std::size_t handled() const {
    const std::lock_guard lock(mutex_);
    return handled_;
  }

  mutable std::mutex mutex_;  // guards what follows
  std::optional<httpd::Exchange> last_ = {};
  std::size_t handled_ = 0;

  emulator::Emulator emulator_;
  StopSource stop_;
  Engine engine_;
  Api api_;
  httpd::Server server_;
  std::thread thread_;
};

emulator::EmulatorOptions boots_for(milliseconds time) {
  emulator::EmulatorOptions options;
  options.cold_boot = time;
  return options;
}

TEST(ApiRuns, a_client_that_gave_up_on_silence_and_asks_again_gets_the_same_run) {
  for (const char* body : {kAsked, kAskedStream}) {
    const ApiServer server(boots_for(milliseconds(1000)),
                           {.silence = milliseconds(0), .grace = hours(1)});
    server.ask_and_leave(body);
    const Answer answer = server.ask(body);
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find("assistant"), std::string::npos);
    EXPECT_EQ(server.creates(), 1U);
    EXPECT_EQ(server.count("/cancel"), 0U);
  }
}

// The reader of a stream has gone, but the stream is not over: nobody is there to be kept waiting.
TEST(ApiRuns, a_run_without_a_client_sends_no_signs_of_life) {
  const ApiServer server(
      boots_for(hours(1)),
      {.keep_alive = milliseconds(0), .silence = milliseconds(0), .grace = hours(1)});
  const auto client = server.start(kAskedStream);
  (void)client->receive_until(": keep-alive\n\n");
  client->close();
  server.wait_until_gone();
  const auto other = server.start(kAsked);  // time passes
  EXPECT_EQ(server.creates(), 2U);
}

TEST(ApiRuns, a_run_whose_client_left_in_the_queue_is_not_sent_for_nobody) {
  const ApiServer server(boots_for(milliseconds(100)),
                         {.silence = milliseconds(0), .grace = hours(1)}, 1);
  const auto first = server.start(kAsked);
  server.queue(kAskedStream)->close();
  server.wait_until_gone();
  EXPECT_EQ(server.ask(R"({"messages":[{"role":"user","content":"Hello"}]})").status, 200);
  EXPECT_EQ(server.creates(), 2U);
}

TEST(ApiRuns, what_was_not_sent_when_the_server_stops_may_be_asked_again) {
  ApiServer server(boots_for(hours(1)), {}, 1);
  const auto sent = server.start(kAsked);
  const auto queued = server.queue(kAsked);
  server.stop();
  const auto is_reply = [](RawClient& client, const std::string& status) {
    const std::string reply = client.receive_until("}}");
    return reply.find(" " + status + " ") != std::string::npos &&
           reply.find("shutting_down") != std::string::npos;
  };
  EXPECT_TRUE(is_reply(*sent, "422"));
  EXPECT_TRUE(is_reply(*queued, "503"));
}

TEST(ApiRuns, another_request_does_not_get_the_run_of_a_client_that_has_gone) {
  const ApiServer server(boots_for(milliseconds(300)),
                         {.silence = milliseconds(0), .grace = hours(1)});
  server.ask_and_leave(kAsked);
  EXPECT_EQ(server.ask(kAskedStream).status, 200);
  EXPECT_EQ(server.creates(), 2U);
}

TEST(ApiRuns, a_run_that_nobody_asks_for_again_is_canceled) {
  const ApiServer server(boots_for(hours(1)),
                         {.silence = milliseconds(0), .grace = milliseconds(1)});
  server.ask_and_leave(kAsked);
  server.wait_for("/cancel", 1);
}

TEST(ApiRuns, a_client_that_leaves_without_much_silence_has_its_run_canceled_at_once) {
  const ApiServer server(boots_for(hours(1)), {.silence = hours(1), .grace = hours(1)});
  for (const char* body : {kAsked, kAskedStream}) server.ask_and_leave(body);
  server.wait_for("/cancel", 2);
  const auto again = server.start(kAsked);
  EXPECT_EQ(server.creates(), 3U);
}

TEST(ApiRuns, a_stream_shows_that_it_is_alive_while_the_model_boots) {
  const ApiServer server(boots_for(hours(1)), {.keep_alive = milliseconds(1)});
  const auto client = server.start(kAskedStream);
  const std::string seen = client->receive_until(": keep-alive\n\n");
  EXPECT_NE(seen.find("text/event-stream"), std::string::npos);
  EXPECT_NE(seen.find(": keep-alive\n\n"), std::string::npos);
}

}  // namespace
}  // namespace rellama::web
