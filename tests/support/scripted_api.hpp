#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "support/scripted_tasks.hpp"

namespace rellama::test {

/// Plays Replicate's API for ScriptedTasks: creates, streams, reads, lists and cancels predictions
/// of one model, which writes a piece of `pieces` every `step` of the virtual time.
class ScriptedApi {
 public:
  ScriptedApi() = default;

  /// What the server answers. Throws std::logic_error for a request that no client should send.
  ScriptedAnswer answer(const ScriptedRequest& request);

  /// The output of every prediction. Pieces repeat, so that one shown twice is noticed.
  std::vector<std::string> pieces = {"",     "na\xC3\xAFve ",    "ha", "ha", "ha",
                                     "\n\n", " \xF0\x9F\xA6\x99"};
  std::chrono::milliseconds step{40};
  /// Whether a stream resumes after the Last-Event-ID of a request, as opposed to starting over.
  bool resumes = true;

  /// The IDs of the predictions that were created, and of those that were canceled.
  [[nodiscard]] std::vector<std::string> created() const;
  [[nodiscard]] std::vector<std::string> canceled() const;
  /// All pieces, joined.
  [[nodiscard]] std::string text() const;

  /// The URL under which creates, lists and everything else are found.
  static constexpr const char* kBase = "https://api.replicate.com/v1";

 private:
  using Time = http::Clock::time_point;

  struct Run {
    std::string id;
    std::string input;  // JSON
    Time created;
    Time completed;  // in the future until it has ended
    bool is_canceled = false;
  };

  ScriptedAnswer create(const ScriptedRequest& request);
  ScriptedAnswer list(Time now) const;
  ScriptedAnswer stream(const Run& run, const ScriptedRequest& request) const;
  [[nodiscard]] ScriptedAnswer object(int status, const Run& run, Time now) const;
  [[nodiscard]] std::string json(const Run& run, Time now, bool listed) const;
  [[nodiscard]] std::chrono::milliseconds after_steps(std::size_t count) const;
  [[nodiscard]] http::Headers headers(const std::string& type, Time now) const;
  [[nodiscard]] std::chrono::system_clock::time_point server_time(Time time) const;

  std::vector<Run> runs_;
  // The server's clock, when it was first asked.
  std::chrono::system_clock::time_point epoch_ = {};
  Time epoch_tick_ = {};
};

}  // namespace rellama::test
