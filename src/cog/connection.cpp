#include "cog/connection.hpp"

#include <utility>

#include "http/url.hpp"
#include "rellama/error.hpp"
#include "rellama/version.hpp"
#include "wire/redact_url.hpp"

namespace rellama::cog {
namespace {

http::Url parse_base(const CogOptions& options) {
  auto url = http::parse_url(options.base_url);
  const std::string shown = wire::without_credentials(options.base_url);
  const auto refuse = [&shown](std::string why, std::string remedy) {
    return Error(ErrorKind::invalid_input, {.failed = "cannot use the container at '" + shown + "'",
                                            .why = std::move(why),
                                            .remedy = std::move(remedy)});
  };
  if (!url || !url->query.empty()) {
    throw refuse("it is not an http or https URL", "write, for example, http://localhost:5000");
  }
  if (url->has_credentials) throw refuse("it contains a password", "remove the password");
  if (url->scheme == "http" && !url->is_loopback() && !options.allow_http) {
    throw refuse("plain http would expose the prompts to the network",
                 "use https, or --allow-http if you trust the network");
  }
  return *url;
}

}  // namespace

Connection::Connection(CogOptions options)
    : options_(std::move(options)),
      base_(options_.base_url),
      host_(parse_base(options_).host),
      loop_({.authorities = {.file = options_.ca_file, .directory = options_.ca_directory},
             .proxy = options_.proxy,
             .no_proxy = options_.no_proxy,
             .connect_timeout = options_.connect_timeout,
             .user_agent = "rellama/" + std::string(version())}) {
  while (base_.ends_with('/')) base_.pop_back();
}

void Connection::log(LogLevel level, const std::string& line) const {
  if (options_.log) options_.log(level, line);
}

replicate::Attempt Connection::attempt(std::string failed, std::string id) const {
  return {.failed = std::move(failed), .host = host_, .prediction_id = std::move(id)};
}

}  // namespace rellama::cog
