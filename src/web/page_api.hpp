// What the page asks the server: the routes below /ui/ (docs/serve.md).

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "httpd/exchange.hpp"
#include "httpd/request.hpp"
#include "web/board.hpp"
#include "web/conversations.hpp"
#include "web/engine.hpp"
#include "web/model_desk.hpp"
#include "web/page_request.hpp"
#include "web/page_runs.hpp"

namespace rellama::web {

/// How the page looks and behaves.
struct PageOptions {
  std::string title = "rellama";
  std::string description = {};
  std::vector<std::string> examples = {};
  std::optional<std::string> system = {};
  bool single = false;           ///< text in, text out, without a conversation
  bool records = true;           ///< whether answers are recorded in the history
  bool cancel_on_close = false;  ///< whether closing the page cancels its runs
  std::size_t concurrent = 0;    ///< runs at a time
};

/// Everything the routes use. All must outlive the API.
struct PageParts {
  Engine& engine;
  Board& board;
  Conversations& conversations;
  const RequestMaker& maker;
  ModelDesk& models;
  PageRuns& runs;
};

class PageApi {
 public:
  PageApi(PageOptions options, PageParts parts);

  /// Answers a request whose path begins with /ui/, now or later. Called on the server's thread.
  void handle(const httpd::Request& request, const httpd::Exchange& exchange);

 private:
  /// A request, with what its path has in place of `*`.
  struct Call {
    const httpd::Request& request;
    const httpd::Exchange& exchange;
    std::string id = {};
  };
  struct Route {
    const char* method;
    const char* path;  ///< `*` stands for one segment
    void (PageApi::*handle)(const Call& call);
  };
  static const Route kRoutes[];

  void send_state(const Call& call);
  void send_model(const Call& call);
  void start_run(const Call& call);
  void send_run(const Call& call);
  void stop_run(const Call& call);
  void close_run(const Call& call);
  void send_events(const Call& call);
  void list_conversations(const Call& call);
  void send_conversation(const Call& call);
  void change_conversation(const Call& call);
  void delete_conversation(const Call& call);
  void export_conversation(const Call& call);
  void send_command(const Call& call);
  void send_curl(const Call& call);
  void send_equivalent(const Call& call, PageRuns::Equivalent form);

  [[nodiscard]] httpd::Reply change(const ConversationId& id, const std::string& body);
  /// Replies with what `work` returns on the engine's thread, or with the error it throws.
  void reply_from_engine(const httpd::Exchange& exchange, std::function<httpd::Reply()> work);

  const PageOptions options_;
  const PageParts parts_;
};

}  // namespace rellama::web
