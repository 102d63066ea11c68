#include "wire/json_document.hpp"

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rellama/error.hpp"
#include "wire/damaged_object.hpp"
#include "wire/exact_number.hpp"
#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 128;

// More than a page of predictions contains. Parsed values take many times the memory of their text.
constexpr std::size_t kMaxValues = std::size_t{1} << 20;

// Builds values in linear time. The parser of ordered_json itself compares each key with all before
// it, which takes minutes for an object of 300,000 keys.
class Builder {
 public:
  explicit Builder(MemberFilter filter) : filter_(filter) {}

  /// Why parsing was given up; null if it was not, or if the text is not JSON.
  [[nodiscard]] const char* excess() const { return excess_; }
  [[nodiscard]] Json take() { return std::move(document_); }

  // What the parser calls. False ends it.
  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string& /*text*/) { return add(value); }
  bool string(std::string& text) {
    Json value(std::move(text));
    restore_number(value);
    return add(std::move(value));
  }
  bool binary(Json::binary_t& /*value*/) { return false; }  // not in text
  bool start_object(std::size_t /*size*/) { return open(Json::object()); }
  bool end_object() {
    if (skipped_ == 0) drop_repeated_keys(*open_.back());
    return close();
  }
  bool start_array(std::size_t /*size*/) { return open(Json::array()); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (depth_ == 1) skips_next_ = filter_ != nullptr && !filter_(name);
    if (skipped_ == 0) name_ = std::move(name);
    return count();
  }
  static bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                          const Json::exception& /*error*/) {
    return false;
  }

 private:
  bool count() {
    if (++values_ > kMaxValues) excess_ = "contains too many values";
    return excess_ == nullptr;
  }

  template <typename Value>
  bool add(Value&& value) {
    const bool is_skipped = std::exchange(skips_next_, false) || skipped_ > 0;
    if (!is_skipped) place(Json(std::forward<Value>(value)));
    return count();
  }

  bool open(Json container) {
    if (++depth_ > kMaxDepth) excess_ = "is nested too deeply";
    if (std::exchange(skips_next_, false) || skipped_ > 0) {
      ++skipped_;
    } else {
      open_.push_back(&place(std::move(container)));
    }
    return count();
  }

  bool close() {
    --depth_;
    if (skipped_ > 0) {
      --skipped_;
    } else {
      open_.pop_back();
    }
    return true;
  }

  Json& place(Json value) {
    if (open_.empty()) return document_ = std::move(value);
    Json& parent = *open_.back();
    if (parent.is_array()) {
      auto& items = *parent.get_ptr<Json::array_t*>();
      return items.emplace_back(std::move(value));
    }
    auto& members = *parent.get_ptr<Json::object_t*>();
    return members.emplace_back(std::move(name_), std::move(value)).second;
  }

  // Of equal keys, the last value counts, in the place of the first.
  static void drop_repeated_keys(Json& object) {
    // The vector of members, whose operator[] takes a number.
    Json::object_t::Container& members = *object.get_ptr<Json::object_t*>();
    std::unordered_map<std::string_view, std::size_t> last;
    for (std::size_t i = 0; i < members.size(); ++i) last[members[i].first] = i;
    if (last.size() == members.size()) return;
    Json::object_t::Container kept;
    for (auto& [name, value] : members) {
      const auto found = last.find(name);
      if (found == last.end()) continue;
      kept.emplace_back(name, std::move(members[found->second].second));
      last.erase(found);
    }
    members.swap(kept);
  }

  MemberFilter filter_;
  Json document_;
  std::vector<Json*> open_;  // each has its place in the one before
  std::string name_;         // of the next member
  int depth_ = 0;
  bool skips_next_ = false;
  std::size_t skipped_ = 0;  // containers that are open in a member that is not wanted
  std::size_t values_ = 0;
  const char* excess_ = nullptr;
};

[[noreturn]] void refuse(std::string_view what, const char* why) {
  throw Error(ErrorKind::server,
              {.failed = "cannot read the server's response",
               .why = std::string(what) + " " + why,
               .remedy = "check that --base-url or REPLICATE_BASE_URL points to Replicate's API"});
}

// Whether `json` is JSON within the limits.
bool parse(std::string_view json, Builder& builder) {
  const auto marked = mark_exact_numbers(json);
  return Json::sax_parse(marked ? std::string_view(*marked) : json, &builder);
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
  Builder builder(filter);
  if (parse(json, builder)) return builder.take();
  refuse(what, builder.excess() != nullptr ? builder.excess() : "is not JSON");
}

nlohmann::ordered_json find_json(std::string_view json) {
  Builder builder(nullptr);
  return parse(json, builder) ? builder.take() : Json(Json::value_t::discarded);
}

bool is_json_but_no_string(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  // What such a value can begin with. Most text cannot: looking at all of it would take long.
  constexpr std::string_view kBegins = "{[-0123456789tfnNI";
  if (first == std::string_view::npos || kBegins.find(text[first]) == std::string_view::npos) {
    return false;
  }
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

void append_json_text(std::string& json, std::string_view text) {
  if (find_invalid_utf8(text)) {
    json += render_json(nlohmann::ordered_json(text));
    return;
  }
  json += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    json.append(text, begin, i - begin);
    begin = i + 1;
    const std::string escaped = nlohmann::ordered_json(std::string_view(&text[i], 1)).dump();
    json.append(escaped, 1, escaped.size() - 2);
  }
  json.append(text, begin);
  json += '"';
}

}  // namespace rellama::wire
