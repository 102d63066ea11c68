#include "terminal/input_history.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>

#include "system/file_descriptor.hpp"
#include "system/private_file.hpp"

namespace rellama::terminal {
namespace {

// The size at which the file is cut to its latest messages.
constexpr std::size_t kLongestFile = 4 * InputHistory::kMostMessages;

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
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    if (line.size() > 2 * kLongestMessage) continue;
    const nlohmann::json message = nlohmann::json::parse(line, nullptr, false);
    if (!message.is_string()) continue;
    messages.push_back(message.get<std::string>());
    if (messages.back().size() > kLongestMessage) messages.pop_back();
  }
  if (messages.size() <= kMostMessages) return messages;
  const bool is_long = messages.size() > kLongestFile;
  messages.erase(messages.begin(), messages.end() - static_cast<std::ptrdiff_t>(kMostMessages));
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
    append_line(path_, render_line(message));
  } catch (const std::exception&) {
  }
}

}  // namespace rellama::terminal
