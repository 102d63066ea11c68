#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "httpd/server.hpp"
#include "rellama/client.hpp"
#include "rellama/cog.hpp"
#include "rellama/stop.hpp"
#include "web/api.hpp"
#include "web/board.hpp"
#include "web/conversations.hpp"
#include "web/engine.hpp"
#include "web/guard.hpp"
#include "web/model_desk.hpp"
#include "web/page_api.hpp"
#include "web/page_request.hpp"
#include "web/page_runs.hpp"

namespace rellama::web {

struct SiteOptions {
  PageOptions page;
  GuardOptions guard;  ///< without its port, which `listen` sets
  EngineLimits limits;
  int port = 0;                                    ///< 0: any free port
  std::optional<std::filesystem::path> history{};  ///< the file of the history; none: no history
};

/// The server: the page, what it asks for, and the runs it starts.
class Site {
 public:
  /// `maker` must outlive this.
  Site(SiteOptions options, const RequestMaker& maker, ModelDesk::Fetch fetch);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  /// Listens. Throws Error (network) if the port is in use.
  void listen() { server_.listen(); }

  /// Answers requests from now on. Runs are made only within `run`.
  void start(std::optional<std::string> key, std::string one_time_key);
  [[nodiscard]] int port() const noexcept { return server_.port(); }

  /// Runs what is asked for until `stop` is requested; then cancels what is left, and writes it to
  /// the history. Throws Error.
  template <typename AnyClient>
  void run(AnyClient& client, const StopToken& stop) {
    engine_.run(client, stop);
    finish();
  }

  /// Starts no more runs, and has `run` return when the last has ended. Thread-safe.
  void drain() { engine_.drain(); }

 private:
  void handle(const httpd::Request& request, const httpd::Exchange& exchange);
  [[nodiscard]] static httpd::Reply page_reply(const httpd::Request& request);
  void watch_history();
  void finish();

  SiteOptions options_;
  std::optional<Guard> guard_;
  Engine engine_;
  Board board_;
  Conversations conversations_;
  ModelDesk models_;
  PageRuns runs_;
  PageApi page_;
  Api api_;
  httpd::Server server_;  // last: its threads use the others
};

}  // namespace rellama::web
