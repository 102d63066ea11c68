#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

#include "web/api_run.hpp"
#include "web/engine.hpp"

namespace rellama::web {

/// How long the API waits.
struct ApiPatience {
  std::chrono::milliseconds keep_alive{10'000};  ///< between two signs of life in a stream
  /// Client libraries give up when nothing arrives for some minutes, and send the request again.
  /// After as much silence as this, a client that leaves may be one of them.
  std::chrono::milliseconds silence{60'000};
  std::chrono::milliseconds grace{10'000};  ///< how long its run is then kept for the repeat
};

/// The runs of the API. A run belongs to its client: when the client leaves, it is canceled, or, if
/// the client is likely to ask again, kept for a while. Used on the engine's thread.
class ApiRuns {
 public:
  /// `engine` must outlive this.
  ApiRuns(Engine& engine, ApiPatience patience);

  /// Answers a request, now or later: with a run whose client has left, if that asked for the same,
  /// or with a new one.
  void start(const api::Endpoint& endpoint, api::Order order, std::string body, Caller caller,
             bool is_container);

 private:
  struct Entry {
    std::shared_ptr<ApiRun> run;
    std::size_t clients = 0;                              // how many it has had
    std::optional<Engine::Clock::time_point> until = {};  // kept without a client
  };

  [[nodiscard]] Entry* find_left(const api::Endpoint& endpoint, const std::string& body);
  void attach(Entry& entry, Caller caller);
  void leave(const std::string& id, std::size_t client);
  void sweep();

  Engine& engine_;
  const ApiPatience patience_;
  std::unordered_map<std::string, Entry> runs_;
};

}  // namespace rellama::web
