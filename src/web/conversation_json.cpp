#include "web/conversation_json.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "chat/conversation.hpp"
#include "prompt/parameters.hpp"
#include "web/blocks.hpp"
#include "web/json_value.hpp"
#include "wire/iso_time.hpp"
#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

using Json = nlohmann::ordered_json;

std::string render_time(history::Time time) {
  return wire::render_iso_time(
      std::chrono::system_clock::time_point(std::chrono::milliseconds(time)));
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

// A value of an option, as it was written on a command line.
Json value_of(const prompt::Parameter& parameter, const Json& texts) {
  if (parameter.type() == prompt::ParameterType::text_list) return texts;
  const std::string text =
      texts.empty() || !texts[0].is_string() ? "" : texts[0].get<std::string>();
  if (parameter.type() == prompt::ParameterType::text) return text;
  const Json number = wire::find_json(text);
  return number.is_number() ? number : Json(text);
}

void add_assignment(const std::string& assignment, Json& parameters) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) return;
  const bool is_json = assignment[equals - 1] == ':';
  const std::string text = assignment.substr(equals + 1);
  const Json value = is_json ? wire::find_json(text) : Json(text);
  parameters[assignment.substr(0, is_json ? equals - 1 : equals)] =
      value.is_discarded() ? Json(text) : value;
}

// What the user set, by rellama's names of the parameters: the history has the options.
struct SetOptions {
  Json system = {};
  Json parameters = Json::object();
};

SetOptions read_options(const std::string& saved) {
  SetOptions set;
  const Json options = wire::find_json(saved);
  if (!options.is_object()) return set;
  for (const auto& [name, values] : options.items()) {
    if (!values.is_array() || values.empty()) continue;
    const prompt::Parameter* parameter = prompt::find_by_option(name);
    if (name == "option") {
      for (const Json& value : values) {
        if (value.is_string()) add_assignment(value.get<std::string>(), set.parameters);
      }
    } else if (parameter != nullptr && parameter->takes_file) {
      set.system = values[0];
    } else if (parameter != nullptr) {
      set.parameters[std::string(parameter->name)] = value_of(*parameter, values);
    }
  }
  return set;
}

Json summary_json(const ConversationId& id, const history::ConversationSummary& summary) {
  return {{"id", render_conversation_id(id)},
          {"name", summary.name.empty() ? summary.first_prompt : summary.name},
          {"named", !summary.name.empty()},
          {"updated_at", render_time(summary.updated_at)},
          {"model", summary.model},
          {"messages", summary.turns}};
}

// A turn that no run answers any more, but that has not ended, was left by a server that was
// killed.
std::string status_of(const history::Turn& turn, bool is_live) {
  if (is_live) return "running";
  if (turn.status == "running" || turn.status == "cut") return "incomplete";
  return turn.status == "aborted" ? "canceled" : turn.status;
}

Json user_json(const history::Turn& turn) {
  return {{"id", render_message_id({.is_answer = false, .turn = turn.id.number})},
          {"parent", turn.parent == 0
                         ? Json()
                         : Json(render_message_id({.is_answer = true, .turn = turn.parent}))},
          {"role", "user"},
          {"text", turn.prompt},
          {"created_at", render_time(turn.asked_at)}};
}

Json answer_json(const history::Turn& turn, std::int64_t asked_in, const std::string& run) {
  const SetOptions set = read_options(turn.model_options);
  Json rate;
  if (turn.seconds && turn.output_tokens && *turn.seconds > 0) {
    rate = static_cast<double>(*turn.output_tokens) / *turn.seconds;
  }
  return {{"id", render_message_id({.is_answer = true, .turn = turn.id.number})},
          {"parent", render_message_id({.is_answer = false, .turn = asked_in})},
          {"role", "assistant"},
          {"text", turn.output},
          {"model", turn.model},
          {"parameters", set.parameters},
          {"system", set.system},
          {"created_at", render_time(turn.asked_at)},
          {"prediction", text_or_null(turn.prediction)},
          {"status", status_of(turn, !run.empty())},
          {"error", turn.error.empty() ? Json() : Json{{"message", turn.error}, {"remedy", ""}}},
          {"tokens", {{"in", or_null(turn.input_tokens)}, {"out", or_null(turn.output_tokens)}}},
          {"seconds", or_null(turn.seconds)},
          {"tokens_per_second", rate},
          {"run", text_or_null(run)}};
}

// A turn is a prompt and its answer. Asking the same again gives another answer to one message.
Json messages_json(const std::vector<history::Turn>& turns,
                   const std::function<std::string(std::int64_t)>& run_of, bool with_blocks) {
  Json messages = Json::array();
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> asked;  // parent and prompt to turn
  for (const history::Turn& turn : turns) {
    const auto [first, is_new] = asked.emplace(std::pair(turn.parent, turn.prompt), turn.id.number);
    if (is_new) messages.push_back(user_json(turn));
    Json answer = answer_json(turn, first->second, run_of(turn.id.number));
    if (with_blocks) answer["blocks"] = wire::find_json(render_recorded_blocks(turn.output));
    messages.push_back(std::move(answer));
  }
  return messages;
}

Json conversation_json(const ConversationId& id, const history::ConversationSummary& summary,
                       const std::vector<history::Turn>& turns) {
  Json json = summary_json(id, summary);
  const auto current = std::find_if(turns.begin(), turns.end(), [&](const history::Turn& turn) {
    return turn.id.number == summary.current;
  });
  // An answer without any text does not become the current one by itself.
  const bool has_current = current != turns.end();
  const SetOptions set = turns.empty()
                             ? SetOptions{}
                             : read_options((has_current ? *current : turns.back()).model_options);
  json["system"] = set.system;
  json["parameters"] = set.parameters;
  json["current"] =
      has_current ? Json(render_message_id({.is_answer = true, .turn = summary.current})) : Json();
  return json;
}

}  // namespace

std::string render_conversation_list(const ConversationList& list) {
  Json conversations = Json::array();
  for (const ConversationList::Entry& entry : list.entries) {
    Json json = summary_json(entry.id, entry.summary);
    if (!entry.excerpt.empty()) json["snippet"] = entry.excerpt;
    conversations.push_back(std::move(json));
  }
  Json reply{{"conversations", std::move(conversations)}};
  if (!list.next.empty()) reply["next"] = list.next;
  return wire::render_json(reply);
}

std::string render_conversation(const ConversationId& id,
                                const history::ConversationSummary& summary,
                                const std::vector<history::Turn>& turns,
                                const std::function<std::string(std::int64_t)>& run_of) {
  Json json = conversation_json(id, summary, turns);
  json["messages"] = messages_json(turns, run_of, /*with_blocks=*/true);
  return wire::render_json(json);
}

std::string export_markdown(const history::ConversationSummary& summary,
                            const std::vector<history::Turn>& turns) {
  chat::Conversation conversation;
  for (history::Turn& turn : history::path_to(turns, summary.current)) {
    conversation.add({.message = std::move(turn.prompt),
                      .answer = turn.output,
                      .is_complete = turn.is_complete()});
  }
  return chat::render_markdown(conversation);
}

std::string export_json(const ConversationId& id, const history::ConversationSummary& summary,
                        const std::vector<history::Turn>& turns) {
  Json json = conversation_json(id, summary, turns);
  const auto no_run = [](std::int64_t) { return std::string(); };
  json["messages"] = messages_json(turns, no_run, /*with_blocks=*/false);
  return wire::render_json_lines(json) + "\n";
}

}  // namespace rellama::web
