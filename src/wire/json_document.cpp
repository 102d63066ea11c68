#include "wire/json_document.hpp"

#include <nlohmann/json.hpp>

#include "rellama/error.hpp"
#include "wire/damaged_object.hpp"
#include "wire/exact_number.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 128;

// More than a page of predictions contains. Parsed values take many times the memory of their text.
constexpr std::size_t kMaxValues = std::size_t{1} << 20;

[[noreturn]] void refuse(std::string_view what, const char* why) {
  throw Error(ErrorKind::server,
              {.failed = "cannot read the server's response",
               .why = std::string(what) + " " + why,
               .remedy = "check that --base-url or REPLICATE_BASE_URL points to Replicate's API"});
}

// Sets `excess` if the limits are exceeded. The value is discarded if it is not JSON.
Json parse_limited(std::string_view json, MemberFilter filter, const char*& excess) {
  std::size_t values = 0;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > kMaxDepth) excess = "is nested too deeply";
    if (values > kMaxValues) excess = "contains too many values";
    const bool is_member = depth == 1 && event == Json::parse_event_t::key;
    const bool is_wanted =
        !is_member || filter == nullptr || filter(value.get_ref<const std::string&>());
    const bool keep = excess == nullptr && is_wanted;
    if (keep) ++values;
    if (keep && event == Json::parse_event_t::value) restore_number(value);
    return keep;
  };
  const auto marked = mark_exact_numbers(json);
  return Json::parse(marked ? std::string_view(*marked) : json, watch, /*allow_exceptions=*/false);
}

bool accepts(std::string_view json) {
  const auto marked = mark_exact_numbers(json);
  return nlohmann::json::accept(marked ? std::string_view(*marked) : json);
}

}  // namespace

nlohmann::ordered_json parse_document(std::string_view json, std::string_view what) {
  return parse_document(json, what, nullptr);
}

nlohmann::ordered_json parse_document(std::string_view json, std::string_view what,
                                      MemberFilter filter) {
  const char* excess = nullptr;
  Json document = parse_limited(json, filter, excess);
  if (excess != nullptr) refuse(what, excess);
  if (document.is_discarded()) refuse(what, "is not JSON");
  return document;
}

nlohmann::ordered_json find_json(std::string_view json) {
  const char* excess = nullptr;
  Json document = parse_limited(json, nullptr, excess);
  return excess == nullptr ? document : Json(Json::value_t::discarded);
}

bool is_json_but_no_string(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] == '"') return false;
  return accepts(text) || accepts(repair_json(text));
}

std::string string_at(const nlohmann::ordered_json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string render_json(const nlohmann::ordered_json& value, JsonCharset charset) {
  return render_exact(value, -1, charset == JsonCharset::ascii);
}

std::string render_json_lines(const nlohmann::ordered_json& value) {
  return render_exact(value, 2, false);
}

}  // namespace rellama::wire
