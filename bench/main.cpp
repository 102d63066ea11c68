// Measures rellama and other clients doing the same work, in alternation, in one run, against the
// emulator. Compare the ratios: the absolute figures depend on the machine and its load.
//   rellama_bench [--quick] [--growth] [--json FILE]

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

#include "delay_proxy.hpp"
#include "measure.hpp"
#include "paced_server.hpp"
#include "peers.hpp"
#include "support/certificates.hpp"
#include "support/tls_front.hpp"
#include "table.hpp"
#include "token_latency.hpp"

namespace rellama::bench {
namespace {

using namespace std::chrono_literals;

struct Options {
  bool quick = false;
  bool growth = false;
  std::string json = {};

  [[nodiscard]] int rounds(int usual) const { return quick ? std::max(3, usual / 10) : usual; }
};

// The emulator runs in its own process, because a child starts with its parent's peak memory.
class EmulatorProcess {
 public:
  explicit EmulatorProcess(const std::vector<std::string>& more = {}) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
    Command command{.name = "the emulator",
                    .words = {RELLAMA_PROGRAM, "emulator", "--context-window", "10000000"},
                    .environment = {}};
    command.words.insert(command.words.end(), more.begin(), more.end());
    pid_ = start(command, ends[1]);
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
  [[nodiscard]] int port() const { return std::stoi(base_url_.substr(base_url_.rfind(':') + 1)); }

 private:
  pid_t pid_ = -1;
  std::string base_url_;
};

// Runs rellama (the first command) and its peers, and adds a row for each quantity.
struct Quantity {
  std::string what;
  std::string unit;
  double Cost::*of;
  double factor = 1;
  double offset = 0;
};

void compare(Table& table, const std::vector<Command>& commands, int rounds,
             const std::vector<Quantity>& quantities) {
  const auto runs = measure(commands, rounds);
  for (const Quantity& quantity : quantities) {
    const auto spread = [&](std::size_t i) {
      std::vector<double> values = values_of(runs[i], quantity.of);
      for (double& value : values) value = (value - quantity.offset) * quantity.factor;
      return spread_of(std::move(values));
    };
    Row row{.scenario = quantity.what, .unit = quantity.unit, .rellama = spread(0), .peers = {}};
    for (std::size_t i = 1; i < commands.size(); ++i) {
      row.peers.push_back({commands[i].name, spread(i)});
    }
    table.add(std::move(row));
  }
}

void measure_start(Table& table, const Options& options) {
  for (const std::string flag : {"--version", "--help"}) {
    compare(table,
            {{.name = "rellama", .words = {RELLAMA_PROGRAM, flag}, .environment = {}},
             {.name = "curl", .words = {"curl", flag}, .environment = {}}},
            options.rounds(200),
            {{flag + ", wall", "ms", &Cost::wall_ms}, {flag + ", CPU", "ms", &Cost::cpu_ms}});
  }
}

// The official clients that are installed.
void add_clients(Table& table, std::vector<Command>& commands, const std::string& base_url,
                 int tokens) {
  for (const auto& [client, name] : {std::pair{javascript(base_url, tokens), "JavaScript"},
                                     {python(base_url, tokens), "Python"}}) {
    if (client) {
      commands.push_back(*client);
    } else {
      table.note(std::string("the official ") + name + " client is not installed");
    }
  }
}

void measure_one_shot(Table& table, const Options& options, const EmulatorProcess& emulator) {
  constexpr int kTokens = 200;
  const std::string& url = emulator.base_url();
  std::vector<Command> commands{rellama(url, kTokens), curl_streams(url, kTokens),
                                minimal(url, kTokens)};
  add_clients(table, commands, url, kTokens);
  compare(table, commands, options.rounds(50),
          {{"200 tokens, wall", "ms", &Cost::wall_ms},
           {"200 tokens, CPU", "ms", &Cost::cpu_ms},
           {"200 tokens, first token from exec", "ms", &Cost::first_ms},
           {"200 tokens, peak memory", "MiB", &Cost::peak_mib}});
  Command waits = rellama(url, kTokens);
  waits.words.insert(waits.words.begin() + 1, "--no-stream");
  compare(table, {waits, curl_waits(url, kTokens)}, options.rounds(50),
          {{"200 tokens, Prefer: wait, wall", "ms", &Cost::wall_ms}});
}

void measure_big_stream(Table& table, const Options& options, const EmulatorProcess& emulator) {
  constexpr int kTokens = 200'000;
  const std::string& url = emulator.base_url();
  // Without the official clients, which would take most of a minute each.
  const std::vector<Command> commands{rellama(url, kTokens), curl_streams(url, kTokens),
                                      minimal(url, kTokens)};
  compare(table, commands, options.quick ? 3 : 9,
          {{"200,000 tokens, CPU a token", "ns", &Cost::cpu_ms, 1e6 / kTokens},
           {"200,000 tokens, wall", "ms", &Cost::wall_ms},
           {"200,000 tokens, peak memory", "MiB", &Cost::peak_mib}});
}

// Each token in its own packet, as many servers send them.
void measure_single_tokens(Table& table, const Options& options) {
  const int tokens = options.quick ? 50'000 : 200'000;
  const PacedServer server(tokens, 0us);
  const std::map<std::string, std::string> variables = {{"REPLICATE_API_TOKEN", "r8_bench"},
                                                        {"REPLICATE_BASE_URL", server.base_url()}};
  compare(table,
          {{.name = "rellama",
            .words = {RELLAMA_PROGRAM, "hi"},
            .environment = variables,
            .decode = trimmed},
           {.name = "curl",
            .words = {"curl", "-sSN", server.stream_url()},
            .environment = {},
            .decode = text_of_events},
           {.name = "minimal libcurl",
            .words = {RELLAMA_BENCH_MINIMAL, server.stream_url()},
            .environment = variables,
            .decode = trimmed}},
          options.rounds(5),
          {{"200,000 tokens one by one, CPU a token", "ns", &Cost::cpu_ms, 1e6 / tokens},
           {"200,000 tokens one by one, wall", "ms", &Cost::wall_ms}});
}

void measure_paced_stream(Table& table, const Options& options) {
  const int tokens = options.quick ? 500 : 2'000;
  const PacedServer server(tokens, 500us);
  const std::map<std::string, std::string> variables = {{"REPLICATE_API_TOKEN", "r8_bench"},
                                                        {"REPLICATE_BASE_URL", server.base_url()}};
  const std::vector<Command> commands{
      {.name = "rellama", .words = {RELLAMA_PROGRAM, "hi"}, .environment = variables},
      {.name = "curl", .words = {"curl", "-sSN", server.stream_url()}, .environment = {}},
      {.name = "minimal libcurl",
       .words = {RELLAMA_BENCH_MINIMAL, server.stream_url()},
       .environment = variables}};
  std::vector<std::vector<double>> medians(commands.size());
  std::vector<std::vector<double>> slowest(commands.size());
  for (int round = 0; round < options.rounds(7); ++round) {
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const TokenLatency latency = measure_token_latency(commands[i], server, tokens);
      medians[i].push_back(latency.median_us);
      slowest[i].push_back(latency.p99_us);
    }
  }
  for (const auto& [what, values] : {std::pair{"a token, socket to stdout, median", &medians},
                                     {"a token, socket to stdout, 99 of 100", &slowest}}) {
    Row row{.scenario = what, .unit = "us", .rellama = spread_of((*values)[0]), .peers = {}};
    for (std::size_t i = 1; i < commands.size(); ++i) {
      row.peers.push_back({commands[i].name, spread_of((*values)[i])});
    }
    table.add(std::move(row));
  }
}

void measure_polls(Table& table, const Options& options) {
  constexpr int kTokens = 300;
  constexpr double kRunMs = 6'000;  // longer than a create request waits
  const EmulatorProcess emulator({"--token-rate", std::to_string(kTokens * 1000 / kRunMs)});
  Command polls = rellama(emulator.base_url(), kTokens);
  polls.words.insert(polls.words.begin() + 1, "--no-stream");
  compare(table, {polls, curl_polls(emulator.base_url(), kTokens)}, options.quick ? 2 : 5,
          {{"polls, time lost after the end", "ms", &Cost::wall_ms, 1, kRunMs}});
}

void measure_https(Table& table, const Options& options, const EmulatorProcess& emulator) {
  const test::Authority authority;
  const test::TlsFront front(authority.issue(test::Flaw::none), emulator.port());
  const auto file = std::filesystem::temp_directory_path() / "rellama_bench_authority.pem";
  std::ofstream(file) << authority.pem();
  const std::string url = front.url() + "/v1";
  Command ours = rellama(url, 200);
  Command curls = curl_streams(url, 200);
  for (Command* command : {&ours, &curls}) command->environment["SSL_CERT_FILE"] = file.string();
  compare(table, {ours, curls}, options.rounds(30),
          {{"HTTPS, 200 tokens, CPU", "ms", &Cost::cpu_ms},
           {"HTTPS, 200 tokens, wall", "ms", &Cost::wall_ms}});
  // Both search the system's authorities and do not find this one.
  compare(table,
          {{.name = "rellama",
            .words = {RELLAMA_PROGRAM, "-q", "--retries", "0", "hi"},
            .environment = {{"REPLICATE_API_TOKEN", "r8_bench"}, {"REPLICATE_BASE_URL", url}},
            .exit_code = 7},
           {.name = "curl", .words = {"curl", "-s", url}, .environment = {}, .exit_code = 60}},
          options.rounds(30), {{"HTTPS, the system's authorities, CPU", "ms", &Cost::cpu_ms}});
  std::filesystem::remove(file);
}

void measure_distance(Table& table, const Options& options, const EmulatorProcess& emulator) {
  const DelayProxy proxy(emulator.port(), 80ms);
  const std::string url = "http://127.0.0.1:" + std::to_string(proxy.port()) + "/v1";
  compare(table, {rellama(url, 200), curl_streams(url, 200)}, options.rounds(20),
          {{"80 ms away, first token", "ms", &Cost::first_ms}});
}

void measure_growth(Table& table, const EmulatorProcess& emulator) {
  for (const int tokens : {200, 2'000, 20'000, 200'000, 2'000'000}) {
    compare(table, {rellama(emulator.base_url(), tokens)}, 5,
            {{std::to_string(tokens) + " tokens, CPU", "ms", &Cost::cpu_ms},
             {std::to_string(tokens) + " tokens, CPU a token", "ns", &Cost::cpu_ms, 1e6 / tokens},
             {std::to_string(tokens) + " tokens, peak memory", "MiB", &Cost::peak_mib}});
  }
  // Each poll returns everything so far. A run takes 8 seconds, whatever its length; the create
  // request waits 5 of them, and some 300 polls follow.
  for (const int tokens : {200, 2'000, 20'000, 200'000}) {
    const EmulatorProcess paced({"--token-rate", std::to_string(tokens / 8)});
    Command polls = rellama(paced.base_url(), tokens);
    polls.words.insert(polls.words.begin() + 1, "--no-stream");
    polls.environment["REPLICATE_POLL_INTERVAL"] = "0.01";
    compare(table, {polls}, 3,
            {{std::to_string(tokens) + " tokens by polls, CPU", "ms", &Cost::cpu_ms},
             {std::to_string(tokens) + " tokens by polls, memory", "MiB", &Cost::peak_mib}});
  }
}

void run(const Options& options) {
  Table table;
  {
    const EmulatorProcess emulator;
    if (options.growth) {
      measure_growth(table, emulator);
    } else {
      measure_start(table, options);
      measure_one_shot(table, options, emulator);
      measure_big_stream(table, options, emulator);
      measure_single_tokens(table, options);
      measure_paced_stream(table, options);
      measure_polls(table, options);
      measure_https(table, options, emulator);
      measure_distance(table, options, emulator);
    }
  }
  if (!options.json.empty()) table.write_json(options.json);
}

std::optional<Options> parse(const std::vector<std::string>& words) {
  Options options;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (*word == "--quick") {
      options.quick = true;
    } else if (*word == "--growth") {
      options.growth = true;
    } else if (*word == "--json" && word + 1 != words.end()) {
      options.json = *++word;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

}  // namespace
}  // namespace rellama::bench

int main(int argc, char** argv) {
  const auto options = rellama::bench::parse({argv + 1, argv + argc});
  if (!options) {
    std::fprintf(stderr, "usage: rellama_bench [--quick] [--growth] [--json FILE]\n");
    return 2;
  }
  try {
    rellama::bench::run(*options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rellama_bench: %s\n", error.what());
    return 1;
  }
}
