// How the emulator copes with many clients at a time.

#include <filesystem>
#include <memory>

#include "emulator_fixture.hpp"

namespace rellama::emulator::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class EmulatorScale : public EmulatorTest {};

#ifdef __linux__

std::size_t count_threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

TEST_F(EmulatorScale, two_hundred_streams_at_a_time_need_four_threads_at_most) {
  EmulatorOptions options;
  options.faults = {"stream:stall@3"};
  options.stream_timeout = 10min;
  start(options);
  const json prediction = ask("meta/llama-2-7b-chat", {{"prompt", "x"}, {"max_tokens", 40}}).json();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<RawClient>(emulator().port()));
    clients.back()->send("GET " + path_of(prediction, "stream") +
                         " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
  }
  for (const auto& client : clients) {
    std::string received = client->receive_until("\ndata:");
    while (parse_events(received).size() < 3) {
      const std::string part = client->receive();
      ASSERT_FALSE(part.empty());
      received += part;
    }
  }
  // All of them are open, and each has had its three tokens.
  EXPECT_LE(count_threads(), 4U) << "the test's own thread included";
}

#endif

}  // namespace
}  // namespace rellama::emulator::test
