#include "emulator/emulator.hpp"

#include <atomic>
#include <memory>
#include <thread>

#include "emulator_fixture.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class EmulatorRunning : public EmulatorTest {};

std::string account_request(int port) {
  return "GET /v1/account HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nAuthorization: Bearer r8_x\r\n\r\n";
}

TEST_F(EmulatorRunning, requests_are_recorded_without_the_token) {
  start();
  ask("meta/llama-2-7b-chat", {{"prompt", "x"}}, {{"Cancel-After", "60"}});
  exchange(emulator().port(), "GET", "/v1/predictions?cursor=a");
  const auto requests = emulator().requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].path, "/v1/models/meta/llama-2-7b-chat/predictions");
  EXPECT_EQ(json::parse(requests[0].body)["input"]["prompt"], "x");
  EXPECT_TRUE(requests[0].authorized);
  EXPECT_EQ(requests[0].authorization_scheme, "Bearer");
  EXPECT_EQ(requests[0].header("cancel-after"), "60");
  for (const auto& [name, value] : requests[0].headers) {
    EXPECT_EQ(value.find("r8_test"), std::string::npos) << name;
  }
  EXPECT_FALSE(requests[1].authorized);
  EXPECT_EQ(requests[1].path, "/v1/predictions");
  EXPECT_EQ(requests[1].target, "/v1/predictions?cursor=a");
}

TEST_F(EmulatorRunning, the_access_log_has_one_line_for_each_request) {
  std::vector<std::string> lines;
  EmulatorOptions options;
  options.faults = {"get:reset"};
  options.access_log = [&lines](std::string_view line) { lines.emplace_back(line); };
  start(options);
  get("/v1/account");
  get("/v1/predictions/x");
  emulator().stop();
  EXPECT_EQ(lines,
            (std::vector<std::string>{"GET /v1/account 200", "GET /v1/predictions/x no answer"}));
}

TEST_F(EmulatorRunning, one_connection_carries_many_requests) {
  start();
  RawClient connection(emulator().port());
  for (int i = 0; i < 200; ++i) {
    connection.send(account_request(emulator().port()));
    std::string answer;
    while (answer.find("github_url") == std::string::npos) {
      const std::string part = connection.receive();
      ASSERT_FALSE(part.empty()) << "closed after " << i;
      answer += part;
    }
  }
}

TEST_F(EmulatorRunning, a_path_is_decoded_and_the_target_stays_as_sent) {
  start();
  exchange(emulator().port(), "GET", "/v1/models/a%20b?q=%41+b&r");
  const RecordedRequest request = emulator().requests().back();
  EXPECT_EQ(request.path, "/v1/models/a b");
  EXPECT_EQ(request.target, "/v1/models/a%20b?q=%41+b&r");
}

TEST_F(EmulatorRunning, a_body_of_megabytes_arrives_whole) {
  start();
  const std::string prompt(4'000'000, 'a');
  EXPECT_EQ(ask("rellama-demo/echo", {{"prompt", prompt}}).status, 201);
  EXPECT_EQ(json::parse(emulator().requests().back().body)["input"]["prompt"], prompt);
}

TEST_F(EmulatorRunning, a_body_that_is_too_long_is_refused_and_not_recorded) {
  start();
  const std::string prompt(65 * 1024 * 1024, 'a');
  EXPECT_EQ(ask("rellama-demo/echo", {{"prompt", prompt}}).status, 413);
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(EmulatorRunning, a_client_that_expects_100_continue_receives_it) {
  start();
  RawClient connection(emulator().port());
  connection.send(
      "POST /v1/predictions HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
      "Content-Length: 2\r\n\r\n");
  EXPECT_EQ(connection.receive(), "HTTP/1.1 100 Continue\r\n\r\n");
  connection.send("{}");
  EXPECT_TRUE(connection.receive().starts_with("HTTP/1.1 401 "));
}

TEST_F(EmulatorRunning, each_reply_is_delayed_by_the_latency) {
  EmulatorOptions options;
  options.latency = 80ms;
  start(options);
  const auto begin = std::chrono::steady_clock::now();
  get("/v1/account");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 80ms);
}

TEST_F(EmulatorRunning, many_streams_and_idle_connections_do_not_block_other_requests) {
  EmulatorOptions options;
  options.token_rate = 200;
  start(options);
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 64; ++i) {
    idle.push_back(std::make_unique<RawClient>(emulator().port()));
    ASSERT_TRUE(idle.back()->connected());
  }
  std::atomic<int> whole{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 64; ++i) {
    readers.emplace_back([this, &whole] {
      const json prediction =
          ask("meta/llama-2-7b-chat", {{"prompt", "x"}, {"max_tokens", 40}}).json();
      if (parse_events(stream(prediction).body).size() == 41) ++whole;
    });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(whole, 64);
  EXPECT_EQ(get("/v1/account").status, 200);
}

TEST_F(EmulatorRunning, stopping_ends_streams_waits_and_idle_connections_at_once) {
  EmulatorOptions options;
  options.cold_boot = 10min;
  start(options);
  const json prediction = ask("meta/llama-2-7b-chat", {{"prompt", "x"}}).json();
  RawClient idle(emulator().port());
  std::thread reader([&] { EXPECT_FALSE(stream(prediction).complete); });
  std::thread waiter([&] {
    ask("meta/llama-2-7b-chat", {{"prompt", "x"}}, {{"Prefer", "wait=60"}});
  });
  while (emulator().requests().size() < 3) std::this_thread::sleep_for(1ms);
  const auto begin = std::chrono::steady_clock::now();
  emulator().stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 500ms);
  emulator().stop();
  EXPECT_EQ(idle.receive(), "");
  reader.join();
  waiter.join();
}

TEST(Emulator, an_emulator_that_was_never_started_can_be_destroyed) {
  const Emulator emulator{EmulatorOptions{}};
  EXPECT_TRUE(emulator.requests().empty());
}

TEST(Emulator, a_port_in_use_is_a_network_error) {
  Emulator first{EmulatorOptions{}};
  first.start();
  EXPECT_EQ(first.base_url(), "http://127.0.0.1:" + std::to_string(first.port()) + "/v1");
  EmulatorOptions options;
  options.port = first.port();
  Emulator second(options);
  try {
    second.start();
    ADD_FAILURE() << "both listen on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::network);
  }
}

TEST(Emulator, only_loopback_addresses_are_accepted) {
  EmulatorOptions options;
  options.host = "0.0.0.0";
  EXPECT_THROW(Emulator{options}, Error);
}

TEST(Emulator, an_invalid_fault_is_refused) {
  EmulatorOptions options;
  options.faults = {"create:sometimes"};
  EXPECT_THROW(Emulator{options}, Error);
}

}  // namespace
}  // namespace rellama::emulator::test
