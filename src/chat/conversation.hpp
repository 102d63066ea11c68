#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rellama/transcript.hpp"

namespace rellama::chat {

/// A message and its answer.
struct Exchange {
  std::string message;
  std::string answer;
  bool is_complete = true;  ///< false: the answer was cut short
  std::int64_t record = 0;  ///< its number in the history; 0: not recorded
};

/// The exchanges of a conversation. They form a tree: going back and asking something else starts
/// another branch, and the first one stays.
class Conversation {
 public:
  /// Identifies an exchange. The first is 1.
  using Number = std::size_t;

  /// Adds an exchange after the current one and makes it current.
  Number add(Exchange exchange);
  /// Goes back to the exchange before the current one. False if there is no current one.
  bool undo();
  /// Makes `number`, which must exist, the current exchange.
  void go_to(Number number) { current_ = number; }
  /// Makes the exchange before `number` current, to ask `number` again.
  void go_before(Number number) { current_ = nodes_.at(number - 1).parent; }

  /// The exchanges from the beginning to the current one.
  [[nodiscard]] std::vector<Number> path() const;
  /// The last exchange of each branch, oldest first.
  [[nodiscard]] std::vector<Number> branches() const;
  [[nodiscard]] const Exchange& at(Number number) const { return nodes_.at(number - 1).exchange; }
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  /// 0 if nothing was asked yet.
  [[nodiscard]] Number current() const noexcept { return current_; }
  /// The number of exchanges on the path to `number`, including it.
  [[nodiscard]] std::size_t depth(Number number) const;

  /// The path as the model receives it.
  [[nodiscard]] std::vector<Turn> turns() const;

 private:
  struct Node {
    Exchange exchange;
    Number parent;  // 0: none
  };
  std::vector<Node> nodes_;
  Number current_ = 0;
};

/// Renders the conversation as Markdown, with a heading for each message and answer.
[[nodiscard]] std::string render_markdown(const Conversation& conversation);

}  // namespace rellama::chat
