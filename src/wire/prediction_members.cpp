#include "wire/prediction_members.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_document.hpp"
#include "wire/json_reader.hpp"
#include "wire/string_array.hpp"
#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

class MemberReader {
 public:
  MemberReader(std::string_view json, std::string_view before, Prediction& prediction)
      : json_(json), before_(before), prediction_(prediction), reader_(json) {}

  std::optional<OutputItems> read() {
    const bool is_object =
        reader_.take_object([this](std::string_view name) { return take_member(name); });
    if (!is_object || !reader_.at_end() || prediction_.id.value.empty()) return std::nullopt;
    // read_string_array has checked the items.
    if (find_invalid_utf8(json_.substr(0, items_.begin)) ||
        find_invalid_utf8(json_.substr(items_.end))) {
      return std::nullopt;
    }
    if (!has_output_) prediction_.output = Output();
    prediction_.status = parse_status(prediction_.status_text);
    return items_;
  }

 private:
  // If a member appears twice, the last one wins, as in the general parser.
  bool take_member(std::string_view name) {
    for (const TextMember& member : kTextMembers) {
      if (name == member.name) return take_text(prediction_.*member.text);
    }
    if (name == "id") return take_text(prediction_.id.value);
    if (name == "output") return take_output();
    if (name == "input") return take_object_text(prediction_.input.text);
    if (name == "metrics") return take_object_text(prediction_.metrics.text);
    if (name == "urls") return take_urls();
    if (name == "error") return take_error();
    const auto value = reader_.take_value();
    if (name == "data_removed") prediction_.data_removed = value == "true";
    return value.has_value();
  }

  bool take_text(std::string& text) {
    text.clear();
    if (reader_.peek() != '"') return reader_.take_value().has_value();
    const auto string = reader_.take_string();
    if (string) text = *string;
    return string.has_value();
  }

  bool take_output() {
    if (has_output_) return false;
    has_output_ = true;
    if (reader_.take('[')) return take_items();
    prediction_.output = Output();
    if (reader_.peek() != '"') return reader_.take_word("null");
    const auto text = reader_.take_string();
    if (text) prediction_.output.set_text(*text);
    return text.has_value();
  }

  bool take_items() {
    const std::size_t begin = reader_.at();
    const bool has_grown = !before_.empty() && json_.substr(begin).starts_with(before_);
    if (!has_grown) prediction_.output = Output();
    const auto end =
        read_string_array(json_, has_grown ? begin + before_.size() : begin, prediction_.output);
    if (!end) return false;
    items_ = {.begin = begin, .end = end->items};
    reader_.move_to(end->array);
    return true;
  }

  // The text is kept as the server sent it, unless it is not compact.
  bool take_object_text(std::string& text) {
    const auto value = reader_.take_value();
    if (!value || find_invalid_utf8(*value)) return false;
    text.clear();
    if (!value->starts_with('{')) return true;
    if (!reader_.is_compact()) return render(*value, text);
    text = *value;
    return true;
  }

  bool take_urls() {
    prediction_.get_url.clear();
    prediction_.cancel_url.clear();
    prediction_.stream_url.clear();
    if (reader_.peek() != '{') return reader_.take_value().has_value();
    return reader_.take_object([this](std::string_view name) {
      if (name == "get") return take_text(prediction_.get_url);
      if (name == "cancel") return take_text(prediction_.cancel_url);
      if (name == "stream") return take_text(prediction_.stream_url);
      return reader_.take_value().has_value();
    });
  }

  bool take_error() {
    if (reader_.peek() == '"') return take_text(prediction_.error);
    const auto value = reader_.take_value();
    if (!value || find_invalid_utf8(*value)) return false;
    prediction_.error.clear();
    return value == "null" || render(*value, prediction_.error);
  }

  static bool render(std::string_view value, std::string& text) {
    const auto json = find_json(value);
    if (json.is_discarded()) return false;
    text = render_json(json);
    return true;
  }

  std::string_view json_;
  std::string_view before_;
  Prediction& prediction_;
  JsonReader reader_;
  bool has_output_ = false;
  OutputItems items_;
};

}  // namespace

std::optional<OutputItems> read_prediction_members(std::string_view json, std::string_view before,
                                                   Prediction& prediction) {
  return MemberReader(json, before, prediction).read();
}

}  // namespace rellama::wire
