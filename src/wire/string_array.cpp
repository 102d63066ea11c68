#include "wire/string_array.hpp"

#include "wire/json_reader.hpp"
#include "wire/utf8.hpp"

namespace rellama::wire {
std::optional<StringArrayEnd> read_string_array(std::string_view json, std::size_t at,
                                                Output& output) {
  JsonReader reader(json, at);
  std::size_t items = at;
  const bool is_start = json[at - 1] == '[';
  const bool is_empty = is_start && reader.take(']');
  if (!is_empty) {
    bool more = is_start || reader.take(',');
    while (more) {
      const auto piece = reader.take_string();
      if (!piece) return std::nullopt;
      output.append(*piece);
      items = reader.at();
      more = reader.take(',');
    }
    if (!reader.take(']')) return std::nullopt;
  }
  if (find_invalid_utf8(json.substr(at, items - at))) return std::nullopt;
  return StringArrayEnd{.items = items, .array = reader.at()};
}

}  // namespace rellama::wire
