#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rellama/input.hpp"
#include "web/message_id.hpp"
#include "web/reply.hpp"

namespace rellama::web {

/// What the page asks for: a prompt, and how to answer it (docs/serve.md).
struct RunOrder {
  std::string prompt = {};
  std::string model = {};  ///< empty: the server's
  std::optional<std::string> system = {};
  std::vector<std::pair<std::string, JsonText>> parameters = {};
  std::optional<ConversationId> conversation = {};
  std::int64_t parent = 0;  ///< the turn that this one follows; 0: none
  std::int64_t retry = 0;   ///< the turn to answer again; 0: none
  bool record = true;
  bool single = false;   ///< text in, text out: not a turn that others follow
  bool compare = false;  ///< not a turn of a conversation at all
};

/// The most bytes of a body.
inline constexpr std::size_t kLongestBody = std::size_t{1} << 20;

/// Reads the body of POST /ui/runs.
[[nodiscard]] std::variant<RunOrder, Refusal> parse_run_order(std::string_view body);

}  // namespace rellama::web
