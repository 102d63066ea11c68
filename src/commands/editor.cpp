#include "commands/editor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "commands/prompt_input.hpp"
#include "rellama/error.hpp"
#include "settings/environment.hpp"
#include "settings/file_descriptor.hpp"

namespace rellama::commands {
namespace {

namespace fs = std::filesystem;

Error cannot_edit(const std::string& why) {
  return Error(ErrorKind::invalid_input, {.failed = "the text could not be edited",
                                          .why = why,
                                          .remedy = "set VISUAL or EDITOR to an editor"});
}

// A file for the user only, as long as this lives. Editors colour what ends in .md.
class DraftFile {
 public:
  explicit DraftFile(const std::string& text) {
    std::string name = (fs::temp_directory_path() / "rellama-XXXXXX.md").string();
    const settings::FileDescriptor file(::mkostemps(name.data(), 3, O_CLOEXEC));
    if (!file.is_open()) throw cannot_edit(std::generic_category().message(errno));
    path_ = name;
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw cannot_edit(std::generic_category().message(errno));
    }
  }
  ~DraftFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  DraftFile(const DraftFile&) = delete;
  DraftFile& operator=(const DraftFile&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

// The variables are commands of a shell: "code --wait". The editor gets the signals as anybody
// does, though we hold them back.
int run_editor(const std::string& command, const std::string& path) {
  const std::string line = command + " \"$1\"";
  const pid_t child = ::fork();
  if (child == 0) {
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    ::execl("/bin/sh", "sh", "-c", line.c_str(), "sh", path.c_str(), nullptr);
    _exit(127);
  }
  int status = -1;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

std::string edit_text(const std::string& text, const Context& context) {
  const auto visual = settings::find_variable(context.environment, "VISUAL");
  const auto editor = settings::find_variable(context.environment, "EDITOR");
  const std::string command = visual.value_or(editor.value_or("vi"));
  const DraftFile file(text.empty() ? text : text + "\n");
  if (const int status = run_editor(command, file.path()); status != 0) {
    throw cannot_edit("'" + command + "' failed");
  }
  std::string edited = read_text_file(file.path());
  while (edited.ends_with('\n') || edited.ends_with('\r')) edited.pop_back();
  return edited;
}

}  // namespace rellama::commands
