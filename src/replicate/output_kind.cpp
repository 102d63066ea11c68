#include "replicate/output_kind.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/file_url.hpp"
#include "wire/json_document.hpp"

namespace rellama::replicate {
namespace {

std::vector<std::string> pieces_of(const Output& output) {
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < output.piece_count(); ++i) pieces.emplace_back(output.piece(i));
  return pieces;
}

// No language model writes several complete URLs with nothing between them. A single URL can be a
// text answer, unless it is where Replicate stores files.
bool look_like_files(const std::vector<std::string>& pieces, const Endpoint& endpoint) {
  if (pieces.empty() || !std::all_of(pieces.begin(), pieces.end(), wire::is_file_url)) return false;
  return pieces.size() > 1 || endpoint.holds_files(pieces.front());
}

}  // namespace

void apply_kind(Output& output, OutputKind kind, const Endpoint& endpoint) {
  if (kind == OutputKind::text || output.empty() || !output.json().empty()) return;
  std::vector<std::string> pieces = pieces_of(output);
  const bool are_urls = std::all_of(pieces.begin(), pieces.end(), wire::is_file_url);
  const bool are_files = kind == OutputKind::unknown ? look_like_files(pieces, endpoint) : are_urls;
  if (kind == OutputKind::unknown && !are_files) return;
  const nlohmann::ordered_json json =
      output.is_list() ? nlohmann::ordered_json(pieces) : nlohmann::ordered_json(pieces.front());
  const bool as_files = are_files && kind != OutputKind::values;
  if (as_files) {
    output.set_files(std::move(pieces), wire::render_json(json));
  } else {
    output.set_json(wire::render_json(json));
  }
}

}  // namespace rellama::replicate
