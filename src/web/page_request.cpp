#include "web/page_request.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "options/saved_options.hpp"
#include "prompt/checks.hpp"
#include "prompt/parameters.hpp"
#include "prompt/secret_input.hpp"
#include "rellama/error.hpp"
#include "run/dry_run.hpp"
#include "run/request.hpp"
#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

using Json = nlohmann::ordered_json;
using program::ModelOptions;

[[noreturn]] void refuse_value(const std::string& name, const char* type) {
  throw Error(ErrorKind::invalid_input, {.failed = name + " must be " + type});
}

// One field of GenerationParameters from JSON.
class FieldSetter {
 public:
  FieldSetter(const std::string& name, const Json& value, GenerationParameters& parameters)
      : name_(name), value_(value), parameters_(parameters) {}

  void operator()(std::optional<std::string> GenerationParameters::*field) const {
    if (!value_.is_string()) refuse_value(name_, "a text");
    parameters_.*field = value_.get<std::string>();
  }
  void operator()(std::vector<std::string> GenerationParameters::*field) const {
    (parameters_.*field).clear();
    const Json list = value_.is_array() ? value_ : Json::array({value_});
    for (const Json& item : list) {
      if (!item.is_string()) refuse_value(name_, "a list of texts");
      if (!item.get<std::string>().empty()) (parameters_.*field).push_back(item);
    }
  }
  void operator()(std::optional<std::int64_t> GenerationParameters::*field) const {
    if (!value_.is_number_integer()) refuse_value(name_, "a whole number");
    parameters_.*field = value_.get<std::int64_t>();
  }
  void operator()(std::optional<double> GenerationParameters::*field) const {
    if (!value_.is_number()) refuse_value(name_, "a number");
    parameters_.*field = value_.get<double>();
  }

 private:
  const std::string& name_;
  const Json& value_;
  GenerationParameters& parameters_;
};

// The name of the input that `-o` sets.
std::string name_of(const std::string& assignment) {
  const std::string name = assignment.substr(0, assignment.find('='));
  return name.ends_with(':') ? name.substr(0, name.size() - 1) : name;
}

void set_parameter(const std::string& name, const JsonText& json, ModelOptions& options) {
  const prompt::Parameter* parameter = prompt::find_parameter(prompt::parameter_of(name));
  if (parameter == nullptr) {
    std::erase_if(options.assignments,
                  [&name](const std::string& other) { return name_of(other) == name; });
    options.assignments.push_back(name + ":=" + json.text);
    return;
  }
  if (parameter->takes_file) {
    throw Error(ErrorKind::invalid_input,
                {.failed = name + " is not a parameter", .remedy = "send it as system"});
  }
  std::visit(FieldSetter(name, wire::find_json(json.text), options.parameters), parameter->field);
}

}  // namespace

RequestMaker::RequestMaker(const ModelOptions& defaults,
                           const program::ConnectionOptions& connection, bool demo,
                           const program::Context& context)
    : defaults_(defaults),
      connection_(connection),
      demo_(demo),
      context_(context),
      container_(program::find_container(connection, context)) {}

PageRequest RequestMaker::make(const RunOrder& order, std::vector<Turn> earlier) const {
  PageRequest page;
  ModelOptions& options = page.options;
  options.model = order.model.empty() || container_ ? defaults_.model : order.model;
  options.no_validate = defaults_.no_validate;
  options.assignments = defaults_.assignments;
  for (const auto& [name, value] : order.parameters) set_parameter(name, value, options);

  // The system prompt of an option could name a file: one that comes from a browser must not.
  page.request = program::make_request(options, connection_, demo_, context_);
  page.request.parameters.system_prompt = order.system;
  prompt::check_text("the prompt", order.prompt);
  page.request.prompt = order.prompt;
  page.request.earlier = std::move(earlier);
  page.request.conversation = !order.single && !order.compare;
  (void)prepare(page.request);

  page.model = container_ ? connection_.endpoint : render_model_ref(page.request.model);
  const auto secrets = find_secrets(page.request);
  page.assignments = program::assignments_without_files(options, page.request, secrets);
  page.saved_options =
      program::render_saved_options(options, page.request, connection_.endpoint, secrets);
  return page;
}

GenerateRequest RequestMaker::make_default() const {
  return program::make_request(defaults_, connection_, demo_, context_);
}

void RequestMaker::keep_schema(const JsonText& openapi) const {
  auto schema = prompt::InputSchema::parse(openapi);
  const std::lock_guard lock(mutex_);
  schema_ = std::move(schema);
}

std::vector<std::string> RequestMaker::find_secrets(const GenerateRequest& request) const {
  if (!container_) return find_secret_inputs(request, HiddenInputs::possible_secrets);
  const Input& others = request.parameters.others;
  const std::lock_guard lock(mutex_);
  return schema_ ? prompt::find_secrets(others, &*schema_) : prompt::find_possible_secrets(others);
}

std::string RequestMaker::find_wrong_part(RunOrder order) const {
  const auto works = [this](const RunOrder& part) {
    try {
      (void)make(part, {});
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  const auto parameters = std::exchange(order.parameters, {});
  if (!works(order)) {
    const std::string prompt = std::exchange(order.prompt, "?");
    return works(order) ? "prompt" : "model";
  }
  for (const auto& parameter : parameters) {
    order.parameters = {parameter};
    if (!works(order)) return parameter.first;
  }
  return {};
}

ClientOptions RequestMaker::client_options() const {
  return program::client_options(connection_, context_);
}

PreparedRequest RequestMaker::prepare(const GenerateRequest& request) const {
  return container_ ? prepare_generate(*container_, request)
                    : prepare_generate(client_options(), request);
}

std::string RequestMaker::render_curl(const GenerateRequest& request) const {
  return program::render_curl(prepare(request), client_options());
}

}  // namespace rellama::web
