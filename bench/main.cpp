// rellama and curl doing the same work, in one run, against the emulator. Every line is a ratio;
// the figures it is made of are this machine's and this moment's.

#include <fcntl.h>
#include <signal.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

#include "measure.hpp"
#include "paced_server.hpp"
#include "token_latency.hpp"

namespace rellama::bench {
namespace {

constexpr const char* kBody =
    R"({"input":{"prompt":"hi","max_tokens":%d,"min_tokens":%d},"stream":true})";

std::string body(int tokens) {
  char text[160];
  std::snprintf(text, sizeof text, kBody, tokens, tokens);
  return text;
}

std::map<std::string, std::string> environment(const std::string& base_url) {
  return {{"PATH", "/usr/bin:/bin"},
          {"REPLICATE_API_TOKEN", "r8_bench"},
          {"REPLICATE_BASE_URL", base_url}};
}

Command ask(const std::string& base_url, int tokens) {
  const std::string count = std::to_string(tokens);
  return {"rellama",
          {RELLAMA_PROGRAM, "--max-new-tokens", count, "--min-new-tokens", count, "hi"},
          environment(base_url)};
}

// The two requests a careful script makes: create, then the stream.
Command ask_with_curl(const std::string& base_url, int tokens) {
  const std::string script =
      "url=$(curl -sS -H \"Authorization: Bearer $REPLICATE_API_TOKEN\" "
      "-H 'Content-Type: application/json' -d '" +
      body(tokens) + "' " + base_url +
      "/models/meta/llama-2-70b-chat/predictions); url=${url##*'\"stream\":\"'}; "
      "exec curl -sSN \"${url%%\\\"*}\"";
  return {"curl, twice", {"/bin/sh", "-c", script}, environment(base_url)};
}

void print_row(const char* what, const char* unit, double ours, double theirs) {
  std::printf("%-44s %10.2f %10.2f %-6s %6.2f\n", what, ours, theirs, unit, ours / theirs);
}

void print_head() {
  utsname system{};
  ::uname(&system);
  std::printf("machine: %s %s, %u cores\n\n", system.sysname, system.machine,
              std::thread::hardware_concurrency());
  std::printf("%-44s %10s %10s %-6s %6s\n", "", "rellama", "curl", "", "ratio");
}

void measure_start() {
  const auto costs = measure({{"rellama", {RELLAMA_PROGRAM, "--version"}, environment("")},
                              {"curl", {"curl", "--version"}, environment("")}},
                             200);
  print_row("--version, wall", "ms", costs[0].wall_ms, costs[1].wall_ms);
  print_row("--version, CPU", "ms", costs[0].cpu_ms, costs[1].cpu_ms);
}

void measure_one_shot(const std::string& base_url) {
  const auto costs = measure({ask(base_url, 200), ask_with_curl(base_url, 200)}, 50);
  print_row("one answer of 200 tokens, wall", "ms", costs[0].wall_ms, costs[1].wall_ms);
  print_row("one answer of 200 tokens, CPU", "ms", costs[0].cpu_ms, costs[1].cpu_ms);
  print_row("one answer of 200 tokens, peak memory", "MiB", costs[0].peak_mib, costs[1].peak_mib);
}

void measure_big_stream(const std::string& base_url) {
  constexpr int kTokens = 200'000;
  const auto costs = measure({ask(base_url, kTokens), ask_with_curl(base_url, kTokens)}, 9);
  const auto per_token = [](double ms) { return ms * 1e6 / kTokens; };
  print_row("200,000 tokens, CPU a token", "ns", per_token(costs[0].cpu_ms),
            per_token(costs[1].cpu_ms));
  print_row("200,000 tokens, wall", "ms", costs[0].wall_ms, costs[1].wall_ms);
  print_row("200,000 tokens, peak memory", "MiB", costs[0].peak_mib, costs[1].peak_mib);
}

void measure_paced_stream() {
  constexpr int kTokens = 2'000;
  const PacedServer server(kTokens, std::chrono::microseconds(500));
  const Command ours{"rellama", {RELLAMA_PROGRAM, "hi"}, environment(server.base_url())};
  const Command theirs{"curl", {"curl", "-sSN", server.stream_url()}, environment("")};
  const TokenLatency rellama = measure_token_latency(ours, server, kTokens);
  const TokenLatency curl = measure_token_latency(theirs, server, kTokens);
  print_row("a token from socket to stdout, median", "us", rellama.median_us, curl.median_us);
  print_row("a token from socket to stdout, 99th of 100", "us", rellama.p99_us, curl.p99_us);
  const auto costs = measure({ours, theirs}, 5);
  print_row("2,000 tokens, each on its own, CPU", "ms", costs[0].cpu_ms, costs[1].cpu_ms);
}

// The emulator in a process of its own: a child starts with the peak memory of whoever started it.
class EmulatorProcess {
 public:
  EmulatorProcess() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
    pid_ = start({"the emulator",
                  {RELLAMA_PROGRAM, "emulator", "--context-window", "1000000"},
                  environment("")},
                 ends[1]);
    ::close(ends[1]);
    char byte = 0;
    std::string line;
    while (::read(ends[0], &byte, 1) == 1 && byte != '\n') line += byte;
    ::close(ends[0]);
    base_url_ = line.substr(std::min(line.find("http://"), line.size()));
  }
  ~EmulatorProcess() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  EmulatorProcess(const EmulatorProcess&) = delete;
  EmulatorProcess& operator=(const EmulatorProcess&) = delete;

  [[nodiscard]] const std::string& base_url() const { return base_url_; }

 private:
  pid_t pid_ = -1;
  std::string base_url_;
};

void run() {
  const EmulatorProcess emulator;
  print_head();
  measure_start();
  measure_one_shot(emulator.base_url());
  measure_big_stream(emulator.base_url());
  measure_paced_stream();
}

}  // namespace
}  // namespace rellama::bench

int main() {
  try {
    rellama::bench::run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rellama_bench: %s\n", error.what());
    return 1;
  }
}
