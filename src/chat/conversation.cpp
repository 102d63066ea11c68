#include "chat/conversation.hpp"

#include <algorithm>
#include <utility>

#include "terminal/text_printer.hpp"

namespace rellama::chat {

Conversation::Number Conversation::add(Exchange exchange) {
  nodes_.push_back({std::move(exchange), current_});
  current_ = nodes_.size();
  return current_;
}

bool Conversation::undo() {
  if (current_ == 0) return false;
  go_before(current_);
  return true;
}

std::vector<Conversation::Number> Conversation::path() const {
  std::vector<Number> path;
  for (Number at = current_; at != 0; at = nodes_[at - 1].parent) path.push_back(at);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<Conversation::Number> Conversation::branches() const {
  std::vector<bool> goes_on(nodes_.size() + 1);
  for (const Node& node : nodes_) goes_on[node.parent] = true;
  std::vector<Number> ends;
  for (Number number = 1; number <= nodes_.size(); ++number) {
    if (!goes_on[number]) ends.push_back(number);
  }
  return ends;
}

std::size_t Conversation::depth(Number number) const {
  std::size_t depth = 0;
  for (; number != 0; number = nodes_.at(number - 1).parent) ++depth;
  return depth;
}

std::vector<Turn> Conversation::turns() const {
  std::vector<Turn> turns;
  for (const Number number : path()) {
    turns.push_back({.user = at(number).message, .assistant = at(number).answer});
  }
  return turns;
}

std::string render_markdown(const Conversation& conversation) {
  std::string text;
  for (const Conversation::Number number : conversation.path()) {
    const Exchange& exchange = conversation.at(number);
    text += (text.empty() ? "" : "\n") + std::string("## You\n\n") + exchange.message +
            "\n\n## Llama\n\n" + std::string(terminal::without_leading_blanks(exchange.answer)) +
            (exchange.is_complete ? "\n" : " …\n");
  }
  return text;
}

}  // namespace rellama::chat
