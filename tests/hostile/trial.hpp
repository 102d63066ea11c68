#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "hostile/api.hpp"
#include "support/process.hpp"

namespace rellama::test {

/// What one trial found wrong.
struct Verdict {
  bool created_twice = false;
  bool wrong_exit = false;  ///< not the documented code, or 0 although the text is not the answer
  bool deaf = false;        ///< did not end, or left a prediction running
  bool answered = false;    ///< exit code 0
  std::string why = {};

  [[nodiscard]] bool is_good() const { return !created_twice && !wrong_exit && !deaf; }
};

/// One thing to try.
struct Trial {
  std::string row;   ///< of the table
  std::string name;  ///< in that row
  std::function<Verdict()> run;
};

void add_create_trials(std::vector<Trial>& trials);
void add_http2_trials(std::vector<Trial>& trials);
void add_stream_trials(std::vector<Trial>& trials);
void add_reader_trials(std::vector<Trial>& trials);
void add_signal_trials(std::vector<Trial>& trials);
void add_scarcity_trials(std::vector<Trial>& trials);

/// A server for HTTP/2, and how the program is told to trust it.
struct TlsSetup {
  TlsContext context;
  std::string ca_file;
};
[[nodiscard]] const TlsSetup& tls_setup();

/// How to run the program against a server: without a history, in a home of its own.
[[nodiscard]] Launch launch(const HostileApi& api, std::vector<std::string> arguments);

/// Kills a process that does not end.
class Watchdog {
 public:
  explicit Watchdog(pid_t pid);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  std::thread thread_;
};

/// What must come of a trial.
struct Expected {
  std::vector<int> exit_codes;
  std::string out = {};  ///< with exit code 0
  int creates = 1;       ///< at most
  int cancels = 0;       ///< at least: so many predictions are running
  bool checks_out = true;
};

[[nodiscard]] Verdict judge(const Outcome& outcome, const HostileApi& api,
                            const Expected& expected);

/// Runs the program to its end, and judges it.
[[nodiscard]] Verdict run_and_judge(const HostileApi& api, const Launch& launch,
                                    const Expected& expected);

}  // namespace rellama::test
