#include "manual/help.hpp"

#include <algorithm>
#include <string_view>

namespace rellama::program {

std::string render_help_footer(std::span<const Command> commands) {
  std::string text =
      "Commands (see rellama COMMAND --help; a prompt that begins with such a word "
      "goes behind --):\n";
  for (const Command& command : commands) {
    if (command.summary.empty()) continue;
    std::string name(command.name);
    name.resize(std::max<std::size_t>(name.size(), 12), ' ');
    text += "  " + name + std::string(command.summary) + "\n";
  }
  text +=
      "\nExamples:\n"
      "  rellama \"Why is the sky blue?\"\n"
      "  cat error.log | rellama \"Explain this:\"\n"
      "  answer=$(rellama -m 13b --temperature 0.1 -f question.txt)\n"
      "\nExit codes:\n"
      "  0 succeeded               6 rate limit, after waiting    12 some of several failed\n"
      "  1 other error             7 network, TLS, proxy         124 --timeout passed\n"
      "  2 usage, invalid input    8 server error                129 SIGHUP\n"
      "  3 no or refused token     9 prediction failed           130 SIGINT (Ctrl-C)\n"
      "  4 model not found        10 canceled elsewhere          141 closed pipe\n"
      "  5 credit needed          11 output incomplete           143 SIGTERM\n";
  return text;
}

std::string render_short_help() {
  return "usage: rellama [OPTIONS] PROMPT…\n"
         "\n"
         "  rellama \"Why is the sky blue?\"          ask Llama 2, hosted by Replicate\n"
         "  cat error.log | rellama \"Explain this:\" ask about what is piped in\n"
         "  rellama --demo \"Tell me a story\"        a canned answer, without an account\n"
         "  rellama auth login                      store your API token\n"
         "  rellama --help                          all options and commands\n";
}

}  // namespace rellama::program
