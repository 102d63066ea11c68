#include "history/turn.hpp"

#include <charconv>
#include <system_error>

namespace rellama::history {

std::optional<std::int64_t> parse_row_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && number > 0 ? std::optional(number) : std::nullopt;
}

std::optional<TurnId> parse_turn_id(std::string_view text) {
  const auto dot = text.find('.');
  const auto conversation = parse_row_number(text.substr(0, dot));
  if (!conversation) return std::nullopt;
  if (dot == std::string_view::npos) return TurnId{*conversation, 0};
  const auto number = parse_row_number(text.substr(dot + 1));
  return number ? std::optional(TurnId{*conversation, *number}) : std::nullopt;
}

std::string render_turn_id(const TurnId& id) {
  const std::string conversation = std::to_string(id.conversation);
  return id.number == 0 ? conversation : conversation + "." + std::to_string(id.number);
}

}  // namespace rellama::history
