// Measures generate_many against the emulator, which runs in a process of its own:
//   - memory, threads and connections with 1,000 predictions streaming at a time, over plain HTTP
//     and through nghttpx with TLS and HTTP/2
//   - the CPU time of a prediction: create, stream of 50 tokens sent at once, final object
// bench/run --many runs it.

#include <curl/curl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "child.hpp"
#include "rellama/generate_many.hpp"
#include "support/certificates.hpp"

namespace rellama::bench {
namespace {

constexpr std::size_t kInFlight = 1'000;
constexpr std::size_t kTokens = 50;

// A number in /proc/self/status, such as VmRSS in KiB.
double status_number(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1));
  }
  throw std::runtime_error("no " + name);
}

std::size_t count_sockets() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    if (std::filesystem::read_symlink(entry, ignored).string().starts_with("socket:")) ++count;
  }
  return count;
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Prompts final : public RequestSource {
 public:
  explicit Prompts(std::size_t count) : count_(count) {}
  Supply next(RowRequest& row) override {
    if (at_ == count_) return Supply::end;
    row.request.model = ModelName{"meta", "llama-2-7b-chat"};
    row.request.prompt = "Why is the sky blue? " + std::to_string(at_++);
    row.request.parameters.max_new_tokens = kTokens;
    row.request.parameters.min_new_tokens = kTokens;
    return Supply::request;
  }

 private:
  std::size_t count_;
  std::size_t at_ = 0;
};

// Counts, and calls back once all rows have received text.
class Counter final : public RowSink {
 public:
  explicit Counter(std::size_t rows) : streaming_(rows) {}
  void output(std::size_t row, std::string_view text) override {
    bytes += text.size();
    if (streaming_[row]) return;
    streaming_[row] = true;
    if (++streaming != streaming_.size()) return;
    if (on_all_streaming) on_all_streaming();
  }
  void ended(std::size_t /*row*/, RowEnd end) override {
    if (!end.error) return;
    ++failed;
    why = end.error->what();
  }
  Time flush() override {
    if (on_flush) on_flush();
    return Time::max();
  }

  std::size_t bytes = 0;
  std::size_t streaming = 0;
  std::size_t failed = 0;
  std::string why;
  std::function<void()> on_all_streaming;
  std::function<void()> on_flush;

 private:
  std::vector<bool> streaming_;
};

Client make_client(const std::string& url, const std::string& ca_file = {}) {
  ClientOptions options;
  options.base_url = url;
  options.ca_file = ca_file;
  return Client(ApiToken("r8_bench"), options);
}

std::unique_ptr<Child> start_emulator(const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{RELLAMA_PROGRAM, "emulator"};
  words.insert(words.end(), more.begin(), more.end());
  return std::make_unique<Child>(words, "http://127.0.0.1:");
}

std::string url_in(const std::string& text) {
  const auto begin = text.find("http://");
  return text.substr(begin, text.find_first_of(" \n\"", begin) - begin);
}

void measure_in_flight(const std::string& name, Client client) {
  {  // the first prediction pays for what all share
    Prompts one(1);
    Counter counter(2);
    StopSource stop;
    counter.on_flush = [&] {
      if (counter.streaming > 0) stop.request(ErrorKind::interrupted);
    };
    generate_many(client, one, counter, 2, stop.token());
  }
  const double memory_before = status_number("VmRSS");
  const double threads_before = status_number("Threads");
  const std::size_t sockets_before = count_sockets();
  Prompts prompts(kInFlight);
  Counter counter(kInFlight);
  StopSource stop;
  double memory = 0;
  double threads = 0;
  std::size_t sockets = 0;
  counter.on_all_streaming = [&] {
    memory = status_number("VmRSS");
    threads = status_number("Threads");
    sockets = count_sockets() - sockets_before;
    stop.request(ErrorKind::interrupted);
  };
  const auto begin = std::chrono::steady_clock::now();
  generate_many(client, prompts, counter, kInFlight, stop.token());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  if (counter.streaming < kInFlight) throw std::runtime_error("not all streamed: " + counter.why);
  std::printf("%-38s %6.1f KiB each, %2.0f more threads, %4zu connections (%.1f s)\n", name.c_str(),
              (memory - memory_before) / kInFlight, threads - threads_before, sockets,
              took.count());
}

void measure_cpu(std::size_t in_flight) {
  constexpr std::size_t kRows = 4'000;
  const auto emulator = start_emulator();
  Client client = make_client(url_in(emulator->output()));
  Prompts prompts(kRows);
  Counter counter(kRows);
  const double before = cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  generate_many(client, prompts, counter, in_flight);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  if (counter.failed > 0) throw std::runtime_error("a row failed: " + counter.why);
  std::printf("%-38s %6.1f µs of CPU each, %.0f predictions a second\n",
              ("50 tokens at once, " + std::to_string(in_flight) + " in flight").c_str(),
              (cpu_seconds() - before) / kRows * 1e6, kRows / took.count());
}

std::string find_program(const std::string& name) {
  for (const std::string folder : {"/usr/bin/", "/usr/sbin/", "/usr/local/bin/"}) {
    if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  return {};
}

void measure_http2() {
  const std::string nghttpx = find_program("nghttpx");
  if (nghttpx.empty()) {
    std::printf("TLS and HTTP/2: not measured: nghttpx is not installed\n");
    return;
  }
  const auto folder =
      std::filesystem::temp_directory_path() / ("rellama-bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const test::Authority authority;
  const auto certificate = authority.issue(test::Flaw::none);
  std::ofstream(folder / "ca.pem") << authority.pem();
  std::ofstream(folder / "cert.pem") << certificate.certificate;
  std::ofstream(folder / "key.pem") << certificate.key;
  {
    const auto emulator = start_emulator({"--token-rate", "1"});
    const std::string url = url_in(emulator->output());
    const std::string port = url.substr(url.rfind(':') + 1, url.find('/', 8) - url.rfind(':') - 1);
    // Below the ports that outgoing connections get.
    const std::string front = std::to_string(20'000 + ::getpid() % 10'000);
    const Child proxy({nghttpx, "--frontend=127.0.0.1," + front, "--backend=127.0.0.1," + port,
                       "--workers=1", "--conf=/dev/null", "--log-level=NOTICE",
                       (folder / "key.pem").string(), (folder / "cert.pem").string()},
                      "istening on");
    measure_in_flight("1,000 streaming, nghttpx, TLS, HTTP/2",
                      make_client("https://127.0.0.1:" + front, (folder / "ca.pem").string()));
  }
  std::filesystem::remove_all(folder);
}

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void measure_plain() {
  const auto emulator = start_emulator({"--token-rate", "1"});
  measure_in_flight("1,000 streaming, plain HTTP", make_client(url_in(emulator->output())));
}

}  // namespace

// In a process of its own, so that it finds no memory that an earlier one has left.
template <typename Measure>
void apart(Measure measure) {
  std::fflush(stdout);
  const pid_t pid = ::fork();
  if (pid == 0) {
    try {
      measure();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "rellama: %s\n", error.what());
    }
    std::fflush(stdout);
    ::_exit(0);
  }
  ::waitpid(pid, nullptr, 0);
}

void run() {
  raise_descriptor_limit();
  apart(measure_plain);
  apart(measure_http2);
  for (const std::size_t in_flight : {std::size_t{1}, std::size_t{100}, kInFlight}) {
    apart([in_flight] { measure_cpu(in_flight); });
  }
}

// `what`: memory, or how many are in flight while the CPU time is measured.
void run_one(const std::string& what) {
  raise_descriptor_limit();
  what == "memory" ? measure_plain() : measure_cpu(std::stoul(what));
}

}  // namespace rellama::bench

int main(int argc, char** argv) {
  try {
    if (argc > 1) {  // one measurement alone, for a profiler
      rellama::bench::run_one(argv[1]);
      return 0;
    }
    rellama::bench::run();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rellama: %s\n", error.what());
    return 1;
  }
}
