#include "commands/batch/batch_input.hpp"

#include <algorithm>
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

std::string text_of(const Json& value) {
  if (value.is_null()) return "not set";
  const Json& one = value.is_array() && value.size() == 1 ? value[0] : value;
  return terminal::one_line(one.is_string() ? one.get<std::string>() : one.dump());
}

// What two options that differ are. Of long texts, only from a little before they differ.
class Differing {
 public:
  void add(const std::string& name, const Json& from, const Json& to) {
    if (from == to) return;
    if (from.is_object() && to.is_object()) {
      add_members(name + " ", from, to);
      return;
    }
    const std::string before = text_of(from);
    const std::string now = text_of(to);
    text_ += (text_.empty() ? "" : "; ") + name + " was " + part(before, now) + ", and is " +
             part(now, before);
  }
  void add_members(const std::string& prefix, const Json& from, const Json& to) {
    for (const auto& [name, value] : from.items()) {
      add(prefix + name, value, to.value(name, Json()));
    }
    for (const auto& [name, value] : to.items()) {
      if (!from.contains(name)) add(prefix + name, Json(), value);
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  static std::string part(const std::string& text, const std::string& other) {
    constexpr std::size_t kLongest = 60;
    constexpr std::size_t kBefore = 20;
    const auto differ = std::mismatch(text.begin(), text.end(), other.begin(), other.end());
    auto begin = static_cast<std::size_t>(differ.first - text.begin());
    begin = text.size() > kLongest && begin > kBefore ? begin - kBefore : 0;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
    return (begin > 0 ? "…" : "") + terminal::truncate(text.substr(begin), kLongest);
  }

  std::string text_;
};

// Facts that are no options have names of their own.
Json with_option_names(const Json& facts) {
  Json named = Json::object();
  for (const auto& [name, value] : facts.items()) {
    named[name == "columns"  ? "the list of columns"
          : name == "server" ? "the server"
                             : "--" + name] = value;
  }
  return named;
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
  facts["input-format"] = batch::name_of(defaults.format);
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
  const Json old_facts = Json::parse(before, nullptr, false);
  const Json new_facts = Json::parse(now, nullptr, false);
  Differing differing;
  differing.add_members("", with_option_names(old_facts), with_option_names(new_facts));
  if (differing.text().empty()) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "the batch was started with other options",
               .why = differing.text(),
               .remedy = "use the same, or start another batch with its own output"});
}

}  // namespace rellama::program
