#include "cog/connection.hpp"

#include <exception>
#include <utility>

#include "http/url.hpp"
#include "rellama/error.hpp"
#include "rellama/version.hpp"
#include "replicate/retry.hpp"

namespace rellama::cog {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kRequestTimeout{30};
constexpr std::chrono::seconds kCancelTimeout{2};

http::Url parse_base(const CogOptions& options) {
  auto url = http::parse_url(options.base_url);
  const std::string shown = url && url->has_credentials ? "…@" + url->host : options.base_url;
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
      loop_({.ca_file = options_.ca_file,
             .proxy = options_.proxy,
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

http::Response Connection::get(const std::string& path, const std::string& failed,
                               const StopToken& stop) {
  for (int retry = 1;; ++retry) {
    http::Response response;
    http::Transfer transfer = loop_.open({.url = url_of(path)});
    const auto failure = loop_.finish(transfer, response, stop, Clock::now() + kRequestTimeout);
    stop.throw_if_stopped();
    if (!failure && response.status == 200) return response;
    if (!failure) throw replicate::error_for(response, attempt(failed));
    if (retry > options_.retries || failure->cause == http::Failure::Cause::too_large) {
      throw replicate::error_for(*failure, attempt(failed));
    }
    loop_.sleep(replicate::backoff(retry, options_.backoff), stop);
  }
}

void Connection::cancel(const std::string& id) noexcept {
  try {
    const StopSource limit(Clock::now() + kCancelTimeout);
    http::Response response;
    http::Transfer transfer =
        loop_.open({.method = "POST", .url = url_of("/predictions/" + id + "/cancel")});
    const auto failure =
        loop_.finish(transfer, response, limit.token(), Clock::now() + kCancelTimeout);
    log(LogLevel::info, "canceled prediction " + id + ": " +
                            (failure ? failure->why : std::to_string(response.status)));
  } catch (const std::exception&) {
  }
}

}  // namespace rellama::cog
