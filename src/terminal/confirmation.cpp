#include "terminal/confirmation.hpp"

#include <fcntl.h>

#include <algorithm>
#include <string>

#include "system/file_descriptor.hpp"
#include "terminal/file_streams.hpp"

namespace rellama::terminal {

bool is_yes(std::string_view answer) {
  constexpr std::string_view kBlanks = " \t\r\n";
  answer.remove_prefix(std::min(answer.find_first_not_of(kBlanks), answer.size()));
  answer = answer.substr(0, answer.find_last_not_of(kBlanks) + 1);
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes" || answer == "YES";
}

bool confirm(OutputStream& screen, std::string_view question, const StopToken& stop) {
  const system::FileDescriptor terminal(::open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!terminal.is_open()) return false;
  screen.write(question);
  FileInput answers(terminal.get(), "the terminal");
  return is_yes(answers.read_line(stop).value_or(""));
}

}  // namespace rellama::terminal
