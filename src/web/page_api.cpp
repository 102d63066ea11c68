#include "web/page_api.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "options/users_catalogue.hpp"
#include "rellama/error.hpp"
#include "web/conversation_json.hpp"
#include "web/model_json.hpp"
#include "web/page_state.hpp"
#include "web/reply.hpp"
#include "web/run_order.hpp"
#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

using httpd::Exchange;
using httpd::Reply;
using Json = nlohmann::ordered_json;

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kAccepted = 202;
constexpr int kNoContent = 204;
constexpr std::size_t kUsualLimit = 50;
constexpr std::size_t kMostListed = 200;
constexpr std::size_t kLongestTitle = 200;

// What a path has in place of `*` in `pattern`; nothing if they do not match.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return path == pattern ? std::optional<std::string>("") : std::nullopt;
  }
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  if (!path.starts_with(before) || !path.ends_with(after)) return std::nullopt;
  if (path.size() <= before.size() + after.size()) return std::nullopt;
  path.remove_prefix(before.size());
  path.remove_suffix(after.size());
  if (path.find('/') != std::string_view::npos) return std::nullopt;
  return std::string(path);
}

std::string query_value(const httpd::Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

std::size_t limit_of(const httpd::Request& request) {
  const std::string text = query_value(request, "limit");
  std::size_t limit = kUsualLimit;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return std::clamp<std::size_t>(limit, 1, kMostListed);
}

Reply no_conversation() {
  return refuse({.status = 404, .message = "there is no such conversation"});
}

Reply reply_with(std::variant<std::string, Refusal> result, int status) {
  if (const auto* refusal = std::get_if<Refusal>(&result)) return refuse(*refusal);
  return json_reply(status, std::get<std::string>(std::move(result)));
}

bool is_usable_name(const std::string& name) {
  return name.size() <= kLongestTitle && !parse_conversation_id(name) &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

}  // namespace

const PageApi::Route PageApi::kRoutes[] = {
    {"GET", "/ui/state", &PageApi::send_state},
    {"GET", "/ui/model", &PageApi::send_model},
    {"GET", "/ui/events", &PageApi::send_events},
    {"POST", "/ui/runs", &PageApi::start_run},
    {"GET", "/ui/runs/*", &PageApi::send_run},
    {"POST", "/ui/runs/*/stop", &PageApi::stop_run},
    {"POST", "/ui/runs/*/close", &PageApi::close_run},
    {"GET", "/ui/conversations", &PageApi::list_conversations},
    {"GET", "/ui/conversations/*", &PageApi::send_conversation},
    {"GET", "/ui/conversations/*/export", &PageApi::export_conversation},
    {"POST", "/ui/conversations/*", &PageApi::change_conversation},
    {"POST", "/ui/conversations/*/delete", &PageApi::delete_conversation},
    {"POST", "/ui/equivalent/command", &PageApi::send_command},
    {"POST", "/ui/equivalent/curl", &PageApi::send_curl},
};

PageApi::PageApi(PageOptions options, PageParts parts)
    : options_(std::move(options)), parts_(parts) {}

void PageApi::handle(const httpd::Request& request, const Exchange& exchange) {
  std::string allowed;  // the method of a path that is there
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  for (const Route& route : kRoutes) {
    const auto id = match(route.path, request.path);
    if (!id) continue;
    if (method == route.method) return (this->*route.handle)({request, exchange, *id});
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  Reply reply = refuse({.status = 404, .message = "there is nothing here"});
  if (!allowed.empty()) {
    reply = refuse({.status = 405, .message = "this cannot be done here"});
    reply.headers.emplace_back("Allow", allowed);
  }
  exchange.reply(std::move(reply));
}

void PageApi::reply_from_engine(const Exchange& exchange, std::function<Reply()> work) {
  parts_.engine.post([exchange, work = std::move(work)] {
    try {
      exchange.reply(work());
    } catch (const Error& error) {
      exchange.reply(refuse(refusal_of(error)));
    } catch (const std::exception& error) {
      exchange.reply(refuse({.status = 500, .message = error.what()}));
    }
  });
}

void PageApi::send_state(const Call& call) {
  call.exchange.reply(json_reply(kOk, render_state(options_, parts_.maker, parts_.board.live())));
}

void PageApi::send_model(const Call& call) {
  parts_.models.describe(query_value(call.request, "ref"), [exchange = call.exchange](Reply reply) {
    exchange.reply(std::move(reply));
  });
}

void PageApi::send_events(const Call& call) {
  parts_.board.add_reader(call.exchange);
}

void PageApi::start_run(const Call& call) {
  auto order = parse_run_order(call.request.body);
  if (const auto* refusal = std::get_if<Refusal>(&order)) {
    return call.exchange.reply(refuse(*refusal));
  }
  reply_from_engine(call.exchange, [this, order = std::get<RunOrder>(std::move(order))] {
    return reply_with(parts_.runs.start(order), kCreated);
  });
}

void PageApi::send_command(const Call& call) {
  send_equivalent(call, PageRuns::Equivalent::command);
}

void PageApi::send_curl(const Call& call) {
  send_equivalent(call, PageRuns::Equivalent::curl);
}

void PageApi::send_equivalent(const Call& call, PageRuns::Equivalent form) {
  auto order = parse_run_order(call.request.body);
  if (const auto* refusal = std::get_if<Refusal>(&order)) {
    return call.exchange.reply(refuse(*refusal));
  }
  reply_from_engine(call.exchange, [this, order = std::get<RunOrder>(std::move(order)), form] {
    return reply_with(parts_.runs.render_equivalent(order, form), kOk);
  });
}

void PageApi::send_run(const Call& call) {
  const auto run = parts_.board.find(call.id);
  call.exchange.reply(run ? json_reply(kOk, *run)
                          : refuse({.status = 404, .message = "there is no such run"}));
}

void PageApi::stop_run(const Call& call) {
  if (!parts_.board.find(call.id)) {
    return call.exchange.reply(refuse({.status = 404, .message = "there is no such run"}));
  }
  reply_from_engine(call.exchange, [this, id = call.id] {
    parts_.runs.stop(id);
    return json_reply(kAccepted, "{}");
  });
}

void PageApi::close_run(const Call& call) {
  reply_from_engine(call.exchange, [this, id = call.id] {
    if (options_.cancel_on_close) parts_.runs.stop(id);
    return empty_reply(kNoContent);
  });
}

void PageApi::list_conversations(const Call& call) {
  const std::string text = query_value(call.request, "search");
  const std::string before = query_value(call.request, "before");
  const std::size_t limit = limit_of(call.request);
  reply_from_engine(call.exchange, [this, text, before, limit] {
    return json_reply(
        kOk, render_conversation_list(text.empty() ? parts_.conversations.list(limit, before)
                                                   : parts_.conversations.search(text, limit)));
  });
}

void PageApi::send_conversation(const Call& call) {
  const auto id = parse_conversation_id(call.id);
  if (!id) return call.exchange.reply(no_conversation());
  reply_from_engine(call.exchange, [this, id = *id] {
    const auto summary = parts_.conversations.find(id);
    if (!summary) return no_conversation();
    return json_reply(
        kOk, render_conversation(id, *summary, parts_.conversations.turns(id),
                                 [&](std::int64_t turn) { return parts_.runs.run_of(id, turn); }));
  });
}

void PageApi::change_conversation(const Call& call) {
  const auto id = parse_conversation_id(call.id);
  if (!id) return call.exchange.reply(no_conversation());
  reply_from_engine(call.exchange,
                    [this, id = *id, body = call.request.body] { return change(id, body); });
}

Reply PageApi::change(const ConversationId& id, const std::string& body) {
  const Json object = wire::find_json(body);
  if (!object.is_object()) {
    return refuse({.status = 400, .message = "the body is not a JSON object"});
  }
  if (!parts_.conversations.find(id)) return no_conversation();
  history::Store& store = parts_.conversations.store_of(id);
  if (object.contains("name")) {
    const std::string name = wire::string_at(object, "name");
    if (!is_usable_name(name)) {
      return refuse({.status = 400,
                     .message = "a name has at most 200 bytes, on one line, and is no number",
                     .param = "name"});
    }
    if (!store.rename(id.number, name)) {
      return refuse({.status = 400,
                     .message = "another conversation has this name",
                     .remedy = "choose another one",
                     .param = "name"});
    }
  }
  if (object.contains("current")) {
    const auto message = parse_message_id(wire::string_at(object, "current"));
    const auto turns = store.turns(id.number);
    const bool exists = message && std::any_of(turns.begin(), turns.end(), [&](const auto& turn) {
                          return turn.id.number == message->turn;
                        });
    if (!exists) {
      return refuse({.status = 400, .message = "there is no such message", .param = "current"});
    }
    store.go_to({.conversation = id.number, .number = message->turn});
  }
  parts_.board.tell_conversations();
  return json_reply(kOk, "{}");
}

void PageApi::delete_conversation(const Call& call) {
  const auto id = parse_conversation_id(call.id);
  if (!id) return call.exchange.reply(no_conversation());
  reply_from_engine(call.exchange, [this, id = *id] {
    parts_.runs.stop_all(id);
    if (!parts_.conversations.remove(id)) return no_conversation();
    parts_.board.tell_conversations();
    return empty_reply(kNoContent);
  });
}

void PageApi::export_conversation(const Call& call) {
  const auto id = parse_conversation_id(call.id);
  const std::string format = query_value(call.request, "format");
  if (!id) return call.exchange.reply(no_conversation());
  reply_from_engine(call.exchange, [this, id = *id, is_json = format == "json"] {
    const auto summary = parts_.conversations.find(id);
    if (!summary) return no_conversation();
    const auto turns = parts_.conversations.turns(id);
    Reply reply = json_reply(
        kOk, is_json ? export_json(id, *summary, turns) : export_markdown(*summary, turns));
    if (!is_json) reply.headers.front().second = "text/markdown; charset=utf-8";
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"conversation-" +
                                                          render_conversation_id(id) +
                                                          (is_json ? ".json\"" : ".md\""));
    return reply;
  });
}

}  // namespace rellama::web
