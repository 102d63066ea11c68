// All runs of the server, on one thread. It knows nothing of the page: whoever starts a run passes
// the listener that receives its events.

#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "rellama/generate_many.hpp"
#include "rellama/stop.hpp"

namespace rellama::web {

/// Receives what becomes of one run, on the engine's thread.
class RunListener {
 public:
  using Time = RowSink::Time;

  virtual ~RunListener() = default;

  /// It waits for others to end, as the first (1), second, … of those that do; 0: for none.
  virtual void queued(std::size_t position) = 0;
  /// Whether it may be sent. One that nobody waits for any more keeps its place.
  [[nodiscard]] virtual bool is_wanted() const { return true; }
  /// It is sent now.
  virtual void begun() = 0;
  virtual void created(const Prediction& prediction) = 0;
  virtual void prompt_fitted(const PromptFit& /*fit*/) {}
  virtual void status_changed(Status status) = 0;
  virtual void output(std::string_view text) = 0;
  /// It has been asked to stop; `ended` follows.
  virtual void stopping() = 0;
  /// It has ended. Called once, last.
  virtual void ended(RowEnd end) = 0;
  /// Passes on what has arrived, if it is time. Returns when to be called again.
  virtual Time flush(Time now) = 0;
};

/// How much may be started.
struct EngineLimits {
  std::size_t concurrent = 4;                          ///< runs at a time; others wait
  std::size_t waiting = 100;                           ///< runs that may wait
  std::optional<std::chrono::milliseconds> time = {};  ///< a run may take, from when it is sent
  std::optional<std::size_t> hourly = {};              ///< runs that may be started within an hour
};

/// Why a run is not started for now.
struct Refused {
  std::string why;
  std::chrono::seconds retry_after;
  bool is_ending = false;  ///< the server is about to end
};

class Engine final : private RequestSource, private RowSink {
 public:
  using Clock = std::chrono::steady_clock;
  using Job = std::function<void()>;

  explicit Engine(EngineLimits limits) : limits_(limits) {}
  ~Engine() override;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // On any thread.

  /// Has `job` called on the engine's thread, soon. Jobs that are left when the engine ends are
  /// dropped.
  void post(Job job);
  /// Starts no more runs and ends once those that are there have ended.
  void drain();

  // On the engine's thread, that is within jobs and listeners.

  /// Whether a run may be started now.
  [[nodiscard]] std::optional<Refused> find_refusal();
  /// Starts a run, now or when others have ended. `id` identifies it here.
  void start(const std::string& id, GenerateRequest request, std::shared_ptr<RunListener> listener);
  /// Asks a run to stop. Does nothing if there is no such run, or if it was asked before.
  void stop(const std::string& id, ErrorKind reason);
  /// Has `work` called about once in `interval`, as long as the engine runs.
  void repeat(std::chrono::milliseconds interval, Job work);

  /// Has `work` called after whatever happened.
  void after_each_turn(Job work) { after_turn_ = std::move(work); }

  /// Runs until `stop` is requested, or until it is drained. Every run that is left then is
  /// canceled, and its listener told. Throws what a job or a listener throws.
  void run(Client& client, const StopToken& stop);
  void run(CogClient& client, const StopToken& stop);

 private:
  struct Run {
    GenerateRequest request = {};
    std::shared_ptr<RunListener> listener;
    StopSource stop = StopSource();  // once it is sent, with its deadline
    bool is_stopping = false;
    bool is_sent = false;
    Time flush_at = Time::min();
  };
  struct Repeated {
    Job work;
    std::chrono::milliseconds interval;
    Time next;
  };

  Supply next(RowRequest& row) override;
  void prompt_fitted(std::size_t row, const PromptFit& fit) override;
  void created(std::size_t row, const Prediction& prediction) override;
  void status_changed(std::size_t row, Status status) override;
  void output(std::size_t row, std::string_view text) override;
  void ended(std::size_t row, RowEnd end) override;
  Time flush() override;

  template <typename AnyClient>
  void run_with(AnyClient& client, const StopToken& stop);
  void set_wake(Job wake);
  [[nodiscard]] bool run_jobs();
  static void flush_run(Run& run, Time now);
  void tell_positions();
  /// Passes an event on. An exception of a listener ends its run, and no other.
  template <typename Event>
  void tell(std::size_t row, const Event& event);
  void end_waiting(ErrorKind reason);

  const EngineLimits limits_;

  std::mutex mutex_;  // guards the following
  std::vector<Job> jobs_;
  Job wake_;
  bool draining_ = false;

  // Used by the engine's thread only.
  std::unordered_map<std::string, Run> runs_;
  std::unordered_map<std::size_t, std::string> rows_;  // the runs that are under way
  std::deque<std::string> waiting_;
  std::deque<Clock::time_point> started_;  // within the last hour
  std::vector<Repeated> repeated_;
  Job after_turn_;
  std::size_t next_row_ = 0;
  bool is_draining_ = false;
  StopToken stop_ = {};
};

}  // namespace rellama::web
