#include "hostile/trial.hpp"

#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace rellama::test {
namespace {

// Longer than anything that is documented takes, on a busy machine too.
constexpr std::chrono::seconds kBound{60};

/// A folder that is removed at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rellama-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

const std::string& home() {
  static const Folder folder;
  return folder.path();
}

TlsSetup make_tls_setup() {
  const Authority authority;
  const std::string file = home() + "/ca.pem";
  std::FILE* out = std::fopen(file.c_str(), "wb");
  const std::string pem = authority.pem();
  std::fwrite(pem.data(), 1, pem.size(), out);
  std::fclose(out);
  return {make_tls_context(authority.issue(Flaw::none)), file};
}

std::string shortened(const std::string& text) {
  constexpr std::size_t kMost = 200;
  return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

}  // namespace

const TlsSetup& tls_setup() {
  static const TlsSetup setup = make_tls_setup();
  return setup;
}

Launch launch(const HostileApi& api, std::vector<std::string> arguments) {
  Launch launch{.program = RELLAMA_PROGRAM, .arguments = std::move(arguments)};
  launch.environment = {{"PATH", "/usr/bin:/bin"},
                        {"HOME", home()},
                        {"LC_ALL", "C.UTF-8"},
                        {"TERM", "xterm"},
                        {"REPLICATE_API_TOKEN", "r8_test"},
                        {"REPLICATE_BASE_URL", api.url()},
                        {"REPLICATE_POLL_INTERVAL", "0.01"}};
  if (api.url().starts_with("https:")) launch.environment["SSL_CERT_FILE"] = tls_setup().ca_file;
  return launch;
}

Watchdog::Watchdog(pid_t pid)
    : thread_([this, pid] {
        std::unique_lock lock(mutex_);
        if (!ended_.wait_for(lock, kBound, [this] { return has_ended_; })) ::kill(pid, SIGKILL);
      }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  ended_.notify_one();
  thread_.join();
}

Verdict judge(const Outcome& outcome, const HostileApi& api, const Expected& expected) {
  Verdict verdict;
  const auto& codes = expected.exit_codes;
  const bool is_expected = std::find(codes.begin(), codes.end(), outcome.exit_code) != codes.end();
  verdict.answered = outcome.exit_code == 0;
  verdict.created_twice = api.count(Asked::create) > expected.creates;
  verdict.deaf = outcome.exit_code == -SIGKILL || api.count(Asked::cancel) < expected.cancels;
  verdict.wrong_exit =
      !is_expected || (verdict.answered && expected.checks_out && outcome.out != expected.out);
  if (!verdict.is_good()) {
    verdict.why = "exit " + std::to_string(outcome.exit_code) + ", " +
                  std::to_string(api.count(Asked::create)) + " created, " +
                  std::to_string(api.count(Asked::cancel)) + " canceled, printed '" +
                  shortened(outcome.out) + "', said '" + shortened(outcome.err) + "'";
  }
  return verdict;
}

Verdict run_and_judge(const HostileApi& api, const Launch& launch, const Expected& expected) {
  Process process(launch);
  Outcome outcome;
  {
    const Watchdog watchdog(process.pid());
    outcome = process.wait();
  }
  return judge(outcome, api, expected);
}

}  // namespace rellama::test
