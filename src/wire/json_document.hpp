#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace rellama::wire {

/// Parses JSON from a server, in linear time, preserving the order of keys, and numbers that are
/// out of the range of 64 bits as they are written (exact_number.hpp). Throws Error (server) that
/// mentions `what` ("the prediction") if it is not JSON, nested more than 128 levels deep
/// (recursive code could exhaust the stack), or contains more than a million values (they could
/// exhaust memory).
[[nodiscard]] nlohmann::ordered_json parse_document(std::string_view json, std::string_view what);

/// Whether to keep a member of the outermost object.
using MemberFilter = bool (*)(std::string_view name);

/// As above, without the members for which `filter` returns false.
[[nodiscard]] nlohmann::ordered_json parse_document(std::string_view json, std::string_view what,
                                                    MemberFilter filter);

/// Parses JSON within the same limits. Returns a discarded value if it is not JSON, or exceeds
/// them.
[[nodiscard]] nlohmann::ordered_json find_json(std::string_view json);

/// Whether `text` is one whole JSON value that is not a string. Python's NaN and infinities count.
[[nodiscard]] bool is_json_but_no_string(std::string_view text);

/// The string at `key`; empty if it is absent, null or not a string.
[[nodiscard]] std::string string_at(const nlohmann::ordered_json& object, const char* key);

/// The characters that rendered JSON may contain.
enum class JsonCharset { utf8, ascii };

/// Renders `value` as compact JSON. Replaces invalid UTF-8 with U+FFFD instead of throwing.
[[nodiscard]] std::string render_json(const nlohmann::ordered_json& value,
                                      JsonCharset charset = JsonCharset::utf8);

/// As above, on several lines, each level indented by two spaces.
[[nodiscard]] std::string render_json_lines(const nlohmann::ordered_json& value);

/// Appends `text` to `json` as a JSON string, as `render_json` writes it, but faster.
void append_json_text(std::string& json, std::string_view text);

}  // namespace rellama::wire
