#include "web/site.hpp"

#include <functional>
#include <utility>

#include "web/page_files.hpp"
#include "web/reply.hpp"
#include "web/run_order.hpp"

namespace rellama::web {
namespace {

// Each costs 16 KB. A browser needs six.
constexpr std::size_t kMostConnections = 2000;
constexpr std::chrono::seconds kHistoryPause{2};
constexpr std::chrono::milliseconds kWritePause{500};
constexpr std::chrono::seconds kLastWrites{5};
// For readers to take the last events.
constexpr std::chrono::milliseconds kFarewell{1000};

httpd::ServerOptions server_options(
    const SiteOptions& options, std::function<httpd::Reply(const httpd::Request&)> refuse_body) {
  httpd::ServerOptions server;
  server.host = options.guard.host;
  server.port = options.port;
  server.longest_body = kLongestBody;
  server.refuse_body = std::move(refuse_body);
  server.most_connections = kMostConnections;
  return server;
}

api::Offer make_offer(const RequestMaker& maker) {
  return {.request = maker.make_default(), .container = maker.container() ? "container" : ""};
}

}  // namespace

Site::Site(SiteOptions options, const RequestMaker& maker, ModelDesk::Fetch fetch)
    : options_(std::move(options)),
      engine_(options_.limits),
      conversations_(options_.history),
      models_(maker, std::move(fetch)),
      runs_(engine_, board_, conversations_, maker, options_.page.records),
      page_(options_.page, {.engine = engine_,
                            .board = board_,
                            .conversations = conversations_,
                            .maker = maker,
                            .models = models_,
                            .runs = runs_}),
      api_(engine_, make_offer(maker)),
      server_(
          server_options(
              options_,
              [this](const httpd::Request& request) { return guard_->refuse_body(request); }),
          [this](httpd::Request request, httpd::Exchange exchange) { handle(request, exchange); }) {
  engine_.after_each_turn([this] { board_.flush(); });
  engine_.repeat(kWritePause, [this] { runs_.write_rest(); });
  engine_.repeat(kHistoryPause, [this] { watch_history(); });
}

Site::~Site() {
  server_.stop();
}

void Site::start(std::optional<std::string> key, std::string one_time_key) {
  options_.guard.port = server_.port();
  options_.guard.key = std::move(key);
  options_.guard.one_time_key = std::move(one_time_key);
  guard_.emplace(options_.guard);
  server_.start();
}

void Site::handle(const httpd::Request& request, const httpd::Exchange& exchange) {
  try {
    if (auto reply = guard_->answer(request)) return exchange.reply(*std::move(reply));
    if (request.path.starts_with("/ui/")) return page_.handle(request, exchange);
    if (api::is_api_path(api::normal_path(request.path))) {
      return api_.handle(request, exchange, guard_->cross_origin_headers(request));
    }
    exchange.reply(page_reply(request));
  } catch (const Error& error) {
    exchange.reply(refuse(refusal_of(error)));
  }
}

httpd::Reply Site::page_reply(const httpd::Request& request) {
  const PageFile* file = find_page_file(request.path);
  if (file == nullptr) return refuse({.status = 404, .message = "there is nothing here"});
  const bool is_get = request.method == "GET" || request.method == "HEAD";
  if (is_get) return send_page_file(*file, request);
  httpd::Reply reply = refuse({.status = 405, .message = "this cannot be done here"});
  reply.headers.emplace_back("Allow", "GET");
  return reply;
}

void Site::watch_history() {
  if (board_.reader_count() == 0) return;
  try {
    if (conversations_.has_changed_elsewhere()) board_.tell_conversations();
  } catch (const Error&) {  // whoever opens the list is told
  }
}

void Site::finish() {
  runs_.write_all(kLastWrites);
  board_.close();
  server_.finish(kFarewell);
  server_.stop();
}

}  // namespace rellama::web
