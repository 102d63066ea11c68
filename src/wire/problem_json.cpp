#include "wire/problem_json.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "rellama/error.hpp"
#include "wire/json_document.hpp"
#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxTextBytes = 300;

// Fits server text into one line of an error message: collapses whitespace, and cuts long text at a
// character boundary.
std::string shorten(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!is_space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.size() > kMaxTextBytes) {
    line.resize(kMaxTextBytes);
    line.resize(line.size() - incomplete_suffix(line));
    line += "…";
  }
  return line;
}

bool looks_like_html(std::string_view body) {
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && body[start] == '<';
}

// `detail` may be a string or a list of problems. The JSON of a list is used if no fields are
// found.
std::string read_text(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  return shorten(found->is_string() ? found->get<std::string>() : render_json(*found));
}

// The format of Cog's server: the location in the request and the message (docs/protocol.md §9).
void read_refused_fields(const Json& object, Problem& problem) {
  const auto found = object.find("detail");
  if (found == object.end() || !found->is_array()) return;
  for (const Json& refusal : *found) {
    if (!refusal.is_object()) continue;
    std::string field;
    if (const auto loc = refusal.find("loc"); loc != refusal.end() && loc->is_array()) {
      for (const Json& part : *loc) {
        const std::string name = part.is_string() ? part.get<std::string>() : render_json(part);
        if (name != "body") field += (field.empty() ? "" : ".") + name;
      }
    }
    problem.invalid_fields.push_back({shorten(field), shorten(string_at(refusal, "msg"))});
  }
}

void read_invalid_fields(const Json& object, Problem& problem) {
  const auto found = object.find("invalid_fields");
  if (found == object.end() || !found->is_array()) return;
  for (const Json& field : *found) {
    if (!field.is_object()) continue;
    problem.invalid_fields.push_back(
        {shorten(string_at(field, "field")), shorten(string_at(field, "description"))});
  }
}

// Cloudflare's own errors are {"success":false,"errors":[{"code":…,"message":…}]}, with `error` for
// `errors` in places, or have "name":"AiGatewayError" (docs/protocol.md §6).
void read_gateways_error(const Json& object, Problem& problem) {
  const auto success = object.find("success");
  const bool has_failed = success != object.end() && success->is_boolean() && !success->get<bool>();
  problem.is_gateways = has_failed || string_at(object, "name") == "AiGatewayError";
  if (!problem.is_gateways) return;
  std::string text;
  for (const char* key : {"errors", "error"}) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) continue;
    for (const Json& error : *found) {
      if (error.is_object()) text += (text.empty() ? "" : ", ") + string_at(error, "message");
    }
  }
  if (!text.empty()) problem.detail = shorten(text);
}

// A number, or one in a string: "30" or "30s".
std::optional<double> read_seconds(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  if (found->is_number()) return found->get<double>();
  const std::string text = string_at(object, key);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const std::string_view unit =
      std::string_view(text).substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc{} || (!unit.empty() && unit != "s")) return std::nullopt;
  return seconds;
}

}  // namespace

Problem parse_problem(std::string_view body) {
  Problem problem;
  if (looks_like_html(body)) {
    problem.is_page = true;
    problem.detail = "an HTML page instead of a response";
    return problem;
  }
  Json document;
  try {
    document = parse_document(body, "the error");
  } catch (const Error&) {
    problem.detail = shorten(body);
    return problem;
  }
  if (!document.is_object()) {
    problem.detail = shorten(document.is_string() ? document.get<std::string>() : body);
    return problem;
  }
  problem.title = read_text(document, "title");
  problem.detail = read_text(document, "detail");
  if (problem.detail.empty()) problem.detail = read_text(document, "error");
  if (problem.detail.empty()) problem.detail = read_text(document, "message");
  read_gateways_error(document, problem);
  read_invalid_fields(document, problem);
  read_refused_fields(document, problem);
  problem.retry_after = read_seconds(document, "retry_after");
  return problem;
}

std::string render_problem(const Problem& problem) {
  if (!problem.invalid_fields.empty()) {
    std::string text;
    for (const auto& [field, description] : problem.invalid_fields) {
      if (!text.empty()) text += ", ";
      // The server prefixes names with `input.`, which users do not type.
      std::string_view name = field;
      if (name.starts_with("input.")) name.remove_prefix(6);
      text += std::string(name) + (name.empty() || description.empty() ? "" : ": ") + description;
    }
    return text;
  }
  if (problem.title.empty() || problem.detail.starts_with(problem.title)) return problem.detail;
  return problem.detail.empty() ? problem.title : problem.title + ": " + problem.detail;
}

}  // namespace rellama::wire
