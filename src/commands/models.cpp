// `rellama models`: which models have a short name, and what a server says of any.

#include "commands/models.hpp"

#include <string>
#include <utility>

#include "commands/connection.hpp"
#include "commands/log.hpp"
#include "commands/model_text.hpp"
#include "commands/parser.hpp"
#include "commands/signal_watcher.hpp"
#include "rellama/error.hpp"
#include "settings/model_cache.hpp"
#include "terminal/visible_text.hpp"
#include "wire/resource_json.hpp"

namespace rellama::commands {
namespace {

// Models change seldom; `--refresh` is there for when they do.
constexpr std::chrono::hours kFresh{24};

struct ModelsOptions {
  std::string model;
  std::vector<std::string> words;
  bool refresh = false;
  OutputOptions output;
  ConnectionOptions connection;
};

// What a subcommand works with.
struct Job {
  const ModelsOptions& options;
  const Context& context;
  const StopToken& stop;
};

Client make_client(const Job& job) {
  auto source = find_token(job.options.connection, job.context);
  if (!source) throw settings::missing_token();
  ClientOptions options = client_options(job.options.connection, job.context);
  options.log = make_log(job.options.output, job.context);
  return Client(std::move(source->token), std::move(options));
}

ModelName name_of(const std::string& text) {
  const ModelRef ref = parse_model_ref(text);
  if (const auto* name = std::get_if<ModelName>(&ref)) return *name;
  if (const auto* version = std::get_if<ModelVersion>(&ref); version && version->model) {
    return *version->model;
  }
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + text + "' does not name a model", .remedy = "write owner/name"});
}

int list(const Job& job) {
  job.context.streams.out.write(job.options.output.json ? render_catalogue_json()
                                                        : render_catalogue());
  return 0;
}

// From the cache if that is fresh, else from the server.
Model find_model(const Job& job, const ModelName& name) {
  const ClientOptions options = client_options(job.options.connection, job.context);
  const settings::ModelCache cache(settings::find_directories(job.context.environment),
                                   options.base_url);
  if (!job.options.refresh) {
    if (const auto cached = cache.find(name); cached && cached->age < kFresh) {
      try {
        return wire::parse_model(cached->text);
      } catch (const Error&) {  // damaged: asked for anew
      }
    }
  }
  Model model = make_client(job).model(name, job.stop);
  cache.keep(name, wire::render_model(model));
  return model;
}

int show(const Job& job) {
  const Model model = find_model(job, name_of(job.options.model));
  if (!job.options.output.json) {
    job.context.streams.out.write(render_model_facts(model));
  } else if (!model.schema.text.empty()) {
    job.context.streams.out.write(model.schema.text + "\n");
  } else {
    throw Error(ErrorKind::not_found,
                {.failed = render_model_ref(model.name) + " publishes no schema",
                 .why = "it has no version that anybody may see",
                 .remedy = "leave out --json to see what is known of it"});
  }
  return 0;
}

int search(const Job& job) {
  std::string text;
  for (const std::string& word : job.options.words) text += (text.empty() ? "" : " ") + word;
  const std::vector<Model> models = make_client(job).search_models(text, job.stop);
  if (job.options.output.json) {
    job.context.streams.out.write(render_models_json(models));
  } else if (!models.empty()) {
    job.context.streams.out.write(render_models(models));
  } else if (!job.options.output.quiet) {
    tell(job.context, "rellama: no public model has '" + terminal::one_line(text) + "' in it\n");
  }
  return 0;
}

struct Subcommand {
  const char* name;
  const char* help;
  int (*run)(const Job&);
};

constexpr Subcommand kList{"list", "the open models that have a short name", list};
constexpr Subcommand kShow{"show", "what the server says of one, with all its inputs", show};
constexpr Subcommand kSearch{"search", "public models by words in name and description", search};

CLI::App* add(CLI::App& app, const Subcommand& subcommand, ModelsOptions& options,
              const char* json) {
  CLI::App* added = app.add_subcommand(subcommand.name, subcommand.help);
  added->add_flag("--json", options.output.json, json);
  return added;
}

void declare(CLI::App& app, ModelsOptions& options) {
  add(app, kList, options, "the same as JSON, with sources");
  CLI::App* showing = add(app, kShow, options, "the OpenAPI schema of its latest version");
  showing->add_option("MODEL", options.model, "owner/name, or a short name")->required();
  showing->add_flag("--refresh", options.refresh, "ask the server even if the answer is cached");
  CLI::App* searching = add(app, kSearch, options, "the same as JSON");
  searching->add_option("TEXT", options.words, "words to look for")->required();
  for (CLI::App* asking : {showing, searching}) {
    declare(*asking, options.connection);
    declare_log(*asking, options.output);
  }
}

}  // namespace

int run_models(const Arguments& arguments, const Context& context) {
  ModelsOptions options;
  CLI::App app("List, show and search the models that can be asked.");
  prepare(app, "rellama models");
  app.require_subcommand(1);
  declare(app, options);
  if (!parse(app, arguments, context)) return 0;

  const StopSource stop;
  const SignalWatcher watcher(stop);
  const StopToken token = stop.token();
  for (const Subcommand& subcommand : {kList, kShow, kSearch}) {
    if (app.got_subcommand(subcommand.name)) return subcommand.run({options, context, token});
  }
  return 0;
}

}  // namespace rellama::commands
