#include "commands/history/history_text.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "options/local_time.hpp"
#include "terminal/table.hpp"
#include "terminal/text_printer.hpp"
#include "wire/iso_time.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kShownText = 60;
constexpr std::size_t kNarrowText = 12;
constexpr std::size_t kNarrowModel = 21;  // meta/llama-2-70b-chat

// Without the version, which is too long for a table.
std::string short_model(const std::string& model) {
  return model.starts_with("cog=") ? model : model.substr(0, model.find(':'));
}

std::string dump(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string utc(history::Time time) {
  return wire::render_iso_time(
      std::chrono::system_clock::time_point(std::chrono::milliseconds(time)));
}

template <typename Value>
ordered_json or_null(const std::optional<Value>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json to_json(const history::ConversationSummary& conversation) {
  return {
      {"id", conversation.id},
      {"name", conversation.name.empty() ? ordered_json(nullptr) : ordered_json(conversation.name)},
      {"model", conversation.model},
      {"turns", conversation.turns},
      {"current", conversation.current},
      {"started_at", utc(conversation.started_at)},
      {"updated_at", utc(conversation.updated_at)},
      {"status", conversation.status}};
}

ordered_json options_of(const history::Turn& turn) {
  ordered_json options = wire::find_json(turn.model_options);
  return options.is_discarded() ? ordered_json(nullptr) : options;
}

ordered_json to_json(const history::Turn& turn) {
  return {{"id", history::render_turn_id(turn.id)},
          {"conversation", turn.id.conversation},
          {"number", turn.id.number},
          {"parent", turn.parent == 0 ? ordered_json(nullptr) : ordered_json(turn.parent)},
          {"prediction", turn.prediction},
          {"model", turn.model},
          {"options", options_of(turn)},
          {"prompt", turn.prompt},
          {"output", turn.output},
          {"status", turn.status},
          {"error", turn.error.empty() ? ordered_json(nullptr) : ordered_json(turn.error)},
          {"asked_at", utc(turn.asked_at)},
          {"ended_at", turn.ended_at ? ordered_json(utc(*turn.ended_at)) : ordered_json(nullptr)},
          {"metrics",
           {{"input_token_count", or_null(turn.input_tokens)},
            {"output_token_count", or_null(turn.output_tokens)},
            {"predict_time", or_null(turn.seconds)}}}};
}

template <typename Item, typename ToJson>
std::string render_array(const std::vector<Item>& items, ToJson to_object) {
  ordered_json array = ordered_json::array();
  for (const Item& item : items) array.push_back(to_object(item));
  return dump(array);
}

std::string whole_seconds(double seconds) {
  return std::to_string(std::llround(seconds));
}

// The status of a turn as people read it; JSON keeps the recorded word.
std::string shown_status(const std::string& status) {
  return status == "cut" ? "interrupted" : status;
}

std::string exchange(const history::Turn& turn) {
  std::string text = "## You, " + history::render_turn_id(turn.id) + "\n\n" + turn.prompt +
                     "\n\n## Llama\n\n" +
                     std::string(terminal::without_leading_blanks(turn.output));
  if (!turn.is_complete()) {
    text += turn.output.empty() ? "" : " …\n\n";
    text += "*(" + shown_status(turn.status) + (turn.error.empty() ? "" : ": " + turn.error) + ")*";
  }
  return text + "\n";
}

}  // namespace

std::string render_table(const std::vector<history::ConversationSummary>& conversations,
                         std::size_t columns, std::int64_t marked) {
  std::vector<std::vector<std::string>> rows;
  for (const history::ConversationSummary& conversation : conversations) {
    std::string prompt = terminal::truncate(conversation.first_prompt, kShownText);
    if (!conversation.name.empty()) prompt = conversation.name + ": " + prompt;
    if (conversation.status != "succeeded") {
      prompt += " (" + shown_status(conversation.status) + ")";
    }
    rows.push_back({std::to_string(conversation.id) + (conversation.id == marked ? " *" : ""),
                    render_local_time(conversation.updated_at), std::to_string(conversation.turns),
                    short_model(conversation.model), prompt});
  }
  return terminal::render_table({{.title = "ID"},
                                 {.title = "WHEN", .rank = 1},
                                 {.title = "TURNS", .rank = 3},
                                 {.title = "MODEL", .narrowest = kNarrowModel, .rank = 2},
                                 {.title = "FIRST PROMPT", .narrowest = kNarrowText}},
                                rows, columns);
}

std::string render_table(const std::vector<history::Match>& matches, std::size_t columns) {
  std::vector<std::vector<std::string>> rows;
  for (const history::Match& match : matches) {
    rows.push_back({history::render_turn_id(match.id), render_local_time(match.asked_at),
                    short_model(match.model), match.excerpt});
  }
  return terminal::render_table({{.title = "ID"},
                                 {.title = "WHEN", .rank = 1},
                                 {.title = "MODEL", .narrowest = kNarrowModel, .rank = 2},
                                 {.title = "TEXT", .narrowest = kNarrowText}},
                                rows, columns);
}

std::string render_table(const std::vector<history::UsageTotal>& totals, history::UsageKey key,
                         std::size_t columns) {
  std::vector<std::vector<std::string>> rows;
  history::UsageTotal all{.key = "all"};
  const auto add_row = [&rows](const history::UsageTotal& total) {
    rows.push_back({short_model(total.key), std::to_string(total.turns),
                    std::to_string(total.input_tokens), std::to_string(total.output_tokens),
                    whole_seconds(total.seconds)});
  };
  for (const history::UsageTotal& total : totals) {
    add_row(total);
    all.turns += total.turns;
    all.input_tokens += total.input_tokens;
    all.output_tokens += total.output_tokens;
    all.seconds += total.seconds;
  }
  if (totals.size() > 1) add_row(all);
  return terminal::render_table({{.title = key == history::UsageKey::model ? "MODEL" : "DAY"},
                                 {.title = "ANSWERS", .rank = 2},
                                 {.title = "TOKENS IN"},
                                 {.title = "OUT"},
                                 {.title = "SECONDS", .rank = 1}},
                                rows, columns);
}

std::string render_json(const std::vector<history::ConversationSummary>& conversations) {
  return render_array(conversations, [](const history::ConversationSummary& conversation) {
    ordered_json object = to_json(conversation);
    object["first_prompt"] = conversation.first_prompt;
    return object;
  });
}

std::string render_json(const std::vector<history::Match>& matches) {
  return render_array(matches, [](const history::Match& match) {
    return ordered_json{{"id", history::render_turn_id(match.id)},
                        {"conversation", match.id.conversation},
                        {"asked_at", utc(match.asked_at)},
                        {"model", match.model},
                        {"excerpt", match.excerpt}};
  });
}

std::string render_json(const std::vector<history::UsageTotal>& totals, history::UsageKey key) {
  return render_array(totals, [key](const history::UsageTotal& total) {
    return ordered_json{{key == history::UsageKey::model ? "model" : "day", total.key},
                        {"answers", total.turns},
                        {"input_token_count", total.input_tokens},
                        {"output_token_count", total.output_tokens},
                        {"predict_time", total.seconds}};
  });
}

std::string render_markdown(const KeptConversation& conversation) {
  const history::ConversationSummary& about = conversation.about;
  std::string text = "# Conversation " + std::to_string(about.id) +
                     (about.name.empty() ? "" : ", " + about.name) + "\n\n" +
                     render_local_time(about.started_at) + ", " + about.model + "\n";
  std::int64_t before = 0;
  for (const history::Turn& turn : conversation.turns) {
    if (turn.parent != before) {
      const history::TurnId parent{turn.id.conversation, turn.parent};
      text += "\n---\n\n" + history::render_turn_id(turn.id) +
              (turn.parent == 0 ? ", from the beginning"
                                : ", after " + history::render_turn_id(parent)) +
              "\n";
    }
    text += "\n" + exchange(turn);
    before = turn.id.number;
  }
  return text;
}

std::string render_markdown(const history::Turn& turn) {
  return "# Turn " + history::render_turn_id(turn.id) + "\n\n" + render_local_time(turn.asked_at) +
         ", " + turn.model + ", " + shown_status(turn.status) + ", prediction " + turn.prediction +
         "\n\n" + exchange(turn);
}

std::string render_json(const KeptConversation& conversation) {
  ordered_json object{{"format", "rellama.conversation/1"}};
  object.update(to_json(conversation.about));
  object["turns"] = ordered_json::array();
  for (const history::Turn& turn : conversation.turns) object["turns"].push_back(to_json(turn));
  return dump(object);
}

std::string render_json(const history::Turn& turn) {
  ordered_json object{{"format", "rellama.turn/1"}};
  object.update(to_json(turn));
  return dump(object);
}

}  // namespace rellama::program
