#include <signal.h>
#include <unistd.h>

#include <exception>

#include "commands/command_table.hpp"
#include "commands/program.hpp"
#include "run/signal_watcher.hpp"
#include "system/core_dump.hpp"
#include "system/environment.hpp"
#include "system/out_of_memory.hpp"
#include "terminal/file_streams.hpp"

namespace {

using namespace rellama;

int run(int argc, char** argv) {
  const system::Environment environment = system::process_environment();
  terminal::FileInput in(STDIN_FILENO, "standard input");
  terminal::FileOutput out(STDOUT_FILENO, "standard output", environment);
  terminal::FileOutput err(STDERR_FILENO, "standard error", environment);

  const program::Arguments arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return program::run_program(arguments, {{in, out, err}, environment, program::command_table()});
}

}  // namespace

int main(int argc, char** argv) {
  system::forbid_core_dumps();
  terminal::reserve_standard_descriptors();
  // Report a closed pipe or a full file quota as an error of the write, not as a signal.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  program::exit_on_signals();
  system::prepare_for_out_of_memory(program::kOutOfMemory);
  try {
    return run(argc, argv);
  } catch (const std::exception&) {
    constexpr auto kText = program::kOutOfMemory;
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kText.data(), kText.size());
    return 1;
  }
}
