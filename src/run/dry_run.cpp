#include "run/dry_run.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_document.hpp"
#include "wire/redact_url.hpp"

namespace rellama::program {
namespace {

constexpr const char* kAuthorization = "Bearer $REPLICATE_API_TOKEN";

}  // namespace

std::string quote_for_shell(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string render_curl(const PreparedRequest& request, const ClientOptions& client) {
  constexpr const char* kNextLine = " \\\n  ";
  std::string command = "curl --silent --show-error --request " + request.method;
  command += kNextLine + quote_for_shell(request.url);
  if (request.needs_token) {
    // Double quotes, so that the shell inserts the token.
    command += std::string(kNextLine) + "--header \"Authorization: " + kAuthorization + "\"";
  }
  if (!request.gateway_header.empty()) {
    command += std::string(kNextLine) + "--header \"$RELLAMA_GATEWAY_HEADER\"";
  }
  for (const auto& [name, value] : request.headers) {
    command += std::string(kNextLine) + "--header " + quote_for_shell(name + ": " + value);
  }
  if (!client.ca_file.empty()) {
    command += std::string(kNextLine) + "--cacert " + quote_for_shell(client.ca_file);
  }
  if (!client.ca_directory.empty()) {
    command += std::string(kNextLine) + "--capath " + quote_for_shell(client.ca_directory);
  }
  if (client.no_proxy) command += std::string(kNextLine) + "--noproxy '*'";
  if (!client.proxy.empty()) {
    command += std::string(kNextLine) + "--proxy " +
               quote_for_shell(wire::without_credentials(client.proxy));
  }
  command += std::string(kNextLine) + "--data-raw " + quote_for_shell(request.body);
  return command + "\n";
}

std::string render_request_json(const PreparedRequest& request) {
  nlohmann::ordered_json headers = nlohmann::ordered_json::object();
  if (request.needs_token) headers["Authorization"] = kAuthorization;
  if (!request.gateway_header.empty()) headers[request.gateway_header] = "…";
  for (const auto& [name, value] : request.headers) headers[name] = value;
  const nlohmann::ordered_json document{{"method", request.method},
                                        {"url", request.url},
                                        {"headers", headers},
                                        {"body", wire::find_json(request.body)}};
  return wire::render_json(document) + "\n";
}

}  // namespace rellama::program
