#pragma once

#include <cstdint>
#include <string>

#include "rellama/download.hpp"
#include "terminal/style.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The format of a printed answer.
enum class AnswerFormat { text, json, jsonl };

/// The argument of --markdown.
enum class MarkdownMode { automatic, always, never };

/// How an answer and its progress are shown; shared by every command that prints answers.
struct OutputOptions {
  bool json = false;
  bool jsonl = false;
  bool raw = false;
  bool extract = false;
  MarkdownMode markdown = MarkdownMode::automatic;
  int width = 0;  ///< columns for rendered Markdown; 0: the terminal's
  bool usage = false;
  bool quiet = false;
  int verbosity = 0;
  std::string log_file;
  bool saves = false;     ///< whether -O was given
  std::string save_path;  ///< its argument
  bool force = false;
  std::uint64_t max_download = DownloadOptions{}.max_bytes;
  terminal::ColorMode color = terminal::ColorMode::automatic;

  [[nodiscard]] AnswerFormat format() const {
    if (jsonl) return AnswerFormat::jsonl;
    return json ? AnswerFormat::json : AnswerFormat::text;
  }
};

/// Declares all options.
void declare(CLI::App& app, OutputOptions& options);

/// Declares the options for an answer that is shown again: --raw, --extract, --markdown, --width
/// and
/// --color. --json, if there is one, must be declared before.
void declare_answer(CLI::App& app, OutputOptions& options);

/// Declares --extract, --markdown and --width.
void declare_rendering(CLI::App& app, OutputOptions& options);

/// Declares --color.
void declare_color(CLI::App& app, OutputOptions& options);

/// Declares --output and the options that go with it.
void declare_saving(CLI::App& app, OutputOptions& options);

/// Declares the options for text answers: all but the JSON formats and those of --output.
void declare_text(CLI::App& app, OutputOptions& options);

/// Declares --quiet, --verbose and --log-file.
void declare_log(CLI::App& app, OutputOptions& options);

/// Whether a path to save to means standard output: `-`, or one of its device files.
[[nodiscard]] bool names_stdout(const std::string& path);

}  // namespace rellama::program
