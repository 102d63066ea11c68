// Measures the API of `rellama serve` next to nginx and Portkey's gateway, with one model that
// speaks to each in its own protocol, with the same delays. bench/run --api runs it.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "child.hpp"
#include "stream_load.hpp"

namespace rellama::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kKey = "0123456789abcdef0123456789abcdef";
constexpr const char* kBody = R"({"model":"meta/llama-2-70b-chat","stream":true,"max_tokens":500,)"
                              R"("messages":[{"role":"user","content":"Why is the sky blue?"}]})";

/// One way from a client to the model.
struct Way {
  std::string name;
  std::unique_ptr<Child> server;  ///< none: directly
  int port = 0;
  std::string path = "/v1/chat/completions";
  std::string headers = {};
  double start_ms = 0;  ///< from exec to the first reply
};

int port_in(const std::string& text) {
  return std::stoi(text.substr(text.find(':', text.find("//")) + 1));
}

std::string request_of(const Way& way) {
  return "POST " + way.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(way.port) +
         "\r\nContent-Type: application/json\r\n" + way.headers +
         "Content-Length: " + std::to_string(std::string(kBody).size()) + "\r\n\r\n" + kBody;
}

// User and system time of a process and of the children it has waited for.
double cpu_ms(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string field;
  double ticks = 0;
  constexpr int kUser = 11;
  constexpr int kSystem = 12;
  for (int i = 0; fields >> field; ++i) {
    if (i == kUser || i == kSystem) ticks += std::stod(field);
  }
  return ticks * 1000 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// A number in /proc/PID/status, such as VmHWM in KiB.
double status_of(pid_t pid, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1));
  }
  return 0;
}

// Whether a server replies to a request, whatever it says.
bool answers(int port, const std::string& ask) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  char byte = 0;
  const bool any =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::send(socket, ask.data(), ask.size(), MSG_NOSIGNAL) > 0 && ::recv(socket, &byte, 1, 0) == 1;
  ::close(socket);
  return any;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double largest(const std::vector<double>& values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

class Bench {
 public:
  explicit Bench(const fs::path& folder) : folder_(folder) { fs::create_directories(folder_); }

  void run() {
    use_model(53, std::chrono::milliseconds(20));
    std::vector<Way> ways = open_ways();
    std::printf("\nstart, from exec to the first reply\n");
    for (const Way& way : ways) {
      if (way.server) std::printf("  %-10s %8.0f ms\n", way.name.c_str(), way.start_ms);
    }
    std::printf("\n200 streams of 53 tokens, one token in 20 ms\n");
    for (Way& way : ways) measure_streams(way, 200);
    std::printf("\n50 streams: from the model to the client\n");
    for (Way& way : ways) measure_latency(way, 50);
    ways.clear();
    use_model(50, std::chrono::milliseconds(200));
    std::printf("\n1,000 streams of 50 tokens\n");
    Way rellama = open_rellama();
    measure_memory(rellama, 1'000);
  }

 private:
  void use_model(int tokens, std::chrono::microseconds interval) {
    model_.reset();
    model_ = std::make_unique<Child>(
        std::vector<std::string>{RELLAMA_BENCH_UPSTREAM, std::to_string(tokens),
                                 std::to_string(interval.count())},
        "http://127.0.0.1:");
    model_port_ = port_in(model_->output());
  }

  [[nodiscard]] std::vector<Way> open_ways() {
    std::vector<Way> ways;
    ways.push_back({.name = "direct", .server = nullptr, .port = model_port_});
    ways.push_back(open_rellama());
    for (const auto& open : {&Bench::open_nginx, &Bench::open_portkey}) {
      if (auto way = (this->*open)()) ways.push_back(std::move(*way));
    }
    return ways;
  }

  [[nodiscard]] Way open_rellama() {
    const std::string key_file = (folder_ / "key").string();
    std::ofstream(key_file) << kKey << '\n';
    fs::permissions(key_file, fs::perms::owner_read | fs::perms::owner_write);
    ::setenv("REPLICATE_API_TOKEN", "r8_bench", 1);
    ::setenv("REPLICATE_BASE_URL",
             ("http://127.0.0.1:" + std::to_string(model_port_) + "/v1").c_str(), 1);
    Way way{.name = "rellama", .server = nullptr};
    const auto start = Clock::now();
    way.server = std::make_unique<Child>(
        std::vector<std::string>{RELLAMA_PROGRAM, "serve", "-n", "--port", "0", "--api-key-file",
                                 key_file, "--max-concurrent", "1000"},
        "http://127.0.0.1:");
    way.port = port_in(way.server->output());
    way.headers = std::string("Authorization: Bearer ") + kKey + "\r\n";
    wait_for_reply(way, start);
    return way;
  }

  [[nodiscard]] std::optional<Way> open_nginx() {
    constexpr int kPort = 18185;
    const std::string config = (folder_ / "nginx.conf").string();
    std::ofstream(config) << "daemon off; master_process off; error_log /dev/null;\npid "
                          << (folder_ / "nginx.pid").string()
                          << ";\nevents { worker_connections 4096; }\nhttp { access_log off; "
                             "client_body_temp_path "
                          << folder_.string() << "; proxy_temp_path " << folder_.string()
                          << "; fastcgi_temp_path " << folder_.string() << "; uwsgi_temp_path "
                          << folder_.string() << "; scgi_temp_path " << folder_.string()
                          << ";\nserver { listen 127.0.0.1:" << kPort
                          << "; location / { proxy_http_version 1.1; proxy_set_header Connection "
                             "\"\"; proxy_buffering off; proxy_pass http://127.0.0.1:"
                          << model_port_ << "; } } }\n";
    return open_peer("nginx", {"nginx", "-c", config, "-p", folder_.string()}, kPort, "");
  }

  [[nodiscard]] std::optional<Way> open_portkey() {
    constexpr int kPort = 18186;
    const char* folder = std::getenv("RELLAMA_BENCH_NODE");
    const std::string program = std::string(folder == nullptr ? "" : folder) +
                                "/node_modules/@portkey-ai/gateway/build/start-server.js";
    if (!fs::exists(program)) {
      std::printf("(without @portkey-ai/gateway, which npm could not install)\n");
      return std::nullopt;
    }
    return open_peer("portkey", {"node", program, "--headless", "--port=" + std::to_string(kPort)},
                     kPort,
                     "x-portkey-provider: openai\r\nAuthorization: Bearer x\r\n"
                     "x-portkey-custom-host: http://127.0.0.1:" +
                         std::to_string(model_port_) + "/v1\r\n");
  }

  [[nodiscard]] std::optional<Way> open_peer(const std::string& name,
                                             std::vector<std::string> words, int port,
                                             const std::string& headers) {
    Way way{.name = name, .server = nullptr, .port = port, .headers = headers};
    const auto start = Clock::now();
    try {
      way.server = std::make_unique<Child>(std::move(words), "");
      wait_for_reply(way, start);
    } catch (const std::exception& error) {
      std::printf("(without %s: %s)\n", name.c_str(), error.what());
      return std::nullopt;
    }
    return way;
  }

  static void wait_for_reply(Way& way, Clock::time_point start) {
    const std::string ask =
        "GET / HTTP/1.0\r\nHost: 127.0.0.1:" + std::to_string(way.port) + "\r\n\r\n";
    while (!answers(way.port, ask)) {
      if (Clock::now() - start > std::chrono::seconds(20)) {
        throw std::runtime_error("it does not answer");
      }
    }
    way.start_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }

  static void measure_streams(const Way& way, std::size_t count) {
    const double before = way.server ? cpu_ms(way.server->pid()) : 0;
    const StreamLoad load = load_streams(way.port, request_of(way), count);
    const double cpu = way.server ? cpu_ms(way.server->pid()) - before : 0;
    std::printf(
        "  %-10s first token %6.0f ms (median), %6.0f ms (last); CPU %7.3f ms a request; "
        "%zu complete\n",
        way.name.c_str(), median(load.first_ms), largest(load.first_ms),
        cpu / static_cast<double>(count), load.complete);
  }

  static void measure_latency(const Way& way, std::size_t count) {
    const StreamLoad load = load_streams(way.port, request_of(way), count);
    std::printf("  %-10s %8.3f ms (median)\n", way.name.c_str(), median(load.token_ms));
  }

  static void measure_memory(const Way& way, std::size_t count) {
    double threads = 0;
    std::thread watch([&, pid = way.server->pid()] {
      std::this_thread::sleep_for(std::chrono::seconds(5));
      threads = status_of(pid, "Threads");
    });
    const StreamLoad load = load_streams(way.port, request_of(way), count);
    watch.join();
    constexpr double kKib = 1024;
    std::printf("  %-10s %5.1f MiB, %.0f threads; %zu complete\n", way.name.c_str(),
                status_of(way.server->pid(), "VmHWM") / kKib, threads, load.complete);
  }

  const fs::path folder_;
  std::unique_ptr<Child> model_;
  int model_port_ = 0;
};

}  // namespace
}  // namespace rellama::bench

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: rellama_bench_api FOLDER\n");
    return 2;
  }
  try {
    rellama::bench::Bench(words[1]).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rellama_bench_api: %s\n", error.what());
    return 1;
  }
  return 0;
}
