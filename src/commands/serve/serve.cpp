// `rellama serve`: checks everything that can be checked before it listens, then serves the page
// until a signal.

#include "commands/serve/serve.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "commands/serve/serve_options.hpp"
#include "options/parser.hpp"
#include "options/piped_value.hpp"
#include "rellama/error.hpp"
#include "run/backend.hpp"
#include "run/dry_run.hpp"
#include "run/log.hpp"
#include "run/request.hpp"
#include "run/signal_watcher.hpp"
#include "settings/directories.hpp"
#include "settings/duration.hpp"
#include "system/child_process.hpp"
#include "system/random.hpp"
#include "web/cross_origin.hpp"
#include "web/key.hpp"
#include "web/site.hpp"

namespace rellama::program {
namespace {

constexpr std::size_t kOneTimeBytes = 16;

Error unusable(std::string failed, std::string why, std::string remedy) {
  return Error(ErrorKind::invalid_input,
               {.failed = std::move(failed), .why = std::move(why), .remedy = std::move(remedy)});
}

// The key that clients have to present; none with --no-key.
std::optional<std::string> find_key(const ServeOptions& options, const Context& context) {
  if (options.no_key) return std::nullopt;
  if (!options.key_file.empty()) return web::read_key(options.key_file);
  const auto state = settings::find_directories(context.environment).state;
  if (!state) {
    throw unusable("nowhere to keep the key",
                   "neither XDG_STATE_HOME nor a home directory is known",
                   "set HOME, or use --api-key-file");
  }
  return web::keep_key(*state / "serve_key",
                       options.new_key ? web::NewKey::always : web::NewKey::if_missing);
}

void check(const ServeOptions& options, const web::RequestMaker& maker, bool names_model,
           const Context& context) {
  if (has_piped_value(options.model, {})) {
    throw unusable("'@-' cannot be used here", "a server does not read standard input",
                   "name a file");
  }
  if (maker.container()) {
    if (names_model) refuse_with_container("--model", "a container runs only its own model");
    if (options.demo) refuse_with_container("--demo", "the demo uses the built-in emulator");
  }
  GenerateRequest sample = make_request(options.model, context);
  sample.prompt = "?";
  (void)maker.prepare(sample);
  if (options.no_key && (!web::is_loopback(options.host) || !options.public_urls.empty())) {
    throw unusable("--no-key cannot be used with a --host other than loopback or a --public-url",
                   "everyone who can connect could spend your credit", "leave out --no-key");
  }
  if (!options.key_file.empty()) (void)web::read_key(options.key_file);
}

web::SiteOptions site_options(const ServeOptions& options, const Context& context) {
  web::SiteOptions site;
  site.page.title = options.title;
  site.page.description = options.description;
  site.page.examples = options.examples;
  site.page.system = make_request(options.model, context).parameters.system_prompt;
  site.page.single = options.single;
  site.page.records = !options.history.no_log && !options.demo;
  site.page.cancel_on_close = options.cancel_on_close;
  site.page.concurrent = options.concurrent;
  site.guard.host = options.host;
  for (const std::string& url : options.public_urls) {
    site.guard.public_urls.push_back(web::PublicUrl::parse(url));
  }
  for (const std::string& origin : options.origins) {
    site.guard.origins.push_back(web::parse_origin(origin));
  }
  site.limits.concurrent = options.concurrent;
  site.limits.hourly = options.hourly;
  if (!options.timeout.empty()) site.limits.time = settings::parse_duration(options.timeout);
  site.port = options.port;
  if (!options.demo) site.history = find_history_path(context);
  return site;
}

// What people open: the name of this machine if the server listens on all of its addresses.
std::string page_url(const ServeOptions& options, int port, const std::string& key) {
  const bool is_any = options.host == "0.0.0.0" || options.host == "::";
  const std::string host = is_any ? "localhost" : options.host;
  return "http://" + web::render_authority(host, port) + "/" + (key.empty() ? "" : "?key=" + key);
}

void announce(const ServeOptions& options, int port, const std::string& key,
              const Context& context) {
  context.streams.out.print("serving " + page_url(options, port, key) + "\n");
  if (options.output.quiet) return;
  if (options.no_key) {
    tell(context,
         "rellama: warning: without a key, every program and user of this machine can use this\n"
         "rellama: server, read the history and spend your credit\n");
  } else if (!web::is_loopback(options.host)) {
    tell(context,
         "rellama: warning: the key and all text cross the network unencrypted; put a server with\n"
         "rellama: TLS in front (docs/serve.md)\n");
  }
}

// Does not wait for the browser.
void open_page(const std::string& url, const Context& context) {
  constexpr std::chrono::seconds kLimit{5};
#ifdef __APPLE__
  const std::string opener = "open";
#else
  const std::string opener = "xdg-open";
#endif
  const auto started = system::capture_output(
      "program=${BROWSER:-" + opener + "}; command -v \"$program\" >/dev/null || exit 1; " +
          "\"$program\" " + quote_for_shell(url) + " </dev/null >/dev/null 2>&1 &",
      kLimit);
  if (started.end.succeeded()) return;
  tell(context, "rellama: warning: no browser could be started; open the URL yourself\n");
}

Model fetch_model(const ApiToken& token, const ClientOptions& options, const ModelRef& ref,
                  const StopToken& stop) {
  Client client(token, options);
  if (const auto* name = std::get_if<ModelName>(&ref)) return client.model(*name, stop);
  const auto* version = std::get_if<ModelVersion>(&ref);
  if (version == nullptr || !version->model) {
    throw Error(ErrorKind::not_found, {.failed = "the inputs of this model are not known",
                                       .why = "its reference does not name a model"});
  }
  Model model{.name = *version->model, .description = {}};
  model.latest_version = client.version(*version->model, version->id, stop);
  return model;
}

Model fetch_container(const CogOptions& options, const StopToken& stop) {
  Model model{.name = {"cog", "container"}, .description = {}};
  model.latest_version.openapi_schema = CogClient(options).schema(stop);
  return model;
}

int serve(const ServeOptions& options, const web::RequestMaker& maker, const Context& context) {
  const StopSource stop;
  const StopSource drain;
  SignalWatcher watcher(stop, context.streams);  // before any other thread
  if (options.drain) watcher.direct_to(drain, stop);

  HostedAccess access;
  std::optional<ApiToken> token;
  if (!maker.container()) {
    access = open_hosted(options.connection, options.demo, context);
    token = access.token();
  }
  const auto fetch = [&](const ModelRef& ref, const StopToken& until) {
    return maker.container() ? fetch_container(*maker.container(), until)
                             : fetch_model(*token, access.client, ref, until);
  };
  web::Site site(site_options(options, context), maker, fetch);
  site.listen();
  const auto key = find_key(options, context);  // not replaced unless there is a server for it
  const std::string once = options.open && key ? system::random_hex(kOneTimeBytes) : std::string();
  site.start(key, once);
  announce(options, site.port(), key.value_or(""), context);
  if (options.open) open_page(page_url(options, site.port(), once), context);
  const std::stop_callback draining(drain.token().std_token(), [&site] { site.drain(); });
  if (maker.container()) {
    CogOptions container = *maker.container();
    container.log = make_log(options.output, context);
    CogClient client(std::move(container));
    site.run(client, stop.token());
  } else {
    ClientOptions hosted = access.client;
    hosted.log = make_log(options.output, context);
    Client client(*token, std::move(hosted));
    site.run(client, stop.token());
  }
  const auto reason = stop.token().reason();
  return traits(reason ? *reason : drain.token().reason().value_or(ErrorKind::interrupted))
      .exit_code;
}

}  // namespace

int run_serve(const Arguments& arguments, const Context& context) {
  ServeOptions options;
  CLI::App app("Serve a page to chat with models in a browser.");
  prepare(app, "rellama serve");
  declare(app, options);
  if (!parse(app, arguments, context)) return 0;
  const web::RequestMaker maker(options.model, options.connection, options.demo, context);
  check(options, maker, app.count("--model") > 0, context);
  return serve(options, maker, context);
}

}  // namespace rellama::program
