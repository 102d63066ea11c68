#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "httpd/reply.hpp"
#include "rellama/client.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/stop.hpp"
#include "web/page_request.hpp"

namespace rellama::web {

/// Answers what the page asks about models: from the catalogue, from the cache, or from the server.
/// Fetching blocks, so it happens on a thread of its own, which exists only while there is
/// something to fetch. Thread-safe.
class ModelDesk {
 public:
  using Done = std::function<void(httpd::Reply)>;
  /// Describes a model that is not in the catalogue: fetches it. Throws Error.
  using Fetch = std::function<Model(const ModelRef&, const StopToken&)>;

  /// `maker` must outlive this.
  ModelDesk(const RequestMaker& maker, Fetch fetch);
  ~ModelDesk();
  ModelDesk(const ModelDesk&) = delete;
  ModelDesk& operator=(const ModelDesk&) = delete;

  /// Calls `done` with the description of a model: at once if it is known, otherwise from another
  /// thread.
  void describe(const std::string& ref, Done done);

 private:
  struct Question {
    ModelRef ref;
    Done done;
  };

  void enqueue(Question question);
  void run();
  void keep(const ModelRef& ref, const Model& model) const;
  [[nodiscard]] httpd::Reply fetch_and_render(const ModelRef& ref) const;

  const RequestMaker& maker_;
  const Fetch fetch_;
  const StopSource stop_;

  std::mutex mutex_;  // guards the following
  std::vector<Question> questions_;
  bool is_running_ = false;
  bool is_closing_ = false;
  std::thread thread_;
};

}  // namespace rellama::web
