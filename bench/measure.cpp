#include "measure.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace rellama::bench {
namespace {

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

struct Run {
  Cost cost;
  std::string output;
};

Run run_once(const Command& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  Run run;
  const auto begin = std::chrono::steady_clock::now();
  const auto since = [begin] {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
        .count();
  };
  const pid_t pid = start(command, ends[1]);
  ::close(ends[1]);
  std::vector<char> bytes(std::size_t{1} << 20);
  for (ssize_t count = 0; (count = ::read(ends[0], bytes.data(), bytes.size())) > 0;) {
    if (run.cost.first_ms == 0) run.cost.first_ms = since();
    if (command.decode) run.output.append(bytes.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  run.cost.wall_ms = since();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != command.exit_code) {
    throw std::runtime_error(command.name + " failed");
  }
  run.cost.cpu_ms = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
  run.cost.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  return run;
}

// A home for the programs that are measured. Without HOME, rellama would find the user's own, and
// record its canned answers there.
class ScratchHome {
 public:
  ScratchHome() {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
  }
  ScratchHome(const ScratchHome&) = delete;
  ScratchHome& operator=(const ScratchHome&) = delete;
  ~ScratchHome() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "rellama-bench-XXXXXX").string();
};

}  // namespace

pid_t start(const Command& command, int output) {
  std::vector<std::string> words = command.words;
  static const ScratchHome home;
  std::vector<std::string> variables{"HOME=" + home.path()};
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (std::string& variable : variables) envp.push_back(variable.data());
  envp.push_back(nullptr);

  // Not posix_spawn: its child would count the parent's peak memory as its own.
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("cannot start " + command.name);
  if (pid == 0) {
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    if (command.exit_code != 0) ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
    ::execvpe(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  return pid;
}

std::vector<std::vector<Cost>> measure(const std::vector<Command>& commands, int rounds) {
  std::vector<std::vector<Cost>> runs(commands.size());
  std::string text;
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < commands.size(); ++i) {
      Run run = run_once(commands[i]);
      runs[i].push_back(run.cost);
      if (!commands[i].decode) continue;
      const std::string decoded = commands[i].decode(run.output);
      if (text.empty()) text = decoded;
      if (decoded.empty() || decoded != text) {
        throw std::runtime_error(commands[i].name + " printed another text");
      }
    }
  }
  return runs;
}

std::vector<double> values_of(const std::vector<Cost>& runs, double Cost::*quantity) {
  std::vector<double> values;
  for (const Cost& run : runs) values.push_back(run.*quantity);
  return values;
}

}  // namespace rellama::bench
