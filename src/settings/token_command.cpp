#include "settings/token_command.hpp"

#include <signal.h>

#include "rellama/error.hpp"
#include "settings/token_file.hpp"
#include "system/child_process.hpp"

namespace rellama::settings {
namespace {

Error no_token(std::string why) {
  return Error(ErrorKind::unauthorized,
               {.failed = "token_command gave no API token",
                .why = std::move(why),
                .remedy = "run the command yourself: its first line must be the token"});
}

}  // namespace

ApiToken ask_token_command(const std::string& command, std::chrono::milliseconds limit,
                           const StopToken& stop) {
  const system::CapturedOutput captured = system::capture_output(command, limit, stop);
  const system::ChildEnd& end = captured.end;
  if (end.way == system::ChildEnd::Way::killed && end.number == SIGINT) {
    throw Error(ErrorKind::interrupted, {.failed = "interrupted"});
  }
  if (!end.succeeded()) throw no_token("it failed (" + system::describe(end) + ")");
  const std::string_view output = captured.output;
  try {
    if (auto token = parse_token(output.substr(0, output.find('\n')), "token_command")) {
      return *std::move(token);
    }
  } catch (const Error&) {
    // The error would quote what was printed.
    throw no_token("its first line is not a valid token");
  }
  throw no_token("its first line is empty");
}

}  // namespace rellama::settings
