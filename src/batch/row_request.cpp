#include "batch/row_request.hpp"

#include <string_view>
#include <utility>

#include "api/inputs.hpp"
#include "batch/openai_request.hpp"
#include "batch/row_fields.hpp"
#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "settings/placeholders.hpp"
#include "wire/json_document.hpp"

namespace rellama::batch {
namespace {

bool is_csv_row(Format format) {
  return format == Format::csv || format == Format::tsv;
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? std::string() : wire::render_json(value);
}

void fill_prompt(const RowDefaults& defaults, const Record& record, GenerateRequest& request) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : record.fields.items()) values.emplace(name, text_of(value));
  if (const auto own = values.find("prompt"); own != values.end()) {
    values.emplace("input", own->second);
  }
  std::map<std::string, std::string> set;
  try {
    for (const auto& [name, text] : defaults.parameters) set[name] = settings::fill(text, values);
    for (auto& [name, value] : set) values.insert_or_assign(name, std::move(value));
    request.prompt = settings::fill(defaults.prompt_template, values);
  } catch (const Error& error) {
    throw unusable_row(error.parts().failed, "add the field, or set it for all rows with -p");
  }
}

// Whether a field is for the template only.
bool is_for_template(const RowDefaults& defaults, const std::string& name) {
  return !defaults.prompt_template.empty() &&
         prompt::find_parameter(prompt::parameter_of(name)) == nullptr;
}

void refuse_both(const std::string& first, const std::string& second) {
  throw unusable_row("it has '" + first + "' besides " + second, "use one of them");
}

void take_fields(const RowDefaults& defaults, const Record& record, GenerateRequest& request) {
  const bool csv = is_csv_row(defaults.format);
  bool asks = !defaults.prompt_template.empty();
  std::string system;  // the field that has it
  bool has_system_message = false;
  for (const auto& [name, value] : record.fields.items()) {
    if (name == "id" || value.is_null()) continue;
    if (csv && value == "" && name != "prompt") continue;  // CSV has no other way to leave it out
    if (name == "prompt") {
      if (defaults.prompt_template.empty()) request.prompt = require_text(value, name);
      asks = true;
    } else if (name == "messages" && !csv) {
      if (record.fields.contains("prompt") || !defaults.prompt_template.empty()) {
        refuse_both("messages", "a prompt");
      }
      has_system_message = set_messages(value, request);
      asks = true;
    } else if (name == "model") {
      request.model = request.catalogue.parse_model_ref(require_text(value, name));
    } else if (name == "system" || name == "system_prompt") {
      if (!system.empty()) refuse_both(name, "'" + system + "'");
      system = name;
      api::set_input("system_prompt", require_text(value, name), api::Typing::as_json, request);
    } else if (!is_for_template(defaults, name)) {
      api::set_input(name, value, csv ? api::Typing::untyped : api::Typing::as_json, request);
    }
  }
  if (has_system_message && !system.empty()) {
    refuse_both(system, "a system message in 'messages'");
  }
  if (!asks) {
    throw unusable_row("it has no 'prompt'", csv ? "add a column, or use a template with -t" : "");
  }
  if (!defaults.prompt_template.empty()) fill_prompt(defaults, record, request);
}

// JSON can have one that the line itself does not have.
void check_characters(const GenerateRequest& request) {
  if (request.prompt.find('\0') != std::string::npos) {
    throw unusable_row("the prompt has a NUL character");
  }
}

}  // namespace

GenerateRequest make_request(const RowDefaults& defaults, const Record& record) {
  if (!record.malformed.empty()) throw unusable_row(record.malformed);
  GenerateRequest request = defaults.request;
  if (defaults.format == Format::openai) {
    take_openai_row(record.fields, request);
  } else {
    take_fields(defaults, record, request);
  }
  check_characters(request);
  return request;
}

}  // namespace rellama::batch
