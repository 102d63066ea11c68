#include "options/prompt_input.hpp"

#include <algorithm>
#include <utility>

#include "prompt/checks.hpp"
#include "rellama/error.hpp"
#include "system/whole_file.hpp"
#include "wire/plain_text.hpp"

namespace rellama::program {
namespace {

constexpr const char* kStdinMark = "-";

using Words = std::vector<std::string>;

std::string join(Words::const_iterator begin, Words::const_iterator end) {
  std::string joined;
  for (auto word = begin; word != end; ++word) {
    if (word != begin) joined += ' ';
    joined += *word;
  }
  return joined;
}

void drop_final_newline(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

}  // namespace

std::string join_words(const std::vector<std::string>& words) {
  return join(words.begin(), words.end());
}

std::string read_stdin(terminal::InputStream& in, const StopToken& stop) {
  std::string text = in.read_all(stop);
  prompt::check_text("standard input", text);
  text = wire::plain_text(std::move(text));
  drop_final_newline(text);
  return text;
}

bool PromptSources::marks_stdin() const {
  const auto is_in = [](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), kStdinMark) != list.end();
  };
  return is_in(words) || is_in(files);
}

bool PromptSources::empty(const terminal::InputStream& in) const {
  return words.empty() && files.empty() && (in.is_terminal() || no_stdin);
}

std::string read_file(const std::string& path, const StopToken& stop) {
  constexpr std::size_t kMaxBytes = 100'000'000;
  return system::read_whole_file(path, stop, kMaxBytes);
}

std::string read_text_file(const std::string& path, const StopToken& stop) {
  std::string text = system::read_whole_file(path, stop);
  prompt::check_text("'" + path + "'", text);
  text = wire::plain_text(std::move(text));
  drop_final_newline(text);
  return text;
}

std::string read_input(const PromptSources& sources, terminal::InputStream& in,
                       const StopToken& stop) {
  const auto& words = sources.words;
  const auto mark = std::find(words.begin(), words.end(), kStdinMark);
  const auto marks = std::count(words.begin(), words.end(), kStdinMark) +
                     std::count(sources.files.begin(), sources.files.end(), kStdinMark);
  if (marks > 1) {
    throw Error(ErrorKind::invalid_input, {.failed = "'-' can be given only once"});
  }
  if (marks > 0 && sources.no_stdin) {
    throw Error(ErrorKind::invalid_input, {.failed = "'-' and --no-stdin cannot be combined",
                                           .remedy = "leave out one of them"});
  }

  std::vector<std::string> parts;
  if (marks == 0 && !sources.no_stdin && !in.is_terminal()) parts.push_back(read_stdin(in, stop));
  for (const std::string& path : sources.files) {
    if (path == kStdinMark) {
      parts.push_back(read_stdin(in, stop));
      continue;
    }
    parts.push_back(read_text_file(path, stop));
  }
  if (mark != words.end()) {
    parts.push_back(join(words.begin(), mark));
    parts.push_back(read_stdin(in, stop));
    parts.push_back(join(mark + 1, words.end()));
  } else {
    parts.push_back(join_words(words));
  }

  std::string prompt;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!prompt.empty()) prompt += "\n\n";
    prompt += part;
  }
  prompt::check_text("the prompt", prompt);
  return prompt;
}

std::string read_prompt(const PromptSources& sources, terminal::InputStream& in,
                        const StopToken& stop) {
  std::string prompt = read_input(sources, in, stop);
  prompt::check_not_blank(prompt);
  return prompt;
}

}  // namespace rellama::program
