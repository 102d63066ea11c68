#include "terminal/input_history.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>

#include "system/file_descriptor.hpp"
#include "system/private_file.hpp"

namespace rellama::terminal {
namespace {

// The size at which the file is cut to its latest messages.
constexpr std::size_t kMostLines = 4 * InputHistory::kMostMessages;
// What is read of it, in bytes.
constexpr std::streamoff kMostRead = 1 << 20;
// A line of it, in bytes: a message with escapes.
constexpr std::size_t kMostBytesOfLine = 2 * InputHistory::kLongestMessage;

// Opens the file at its last lines. Returns whether it has others.
bool open_at_last_lines(std::ifstream& file, const std::filesystem::path& path) {
  file.open(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.is_open() ? std::streamoff(file.tellg()) : 0;
  file.seekg(std::max<std::streamoff>(size - kMostRead, 0));
  if (size <= kMostRead) return false;
  std::string cut;
  std::getline(file, cut);
  return true;
}

std::string render_line(std::string_view message) {
  return nlohmann::json(message).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

void append_line(const std::filesystem::path& path, const std::string& line) {
  const system::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!file.is_open()) {
    system::write_private_file(path, line);
    return;
  }
  // One write, so that lines of two sessions do not interleave.
  [[maybe_unused]] const ssize_t written = ::write(file.get(), line.data(), line.size());
}

}  // namespace

std::vector<std::string> InputHistory::read() const {
  std::vector<std::string> messages;
  std::ifstream file;
  bool is_long = open_at_last_lines(file, path_);
  for (std::string line; std::getline(file, line);) {
    if (line.size() > kMostBytesOfLine) {
      is_long = true;
      continue;
    }
    const nlohmann::json message = nlohmann::json::parse(line, nullptr, false);
    if (!message.is_string()) continue;
    messages.push_back(message.get<std::string>());
    if (messages.back().size() > kLongestMessage) messages.pop_back();
  }
  is_long = is_long || messages.size() > kMostLines;
  if (messages.size() > kMostMessages) {
    messages.erase(messages.begin(), messages.end() - static_cast<std::ptrdiff_t>(kMostMessages));
  }
  if (is_long) {
    std::string text;
    for (const std::string& message : messages) text += render_line(message);
    try {
      system::write_private_file(path_, text);
    } catch (const std::exception&) {  // then the file stays long
    }
  }
  return messages;
}

void InputHistory::append(std::string_view message) const noexcept {
  if (message.size() > kLongestMessage) return;
  try {
    const std::string line = render_line(message);
    if (line.size() <= kMostBytesOfLine) append_line(path_, line);
  } catch (const std::exception&) {
  }
}

}  // namespace rellama::terminal
