#include "manual/help.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "rellama/error.hpp"

namespace rellama::program {
namespace {

std::string_view meaning_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::internal: return "other error";
    case ErrorKind::invalid_input: return "usage, invalid input";
    case ErrorKind::unauthorized: return "no or refused token";
    case ErrorKind::not_found: return "model not found";
    case ErrorKind::payment_required: return "credit needed";
    case ErrorKind::rate_limited: return "still rate limited";
    case ErrorKind::network: return "network, TLS, proxy";
    case ErrorKind::server: return "server error";
    case ErrorKind::prediction_failed: return "prediction failed";
    case ErrorKind::canceled: return "canceled elsewhere";
    case ErrorKind::incomplete: return "output incomplete";
    case ErrorKind::may_have_started: return "maybe started and billed (check first)";
    case ErrorKind::deadline: return "--timeout passed";
    case ErrorKind::hung_up: return "SIGHUP";
    case ErrorKind::interrupted: return "SIGINT (Ctrl-C)";
    case ErrorKind::output_closed: return "closed pipe";
    case ErrorKind::terminated: return "SIGTERM";
  }
  return {};
}

std::string render_exit_codes() {
  std::map<int, std::string_view> meanings{{0, "succeeded"}, {12, "some of several failed"}};
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::terminated); ++kind) {
    const auto error_kind = static_cast<ErrorKind>(kind);
    meanings[traits(error_kind).exit_code] = meaning_of(error_kind);
  }
  constexpr std::size_t kWidth = 80;
  std::string text;
  std::string line = " ";
  for (const auto& [code, meaning] : meanings) {
    const std::string item = " " + std::to_string(code) + " " + std::string(meaning) + ";";
    if (line.size() + item.size() > kWidth) {
      text += line + "\n";
      line = " ";
    }
    line += item;
  }
  line.pop_back();
  return text + line + "\n";
}

}  // namespace

std::string render_help_footer(std::span<const Command> commands) {
  std::string text =
      "Examples:\n"
      "  rellama \"Why is the sky blue?\"\n"
      "  cat error.log | rellama \"Explain this:\"\n"
      "  answer=$(rellama -m 13b --temperature 0.1 -f question.txt)\n"
      "\nCommands (rellama COMMAND --help; a prompt that starts with one goes after --):\n";
  for (const Command& command : commands) {
    if (command.summary.empty()) continue;
    std::string name(command.name);
    name.resize(std::max<std::size_t>(name.size(), 13), ' ');
    text += "  " + name + std::string(command.summary) + "\n";
  }
  return text + "\nExit codes:\n" + render_exit_codes();
}

std::string render_short_help() {
  return "usage: rellama [OPTIONS] PROMPT…\n"
         "\n"
         "  rellama \"Why is the sky blue?\"          ask Llama 2, hosted by Replicate\n"
         "  cat error.log | rellama \"Explain this:\" ask about piped input\n"
         "  rellama --demo \"Tell me a story\"        get a canned answer, without an account\n"
         "  rellama auth login                      store your API token\n"
         "  rellama --help                          show all options and commands\n";
}

}  // namespace rellama::program
