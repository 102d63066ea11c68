#pragma once

#include <cstdint>
#include <string>

#include "rellama/download.hpp"
#include "terminal/style.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The form in which an answer is printed.
enum class AnswerFormat { text, json, jsonl };

/// The argument of --markdown.
enum class MarkdownMode { automatic, always, never };

/// How an answer, and what happens on the way to it, is shown; the same for every command that
/// prints one.
struct OutputOptions {
  bool json = false;
  bool jsonl = false;
  bool raw = false;
  bool extract = false;
  MarkdownMode markdown = MarkdownMode::automatic;
  int width = 0;  ///< columns for rendered Markdown; 0: as many as there are
  bool usage = false;
  bool quiet = false;
  int verbosity = 0;
  std::string log_file;
  bool saves = false;     ///< whether there is a -O
  std::string save_path;  ///< its argument
  bool force = false;
  std::uint64_t max_download = DownloadOptions{}.max_bytes;
  terminal::ColorMode color = terminal::ColorMode::automatic;

  [[nodiscard]] AnswerFormat format() const {
    if (jsonl) return AnswerFormat::jsonl;
    return json ? AnswerFormat::json : AnswerFormat::text;
  }
};

/// Declares all of them.
void declare(CLI::App& app, OutputOptions& options);

/// Declares those that say what of a text is shown, and how.
void declare_rendering(CLI::App& app, OutputOptions& options);

/// Declares the one that says where colour is used.
void declare_color(CLI::App& app, OutputOptions& options);

/// Declares those that say where an answer goes that is not printed.
void declare_saving(CLI::App& app, OutputOptions& options);

/// Declares those for answers as text: all but the machine forms and what saves them.
void declare_text(CLI::App& app, OutputOptions& options);

/// Declares those that say what is told on stderr: quiet, verbose and log file.
void declare_log(CLI::App& app, OutputOptions& options);

}  // namespace rellama::program
