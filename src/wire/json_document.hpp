#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace rellama::wire {

/// Parses JSON that came from a server, keeping the order of its keys. Throws Error (server) with
/// `what` ("the prediction") if it is no JSON, nested more than 128 levels deep, which could
/// exhaust the stack of whoever walks it, or of more than a million values, which could exhaust
/// memory.
[[nodiscard]] nlohmann::ordered_json parse_document(std::string_view json, std::string_view what);

/// Sees each event of the parser as nlohmann::json::parser_callback_t does: how deep it is, what it
/// is, and the value or key. A value for which it returns false is left out of the document.
using DocumentFilter =
    std::function<bool(int, nlohmann::ordered_json::parse_event_t, nlohmann::ordered_json&)>;

/// As above, without what `filter` leaves out.
[[nodiscard]] nlohmann::ordered_json parse_document(std::string_view json, std::string_view what,
                                                    const DocumentFilter& filter);

/// The string at `key`; empty where it is absent, null or not a string.
[[nodiscard]] std::string string_at(const nlohmann::ordered_json& object, const char* key);

/// `value` as compact JSON. Text that is not UTF-8 gets U+FFFD instead of an exception.
[[nodiscard]] std::string render_json(const nlohmann::ordered_json& value);

}  // namespace rellama::wire
