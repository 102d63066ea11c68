#include "token_latency.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

namespace rellama::bench {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

TokenLatency measure_token_latency(const Command& command, const PacedServer& server, int tokens) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  const pid_t pid = start(command, ends[1]);
  ::close(ends[1]);

  std::vector<Clock::time_point> arrived;
  std::string seen;
  std::size_t from = 0;
  std::array<char, 65536> bytes{};
  for (ssize_t count = 0; (count = ::read(ends[0], bytes.data(), bytes.size())) > 0;) {
    const auto now = Clock::now();
    seen.append(bytes.data(), static_cast<std::size_t>(count));
    while (true) {
      const std::string token = PacedServer::token(static_cast<int>(arrived.size()));
      const std::size_t at = seen.find(token, from);
      if (at == std::string::npos) break;
      arrived.push_back(now);
      from = at + token.size();
    }
  }
  ::close(ends[0]);
  ::waitpid(pid, nullptr, 0);

  const auto sent = server.sent();
  if (arrived.size() != static_cast<std::size_t>(tokens) || sent.size() != arrived.size()) {
    throw std::runtime_error(command.name + " lost tokens");
  }
  std::vector<double> latencies;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    latencies.push_back(std::chrono::duration<double, std::micro>(arrived[i] - sent[i]).count());
  }
  std::sort(latencies.begin(), latencies.end());
  return {.median_us = latencies[latencies.size() / 2],
          .p99_us = latencies[latencies.size() * 99 / 100]};
}

}  // namespace rellama::bench
