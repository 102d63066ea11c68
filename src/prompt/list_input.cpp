#include "prompt/list_input.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "prompt/file_input.hpp"
#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"
#include "wire/request_json.hpp"

namespace rellama::prompt {
namespace {

using ListJson = nlohmann::ordered_json;

// The elements of stop sequences, which are joined at commas (docs/protocol.md §7).
ListJson split_at_commas(const std::string& joined) {
  ListJson list = ListJson::array();
  for (std::size_t begin = 0; begin <= joined.size();) {
    const std::size_t end = std::min(joined.find(',', begin), joined.size());
    list.push_back(joined.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

bool is_text_list(std::string_view name) {
  const Parameter* parameter = find_parameter(name);
  return parameter != nullptr && parameter->type() == ParameterType::text_list;
}

// A list is written as JSON: -o words='["a","b"]'.
ListJson find_written_list(const InputField& field) {
  const auto* text = std::get_if<UntypedText>(&field.value);
  if (text == nullptr || !text->text.starts_with('[')) return {};
  ListJson list = wire::find_json(text->text);
  return list.is_array() ? list : ListJson();
}

void check_urls(std::string_view name, const ListJson& value) {
  if (value.is_string()) check_file_url(name, value.get_ref<const std::string&>());
  if (!value.is_array()) return;
  for (const ListJson& element : value) check_urls(name, element);
}

ListJson value_in_list(const Target& target, const InputField& field) {
  if (std::holds_alternative<FileContent>(field.value)) return render_file(target, field);
  const auto* joined = std::get_if<std::string>(&field.value);
  if (joined != nullptr && is_text_list(field.name)) return split_at_commas(*joined);
  ListJson value = find_written_list(field);
  if (value.is_null()) {
    if (const auto* text = std::get_if<UntypedText>(&field.value)) {
      const InputField typed{field.name, parse_input_value(target.build, field.name, text->text)};
      value = wire::to_json(typed);
    } else {
      value = wire::to_json(field);
    }
  }
  const InputSpec* spec = find_input(target.build, field.name);
  if (spec != nullptr && spec->type == InputType::file && !spec->is_secret)
    check_urls(field.name, value);
  return value;
}

// Without validation, text that cannot be converted is sent as a string.
ListJson element_of(const Target& target, const InputField& field) {
  try {
    return value_in_list(target, field);
  } catch (const Error&) {
    const auto* text = std::get_if<UntypedText>(&field.value);
    if (target.validation == Validation::full || text == nullptr) throw;
    return text->text;
  }
}

}  // namespace

InputValue render_list(const Target& target, const std::vector<const InputField*>& fields) {
  // Null is no list, and is meant for an input that may have none.
  const auto* json = std::get_if<JsonText>(&fields.front()->value);
  if (fields.size() == 1 && json != nullptr && json->text == "null") return *json;
  ListJson list = ListJson::array();
  for (const InputField* field : fields) {
    ListJson value = element_of(target, *field);
    if (value.is_array()) {
      for (auto& element : value) list.push_back(std::move(element));
    } else {
      list.push_back(std::move(value));
    }
  }
  return JsonText{wire::render_json(list)};
}

}  // namespace rellama::prompt
