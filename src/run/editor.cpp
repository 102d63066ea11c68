#include "run/editor.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "options/prompt_input.hpp"
#include "rellama/error.hpp"
#include "system/child_process.hpp"
#include "system/private_file.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

std::string editor_of(const system::Environment& environment) {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    if (auto editor = system::find_variable(environment, name)) return *std::move(editor);
  }
  if (system::has_terminal()) return "vi";
  throw Error(ErrorKind::invalid_input,
              {.failed = "no editor found",
               .why = "VISUAL and EDITOR are not set, and vi needs a terminal",
               .remedy = "set EDITOR"});
}

// Its own directory, because editors may leave backup copies next to the file.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const system::Environment& environment)
      : path_(system::find_variable(environment, "TMPDIR").value_or("/tmp") + "/rellama-XXXXXX") {
    if (::mkdtemp(path_.data()) != nullptr) return;
    throw Error(ErrorKind::internal, {.failed = "cannot create " + path_,
                                      .why = std::generic_category().message(errno),
                                      .remedy = "set TMPDIR to a directory you can write to"});
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::filesystem::path prompt() const {
    return std::filesystem::path(path_) / "prompt.md";
  }

  // Leaves the directory to the user.
  void keep(const Context& context) {
    kept_ = true;
    tell(context, "rellama: your text is saved in " + terminal::one_line(prompt().string()) + "\n");
  }

 private:
  std::string path_;
  bool kept_ = false;
};

bool file_equals(const std::filesystem::path& path, const std::string& text) {
  std::ifstream file(path, std::ios::binary);
  return text == std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

void edit_file(const std::filesystem::path& path, const Context& context) {
  const std::string editor = editor_of(context.environment);
  if (std::error_code ignored; !std::filesystem::is_regular_file(path, ignored)) {
    throw Error(ErrorKind::invalid_input, {.failed = "cannot edit " + path.string(),
                                           .why = "it is not a regular file",
                                           .remedy = "move it out of the way"});
  }
  // As in git: the variable may contain arguments, and the path any character.
  const auto ended = system::run_on_terminal(editor + " \"$@\"", {path.string()}, context.stop);
  if (ended.succeeded()) return;
  // sh(1): 127 for a command that is not found, 126 for one that cannot be run.
  constexpr int kNotFound = 127;
  constexpr int kNotRunnable = 126;
  const bool exited = ended.way == system::ChildEnd::Way::exited;
  const bool is_missing = exited && ended.number == kNotFound;
  const bool is_unusable = exited && ended.number == kNotRunnable;
  throw Error(ErrorKind::invalid_input,
              {.failed = "the editor '" + editor + "' failed (" + system::describe(ended) + ")",
               .why = is_missing    ? "there is no such command"
                      : is_unusable ? "it is not a program that can be run"
                                    : "",
               .remedy = is_missing || is_unusable
                             ? "set VISUAL or EDITOR to the command of an editor"
                             : "quit it without an error, or set VISUAL or EDITOR to another one"});
}

std::string edit_text(const std::string& text, const Context& context) {
  TemporaryDirectory directory(context.environment);
  const auto path = directory.prompt();
  const std::string original = text.empty() ? text : text + "\n";
  system::write_private_file(path, original);
  try {
    edit_file(path, context);
    std::string edited = read_text_file(path.string(), {});
    edited.resize(edited.find_last_not_of("\r\n") + 1);
    return edited;
  } catch (const Error&) {
    if (!file_equals(path, original)) directory.keep(context);
    throw;
  }
}

void keep_text(const std::string& text, const Context& context) noexcept {
  try {
    TemporaryDirectory directory(context.environment);
    system::write_private_file(directory.prompt(), text + "\n");
    directory.keep(context);
  } catch (const Error& error) {
    tell(context, "rellama: cannot save your text: " + terminal::one_line(error.what()) + "\n");
  }
}

}  // namespace rellama::program
