#include "commands/batch/batch_input.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "batch/record_reader.hpp"
#include "options/saved_options.hpp"
#include "options/template_options.hpp"
#include "rellama/error.hpp"
#include "run/request.hpp"
#include "settings/placeholders.hpp"
#include "terminal/file_streams.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStandardInput = "standard input";

batch::InputFile open_input_file(const std::filesystem::path& path, batch::InputCopy& copy,
                                 bool resumes, const Context& context, const StopToken& stop) {
  if (!path.empty()) {
    if (auto file = batch::open_regular_input(path)) return *std::move(file);
    const system::FileDescriptor pipe = batch::open_pipe_input(path);
    terminal::FileInput in(pipe.get(), path.string());
    return copy.write(path.string(), [&] { return in.read_line(stop); });
  }
  terminal::InputStream& in = context.streams.in;
  auto earlier = resumes ? copy.find(kStandardInput) : std::nullopt;
  if (in.is_terminal()) {
    if (earlier) return *std::move(earlier);
    throw Error(ErrorKind::invalid_input, {.failed = "there is no input",
                                           .remedy = "name a file, or redirect standard input; see "
                                                     "rellama batch --help"});
  }
  auto first = in.read_line(stop);
  if (!first && earlier) return *std::move(earlier);
  return copy.write(kStandardInput, [&]() -> std::optional<std::string> {
    if (first) return std::exchange(first, std::nullopt);
    return in.read_line(stop);
  });
}

// The text of the template, or of --prompt.
std::string prompt_template_of(const BatchOptions& options, const Context& context) {
  const TemplateOptions& chosen = options.prompt.prompt_template;
  if (!options.prompt_text.empty()) {
    (void)settings::find_placeholders(options.prompt_text);
    return options.prompt_text;
  }
  const auto found = find_template(chosen, context);
  return found ? found->prompt : std::string();
}

void refuse_template(const batch::RowDefaults& defaults) {
  if (defaults.format != batch::Format::openai || defaults.prompt_template.empty()) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "a template cannot be used with OpenAI's batch format",
               .why = "its rows contain whole requests",
               .remedy = "leave out --prompt and -t"});
}

std::string shown(const Json& value) {
  constexpr std::size_t kLongest = 60;
  if (value.is_null()) return "not set";
  const Json& one = value.is_array() && value.size() == 1 ? value[0] : value;
  const std::string text = one.is_string() ? one.get<std::string>() : one.dump();
  return terminal::truncate(terminal::one_line(text), kLongest);
}

}  // namespace

BatchInput open_batch_input(const BatchOptions& options, const std::filesystem::path& path,
                            batch::InputCopy& copy, const Context& context, const StopToken& stop) {
  BatchInput input{.file = open_input_file(path, copy, options.resume, context, stop),
                   .defaults = {}};
  batch::RowDefaults& defaults = input.defaults;
  defaults.format =
      options.format.value_or(batch::detect_format(input.file.name, input.file.file.get()));
  defaults.request = make_request(options.model, options.connection, options.demo, context);
  defaults.request.delivery = options.no_stream ? Delivery::poll : Delivery::stream;
  defaults.request.cancel_after = cancel_after(options, "", context);
  defaults.prompt_template = prompt_template_of(options, context);
  defaults.parameters = parse_parameters(options.prompt.prompt_template, stop);
  refuse_template(defaults);
  if (!defaults.parameters.empty() && defaults.prompt_template.empty()) {
    throw Error(ErrorKind::invalid_input, {.failed = "-p needs a template",
                                           .remedy = "choose one with -t NAME, or use --prompt"});
  }
  return input;
}

std::string describe_batch(const BatchOptions& options, const batch::RowDefaults& defaults,
                           const std::string& base_url, const std::string& shard,
                           const std::vector<std::string>& columns,
                           const std::vector<std::string>& secrets) {
  Json facts = Json::parse(
      render_saved_options(options.model, defaults.request, options.connection.endpoint, secrets));
  facts["input-format"] = static_cast<int>(defaults.format);
  if (!defaults.prompt_template.empty()) facts["prompt"] = defaults.prompt_template;
  if (!defaults.parameters.empty()) facts["param"] = defaults.parameters;
  if (options.text) facts["text"] = true;
  if (options.ordered) facts["ordered"] = true;
  if (!shard.empty()) facts["shard"] = shard;
  if (!columns.empty()) facts["columns"] = columns;
  // The demo has another port each time.
  facts["server"] = options.demo ? "demo" : base_url;
  return facts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void refuse_other_batch(const std::string& before, const std::string& now) {
  if (before == now) return;
  Json old_facts = Json::parse(before, nullptr, false);
  Json new_facts = Json::parse(now, nullptr, false);
  std::string differences;
  const auto compare = [&](const std::string& name) {
    const Json from = old_facts.value(name, Json());
    const Json to = new_facts.value(name, Json());
    if (from == to) return;
    differences +=
        (differences.empty() ? "" : "; ") + name + " was " + shown(from) + ", and is " + shown(to);
  };
  for (const auto& [name, value] : old_facts.items()) compare(name);
  for (const auto& [name, value] : new_facts.items()) {
    if (!old_facts.contains(name)) compare(name);
  }
  if (differences.empty()) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "the batch was started with other options",
               .why = differences,
               .remedy = "use the same, or start another batch with its own output"});
}

}  // namespace rellama::program
