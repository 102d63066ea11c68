#include "chat/message_reader.hpp"

#include <string_view>
#include <utility>

#include "chat/slash_command.hpp"
#include "prompt/checks.hpp"

namespace rellama::chat {
namespace {

using terminal::LineEnd;

constexpr std::string_view kBlockMark = "\"\"\"";
constexpr const char* kMorePrompt = "… ";

}  // namespace

Input MessageReader::read(const std::string& prompt, const StopToken& stop) {
  while (true) {
    Input input = read_one(prompt, stop);
    if (input.kind == Input::Kind::message && prompt::is_blank(input.text)) continue;
    remember(input);
    return input;
  }
}

// As it would have to be typed.
void MessageReader::remember(const Input& input) {
  const bool has_slash = input.kind == Input::Kind::message && input.text.starts_with('/');
  if (!input.text.empty()) lines_.remember(has_slash ? "/" + input.text : input.text);
}

Input MessageReader::read_one(const std::string& prompt, const StopToken& stop) {
  std::string message;
  for (bool is_first = true;; is_first = false) {
    terminal::Line line = lines_.read(is_first ? prompt : kMorePrompt, stop);
    if (line.end == LineEnd::interrupted) return {Input::Kind::interrupted, {}};
    if (line.end == LineEnd::end) {
      return {is_first ? Input::Kind::end : Input::Kind::message, std::move(message)};
    }
    if (is_first && line.text.starts_with(kBlockMark)) {
      return read_block(line.text.substr(kBlockMark.size()), stop);
    }
    if (is_first && line.text.starts_with("//")) {
      line.text.erase(0, 1);
    } else if (is_first && line.text.starts_with('/')) {
      return {Input::Kind::command, std::move(line.text)};
    }
    const bool goes_on = line.text.ends_with('\\');
    if (goes_on) line.text.pop_back();
    message += line.text;
    if (is_first && !goes_on && leaves(message)) return {Input::Kind::command, "/exit"};
    if (!goes_on) return {Input::Kind::message, std::move(message)};
    message += '\n';
  }
}

// `text` follows the opening mark, and may contain the closing one.
Input MessageReader::read_block(std::string text, const StopToken& stop) {
  while (true) {
    if (const auto mark = text.rfind(kBlockMark);
        mark != std::string::npos && prompt::is_blank(std::string_view(text).substr(mark + 3))) {
      text.resize(mark);
      break;
    }
    terminal::Line line = lines_.read(kMorePrompt, stop);
    if (line.end == LineEnd::interrupted) return {Input::Kind::interrupted, {}};
    if (line.end == LineEnd::end) break;
    text += '\n' + line.text;
  }
  if (text.starts_with('\n')) text.erase(0, 1);
  if (text.ends_with('\n')) text.pop_back();
  return {Input::Kind::message, std::move(text)};
}

}  // namespace rellama::chat
