#include <signal.h>
#include <unistd.h>

#include "commands/program.hpp"
#include "settings/environment.hpp"
#include "terminal/file_streams.hpp"

int main(int argc, char** argv) {
  using namespace rellama;
  terminal::reserve_standard_descriptors();
  // A closed pipe and a limit on files are errors of the write that meets them.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);

  const settings::Environment environment = settings::process_environment();
  terminal::FileInput in(STDIN_FILENO, "standard input");
  terminal::FileOutput out(STDOUT_FILENO, "standard output", environment);
  terminal::FileOutput err(STDERR_FILENO, "standard error", environment);

  const commands::Arguments arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return commands::run_program(arguments, {{in, out, err}, environment});
}
