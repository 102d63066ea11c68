// The network checks of `rellama doctor`. Each request has a time limit and is never retried, so
// that the checks end soon even if nothing answers.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "commands/doctor/checks.hpp"
#include "http/date.hpp"
#include "http/loop.hpp"
#include "options/local_time.hpp"
#include "rellama/version.hpp"
#include "wire/redact_url.hpp"

namespace rellama::program {
namespace {

using Status = Finding::Status;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kRequestTime{10};
// A larger difference affects certificates and the search for lost predictions.
constexpr std::chrono::seconds kClockTolerance{30};
constexpr const char* kStreamHost = "https://stream.replicate.com/";

struct Answer {
  http::Response response;
  std::optional<http::Failure> failure;
};

// Sends no token: only whether the server answers matters.
Answer ask(const std::string& url, const ClientOptions& client, const StopToken& stop) {
  http::Loop loop(
      {.authorities = {.file = client.ca_file, .directory = client.ca_directory},
       .proxy = client.proxy,
       .no_proxy = client.no_proxy,
       .connect_timeout = std::min<std::chrono::milliseconds>(client.connect_timeout, kRequestTime),
       .user_agent = "rellama/" + std::string(version())});
  http::Transfer transfer = loop.open({.url = url});
  Answer answer;
  answer.failure = loop.finish(transfer, answer.response, stop, SteadyClock::now() + kRequestTime);
  stop.throw_if_stopped();
  return answer;
}

Finding check_api(const Answer& answer, const std::string& url) {
  const std::string shown = wire::without_credentials(url);
  constexpr int kFirstServerError = 500;
  if (!answer.failure && answer.response.status >= kFirstServerError) {
    return {Status::warning, "api",
            shown + " answers with status " + std::to_string(answer.response.status),
            "try again later; see https://www.replicatestatus.com"};
  }
  if (!answer.failure) return {Status::ok, "api", shown + " answers"};
  return {Status::failure, "api", shown + " cannot be reached: " + answer.failure->why,
          http::remedy_for(*answer.failure), traits(ErrorKind::network).exit_code};
}

Finding check_clock(const Answer& answer) {
  const std::string text(http::find_header(answer.response.headers, "date"));
  const auto theirs = http::parse_date(text);
  using std::chrono::seconds;
  if (!theirs && answer.failure &&
      answer.failure->cause == http::Failure::Cause::certificate_expired) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return {Status::warning, "clock", "local time is " + render_local_time(now.count()),
            "if it is wrong, set it: certificates are valid only for a limited time"};
  }
  if (!theirs) return {Status::ok, "clock", "not compared: the server sent no time"};
  const auto ahead =
      std::chrono::round<seconds>(std::chrono::system_clock::now() - *theirs).count();
  const std::int64_t apart = std::abs(ahead);
  if (apart <= kClockTolerance.count()) {
    return {Status::ok, "clock", "agrees with the server"};
  }
  return {Status::warning, "clock",
          std::to_string(apart) + " s " + (ahead > 0 ? "ahead of" : "behind") + " the server",
          "set it, for example with: timedatectl set-ntp true"};
}

Finding check_account(const ApiToken& token, const ClientOptions& options, const StopToken& stop) {
  ClientOptions client = options;
  client.retries = 0;
  client.request_timeout = kRequestTime;
  try {
    const Account account = Client(token, client).account(stop);
    return {Status::ok, "account", account.username + " (" + account.type + ")"};
  } catch (const Error& error) {
    stop.throw_if_stopped();
    return failure("account", error);
  }
}

Finding check_stream(const ClientOptions& client, const StopToken& stop) {
  if (!is_replicate(client.base_url)) {
    return {Status::ok, "stream", "URL given by the API, not on Replicate"};
  }
  const Answer answer = ask(kStreamHost, client, stop);
  if (!answer.failure) return {Status::ok, "stream", std::string(kStreamHost) + " answers"};
  return {Status::warning, "stream",
          std::string(kStreamHost) + " cannot be reached: " + answer.failure->why,
          "answers are still polled for; allow that host to stream them"};
}

}  // namespace

std::vector<Finding> check_network(const std::optional<ApiToken>& token,
                                   const ConnectionOptions& options, const Context& context,
                                   const StopToken& stop) {
  const ClientOptions client = client_options(options, context);
  const auto container = find_container(options, context);
  const std::string url = container ? container->base_url : client.base_url;
  const Answer answer = ask(url, client, stop);
  std::vector<Finding> findings{check_api(answer, url), check_clock(answer)};
  if (answer.failure || container) return findings;
  if (token) findings.push_back(check_account(*token, client, stop));
  findings.push_back(check_stream(client, stop));
  return findings;
}

}  // namespace rellama::program
