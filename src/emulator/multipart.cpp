#include "emulator/multipart.hpp"

#include <algorithm>

#include "emulator/lower_case.hpp"

namespace rellama::emulator {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

/// Takes what is before `end` off `text`, and `end` itself. Quoted text is not searched.
std::string_view take_until(std::string_view& text, char end) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (quoted || text[at] != end); ++at) quoted ^= text[at] == '"';
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// Returns the value of a parameter such as `name="content"`, without its quotes, or "".
std::string parameter_of(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view value = trimmed(take_until(header, ';'));
    if (lower_case(take_until(value, '=')) != name) continue;
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
      value = value.substr(1, value.size() - 2);
    }
    return std::string(value);
  }
  return "";
}

void read_header(std::string_view line, FormPart& part) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = lower_case(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (name == "content-type") part.content_type = value;
  if (name == "content-disposition") {
    part.name = parameter_of(value, "name");
    part.file_name = parameter_of(value, "filename");
  }
}

std::optional<FormPart> parse_part(std::string_view text) {
  FormPart part;
  while (!text.starts_with(kLineEnd)) {
    const std::size_t end = text.find(kLineEnd);
    if (end == std::string_view::npos) return std::nullopt;
    read_header(text.substr(0, end), part);
    text.remove_prefix(end + kLineEnd.size());
  }
  part.body = text.substr(kLineEnd.size());
  return part;
}

}  // namespace

std::optional<std::vector<FormPart>> parse_form(std::string_view content_type,
                                                std::string_view body) {
  if (!lower_case(content_type).starts_with("multipart/form-data")) return std::nullopt;
  const std::string boundary = parameter_of(content_type, "boundary");
  if (boundary.empty()) return std::nullopt;

  const std::string first = "--" + boundary;
  const std::string next = "\r\n" + first;
  if (!body.starts_with(first)) return std::nullopt;
  body.remove_prefix(first.size());
  std::vector<FormPart> parts;
  while (body.starts_with(kLineEnd)) {
    body.remove_prefix(kLineEnd.size());
    const std::size_t end = body.find(next);
    if (end == std::string_view::npos) return std::nullopt;
    auto part = parse_part(body.substr(0, end));
    if (!part) return std::nullopt;
    parts.push_back(std::move(*part));
    body.remove_prefix(end + next.size());
  }
  if (!body.starts_with("--")) return std::nullopt;
  return parts;
}

}  // namespace rellama::emulator
