// `rellama models`: lists and searches models and shows their inputs.

#include "commands/models/models.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/models/model_text.hpp"
#include "options/connection.hpp"
#include "options/model_options.hpp"
#include "options/parser.hpp"
#include "options/users_catalogue.hpp"
#include "rellama/error.hpp"
#include "run/log.hpp"
#include "run/model_cache.hpp"
#include "run/signal_watcher.hpp"
#include "terminal/table.hpp"
#include "wire/counted.hpp"
#include "wire/lower_case.hpp"

namespace rellama::program {
namespace {

struct ModelsOptions {
  std::string name;
  std::vector<std::string> words;
  bool json = false;
  bool refresh = false;
  OutputOptions output;
  ConnectionOptions connection;
};

// Everything a subcommand needs.
struct Job {
  const ModelsOptions& options;
  const Context& context;
  const StopToken& stop;
};

std::size_t width_of(const Job& job) {
  return terminal::table_width(job.context.streams.out);
}

Client make_client(const Job& job) {
  ClientOptions options = client_options(job.options.connection, job.context);
  options.log = make_log(job.options.output, job.context);
  return Client(require_token(job.options.connection, job.context), std::move(options));
}

std::string default_model() {
  return ModelOptions{}.model;
}

// The default comes first, then what Replicate hosts or may host.
int rank(const prompt::CatalogueEntry& entry) {
  const auto& names = entry.model->short_names;
  if (std::find(names.begin(), names.end(), default_model()) != names.end()) return 0;
  switch (entry.model->hosting) {
    case prompt::Hosting::official:
    case prompt::Hosting::listed: return 1;
    case prompt::Hosting::seen: return 2;
    default: return 3;
  }
}

// Whether a name of the model contains the word, in any case.
bool matches(const prompt::CatalogueEntry& entry, const std::string& word) {
  const std::string wanted = wire::lower_case(word);
  const auto holds = [&](std::string_view name) {
    return wire::lower_case(name).find(wanted) != std::string::npos;
  };
  const auto& names = entry.model->short_names;
  return holds(entry.model->id) || holds(prompt::full_name(entry)) ||
         std::any_of(names.begin(), names.end(), holds);
}

int list(const Job& job) {
  const Catalogue catalogue = read_catalogue(job.context);
  auto entries = prompt::list_models(catalogue);
  std::erase_if(entries, [&](const prompt::CatalogueEntry& entry) {
    return !std::all_of(job.options.words.begin(), job.options.words.end(),
                        [&](const std::string& word) { return matches(entry, word); });
  });
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return rank(a) < rank(b); });
  terminal::OutputStream& out = job.context.streams.out;
  out.print(job.options.json
                ? render_catalogue_json(entries)
                : render_catalogue(entries, default_model(), terminal::table_width(out)),
            terminal::json_if(job.options.json));
  if (entries.empty()) tell(job.context, "rellama: no model matches\n");
  return 0;
}

// Adds the model to a version that was given by its ID alone.
ModelRef name_model(const Catalogue& catalogue, ModelRef ref) {
  auto* version = std::get_if<ModelVersion>(&ref);
  if (std::holds_alternative<ModelName>(ref) || (version != nullptr && version->model)) return ref;
  if (version != nullptr) {
    if (const auto known = prompt::find_version(catalogue, version->id)) {
      version->model = std::get<ModelName>(catalogue.parse_model_ref(known->entry.model->id));
      return ref;
    }
  }
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + render_model_ref(ref) + "' does not name a model",
               .remedy = "use owner/name or owner/name:version"});
}

const ModelName& model_of(const ModelRef& ref) {
  const auto* version = std::get_if<ModelVersion>(&ref);
  return version != nullptr ? *version->model : std::get<ModelName>(ref);
}

Model fetch(Client& client, const ModelRef& ref, const StopToken& stop) {
  const auto* version = std::get_if<ModelVersion>(&ref);
  if (version == nullptr) return client.model(std::get<ModelName>(ref), stop);
  Model model{.name = *version->model, .description = {}};
  model.latest_version = client.version(*version->model, version->id, stop);
  return model;
}

// Official models may have no list of versions to show (docs/protocol.md §4).
std::vector<PublishedVersion> fetch_versions(Client& client, const ModelName& name,
                                             const StopToken& stop) {
  try {
    return client.versions(name, stop);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return {};
  }
}

std::string describe_age(std::chrono::seconds age) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  if (minutes < 1) return "just now";
  const auto ago = [](auto count, const char* unit) {
    return wire::counted(count, unit) + " ago; use --refresh to fetch it again";
  };
  if (minutes < 60) return ago(minutes, "minute");
  return minutes < 48 * 60 ? ago(minutes / 60, "hour") : ago(minutes / (24 * 60), "day");
}

int show_model(const Job& job, const Catalogue& catalogue, const ModelRef& ref,
               const std::optional<prompt::CatalogueEntry>& entry) {
  ModelCache cache(job.context, client_options(job.options.connection, job.context).base_url);
  const ModelName& name = model_of(ref);
  std::optional<Model> model;
  std::optional<std::vector<PublishedVersion>> versions;
  if (!job.options.refresh && job.options.connection.record.empty()) {
    model = cache.find(ref);
    versions = cache.find_versions(name);
  }
  if (!model || !versions) {
    try {
      Client client = make_client(job);
      model = fetch(client, ref, job.stop);
      versions = fetch_versions(client, name, job.stop);
    } catch (const Error&) {
      // What the catalogue knows needs no server.
      if (entry && !job.options.json)
        job.context.streams.out.print(render_facts(*entry, width_of(job)));
      throw;
    }
    cache.keep(ref, *model);
    cache.keep_versions(name, *versions);
  }
  const auto schema = prompt::InputSchema::parse(model->latest_version.openapi_schema);
  const auto known = entry ? entry : prompt::find_model(catalogue, render_model_ref(name));
  const ShownModel shown{.model = *model,
                         .versions = *versions,
                         .schema = schema ? &*schema : nullptr,
                         .entry = known ? &*known : nullptr,
                         .age = describe_age(cache.age(ref).value_or(std::chrono::seconds{0}))};
  job.context.streams.out.print(
      job.options.json ? render_model_json(shown) : render_model(shown, width_of(job)),
      terminal::json_if(job.options.json));
  return 0;
}

// The inputs of a container's model, which has no name.
int show_container(const Job& job, CogOptions options) {
  options.log = make_log(job.options.output, job.context);
  Model model{.name = {"cog", "container"}, .description = {}};
  model.latest_version.openapi_schema = CogClient(std::move(options)).schema(job.stop);
  const auto schema = prompt::InputSchema::parse(model.latest_version.openapi_schema);
  const ShownModel shown{.model = model,
                         .versions = {},
                         .schema = schema ? &*schema : nullptr,
                         .entry = nullptr,
                         .age = describe_age(std::chrono::seconds{0})};
  job.context.streams.out.print(
      job.options.json ? render_model_json(shown) : render_model(shown, width_of(job)),
      terminal::json_if(job.options.json));
  return 0;
}

int show(const Job& job) {
  if (auto container = find_container(job.options.connection, job.context)) {
    if (job.options.name.empty()) return show_container(job, *std::move(container));
    throw Error(ErrorKind::invalid_input, {.failed = "a container has one model",
                                           .remedy = "leave out '" + job.options.name + "'"});
  }
  if (job.options.name.empty()) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "no model given", .remedy = "use rellama models show NAME"});
  }
  const Catalogue catalogue = read_catalogue(job.context);
  const auto entry = prompt::find_model(catalogue, job.options.name);
  if (entry && !prompt::can_be_asked(*entry->model) && entry->model->id != job.options.name) {
    job.context.streams.out.print(
        job.options.json ? render_catalogue_json({*entry}) : render_facts(*entry, width_of(job)),
        terminal::json_if(job.options.json));
    return 0;
  }
  return show_model(job, catalogue,
                    name_model(catalogue, catalogue.parse_model_ref(job.options.name)), entry);
}

int search(const Job& job) {
  std::string text;
  for (const std::string& word : job.options.words) text += (text.empty() ? "" : " ") + word;
  const std::vector<Model> models = make_client(job).search(text, job.stop);
  if (job.options.json) {
    job.context.streams.out.print(render_models_json(models), terminal::TextForm::json);
  } else if (models.empty()) {
    tell(job.context, "rellama: no models found\n");
  } else {
    job.context.streams.out.print(render_models(models, width_of(job)));
  }
  return 0;
}

struct Subcommand {
  const char* name;
  const char* help;
  int (*run)(const Job&);
};

constexpr Subcommand kList{"list", "list the models rellama knows, the hosted ones first", list};
constexpr Subcommand kShow{"show", "show the description, versions and inputs of a model", show};
constexpr Subcommand kSearch{"search", "search the public models on Replicate", search};

void declare(CLI::App& app, ModelsOptions& options) {
  CLI::App* listing = app.add_subcommand(kList.name, kList.help);
  listing->add_option("TEXT", options.words, "show only models whose names contain these words");
  listing->footer(
      "To add models, create models.json in the configuration directory, in the format of\n"
      "src/prompt/catalogue.json. Its entries take precedence over the built-in ones.");
  CLI::App* showing = app.add_subcommand(kShow.name, kShow.help);
  showing->add_option("NAME", options.name,
                      "short name, owner/name or owner/name:version; none with --endpoint cog=URL");
  showing->add_flag("--refresh", options.refresh,
                    "fetch the model again instead of using the cache");
  CLI::App* searching = app.add_subcommand(kSearch.name, kSearch.help);
  searching->add_option("TEXT", options.words, "words to search for")->required();
  for (CLI::App* subcommand : {listing, showing, searching}) {
    subcommand->add_flag("--json", options.json, "print JSON");
  }
  for (CLI::App* subcommand : {showing, searching}) {
    declare_log(*subcommand, options.output);
    declare(*subcommand, options.connection);
  }
}

}  // namespace

int run_models(const Arguments& arguments, const Context& context) {
  ModelsOptions options;
  CLI::App app("List, show or search for models.");
  prepare(app, "rellama models");
  app.require_subcommand(1);
  declare(app, options);
  if (!parse(app, arguments, context)) return 0;

  const StopSource stop;
  const SignalWatcher watcher(stop, context.streams);
  const StopToken token = stop.token();
  const Context stoppable = stopped_by(context, token);
  for (const Subcommand& subcommand : {kList, kShow, kSearch}) {
    if (app.got_subcommand(subcommand.name)) return subcommand.run({options, stoppable, token});
  }
  return 0;
}

}  // namespace rellama::program
