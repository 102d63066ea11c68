#include "options/connection.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "options/authorities.hpp"
#include "options/exchange_file.hpp"
#include "options/history_options.hpp"
#include "options/setting_source.hpp"
#include "options/value_checks.hpp"
#include "rellama/error.hpp"
#include "settings/directories.hpp"
#include "settings/duration.hpp"
#include "wire/redact_url.hpp"

namespace rellama::program {
namespace {

std::optional<std::filesystem::path> find_stored_token_path(const Context& context) {
  return settings::stored_token_file(settings::find_directories(context.environment).config);
}

// Seconds as a decimal number, as in the official Python client.
std::chrono::milliseconds parse_poll_interval(const std::string& text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr double kLongest = 3600;
  const bool usable = error == std::errc{} && end == text.data() + text.size() &&
                      seconds >= 0.001 && seconds <= kLongest;
  if (!usable) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "invalid REPLICATE_POLL_INTERVAL",
                 .why = "'" + text + "' is not between 0.001 and 3600 seconds",
                 .remedy = "set it to a number such as 0.5, or unset it"});
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

struct EndpointName {
  std::string kind;
  std::string url;
};

std::optional<EndpointName> find_endpoint(const ConnectionOptions& options) {
  const std::string& text = options.endpoint;
  if (text.empty()) return std::nullopt;
  const auto equals = std::min(text.find('='), text.size());
  EndpointName endpoint{text.substr(0, equals), text.substr(std::min(equals + 1, text.size()))};
  if ((endpoint.kind != "cog" && endpoint.kind != "replicate") || endpoint.url.empty()) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "invalid endpoint '" + wire::without_credentials(text) + "'",
                 .remedy = "use cog=http://localhost:5000 or replicate=URL"});
  }
  return endpoint;
}

}  // namespace

void declare(CLI::App& app, ConnectionOptions& options) {
  const auto add = [&app](const char* name, auto& target, const char* help) {
    return app.add_option(name, target, help)->group("Connection");
  };
  CLI::Option* endpoint =
      add("--endpoint", options.endpoint,
          "server to use: cog=URL for a Cog container, or replicate=URL (RELLAMA_ENDPOINT)")
          ->type_name("KIND=URL");
  add("--base-url", options.base_url, "API URL, with or without /v1 (REPLICATE_BASE_URL)")
      ->type_name("URL")
      ->excludes(endpoint);
  add("--token-file", options.token_file, "read the API token from a file of mode 0600")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "--proxy",
         [&options](const std::string& url) {
           options.proxy = url;
           options.no_proxy = url.empty();
         },
         "proxy to use, \"\" for none (HTTPS_PROXY, NO_PROXY)")
      ->type_name("URL")
      ->group("Connection");
  add("--cacert", options.ca_file,
      "trusted CA certificates: a PEM file, or a directory (SSL_CERT_FILE)")
      ->type_name("PATH");
  add("--connect-timeout", options.connect_timeout, "time limit for connecting")
      ->type_name("DUR")
      ->check(duration())
      ->capture_default_str();
  add("--retries", options.retries, "how often to retry requests that are safe to repeat")
      ->type_name("N")
      ->transform(whole_number(0, 100))
      ->capture_default_str();
  app.add_flag("--allow-http", options.allow_http, "allow plain http to other machines")
      ->group("Connection");
  add("--record", options.record,
      "add the exchanges with the server to a file, for: rellama emulator --replay FILE")
      ->type_name("FILE");
  add("--profile", options.profile, "configuration profile to use")->type_name("NAME");
  // Not shown in the help: they belong in the configuration file, because other users can read a
  // command line.
  app.add_option("--token-command", options.token_command, "command that prints the API token")
      ->type_name("COMMAND")
      ->group("");
  app.add_option("--gateway-header", options.gateway_header, "header that a gateway wants")
      ->type_name("SECRET")
      ->group("");
}

std::optional<CogOptions> find_container(const ConnectionOptions& options, const Context& context) {
  const auto endpoint = find_endpoint(options);
  if (!endpoint || endpoint->kind != "cog") return std::nullopt;
  if (!options.record.empty()) {
    refuse_with_container("--record", "a container makes every run under a new name");
  }
  ClientOptions client = client_options(options, context);
  CogOptions container;
  container.base_url = endpoint->url;
  container.ca_file = std::move(client.ca_file);
  container.ca_directory = std::move(client.ca_directory);
  container.proxy = std::move(client.proxy);
  container.no_proxy = client.no_proxy;
  container.connect_timeout = client.connect_timeout;
  container.retries = client.retries;
  container.allow_http = client.allow_http;
  return container;
}

void refuse_container(const std::string& command, const std::string& why,
                      const ConnectionOptions& options, const Context& context) {
  if (!find_container(options, context)) return;
  throw Error(ErrorKind::invalid_input, {.failed = command + " cannot be used with a Cog container",
                                         .why = why,
                                         .remedy = "leave out --endpoint and RELLAMA_ENDPOINT"});
}

ClientOptions client_options(const ConnectionOptions& options, const Context& context) {
  const auto variable = [&context](std::string_view name) {
    return system::find_variable(context.environment, name);
  };
  ClientOptions client;
  client.base_url = !options.base_url.empty()
                        ? options.base_url
                        : variable("REPLICATE_BASE_URL").value_or(client.base_url);
  const auto endpoint = find_endpoint(options);
  if (endpoint && endpoint->kind == "replicate") client.base_url = endpoint->url;
  TrustedAuthorities trusted = find_authorities(options.ca_file, context.environment);
  client.ca_file = std::move(trusted.file);
  client.ca_directory = std::move(trusted.directory);
  client.proxy = options.proxy;
  client.no_proxy = options.no_proxy;
  if (!options.gateway_header.empty()) client.gateway_header.emplace(options.gateway_header);
  client.connect_timeout = settings::parse_duration(options.connect_timeout);
  client.retries = options.retries;
  if (options.retries == 0) client.outage_limit = std::chrono::milliseconds(0);
  client.allow_http = options.allow_http;
  if (!options.record.empty()) client.recorder = make_exchange_file(options.record, context);
  client.is_known = [&context](const PredictionId& id) { return is_in_history(context, id); };
  if (const auto interval = variable("REPLICATE_POLL_INTERVAL")) {
    client.poll_interval = parse_poll_interval(*interval);
  }
  return client;
}

void refuse_with_container(const std::string& option, const std::string& why) {
  throw Error(ErrorKind::invalid_input, {.failed = option + " cannot be used with a Cog container",
                                         .why = why,
                                         .remedy = "leave out " + option});
}

std::optional<settings::TokenSource> find_token(const ConnectionOptions& options,
                                                const Context& context) {
  settings::TokenPlaces places{
      .option = {}, .command = options.token_command, .stored = find_stored_token_path(context)};
  if (!options.token_file.empty()) places.option = options.token_file;
  auto source = settings::find_token_source(places, context.environment, context.stop);
  if (source && context.settings_in_use != nullptr) {
    context.settings_in_use->push_back({.name = "token", .values = {}, .source = source->where});
  }
  return source;
}

ApiToken require_token(const ConnectionOptions& options, const Context& context) {
  if (find_container(options, context)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "a Cog container does not support this",
                 .why = "it runs each prediction within one request and stores none",
                 .remedy = "leave out --endpoint and RELLAMA_ENDPOINT"});
  }
  if (auto source = find_token(options, context)) return std::move(source->token);
  throw settings::missing_token();
}

std::filesystem::path stored_token_path(const Context& context) {
  if (const auto path = find_stored_token_path(context)) return *path;
  throw Error(ErrorKind::internal, {.failed = "nowhere to store a token",
                                    .why = "neither XDG_CONFIG_HOME nor a home directory is known",
                                    .remedy = "set HOME, or use REPLICATE_API_TOKEN"});
}

}  // namespace rellama::program
