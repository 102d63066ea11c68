#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rellama/transcript.hpp"

namespace rellama::chat {

/// One message and what was answered.
struct Exchange {
  std::string message;
  std::string answer;
  bool is_complete = true;  ///< false: the answer was cut short
  std::int64_t record = 0;  ///< its number in the history; 0: it is not kept
};

/// The exchanges of a conversation. They form a tree: whoever goes back and asks something else
/// grows another branch, and the first one stays.
class Conversation {
 public:
  /// Names an exchange; the first one is 1.
  using Number = std::size_t;

  /// Adds an exchange behind the current one and makes it current.
  Number add(Exchange exchange);
  /// Takes the current exchange back: the one before it becomes current. False if there is none.
  bool undo();
  /// Makes `number`, which must be there, the current exchange.
  void go_to(Number number) { current_ = number; }
  /// Makes the exchange before `number` the current one, as if `number` were to be asked anew.
  void go_before(Number number) { current_ = nodes_.at(number - 1).parent; }

  /// The exchanges from the beginning to the current one.
  [[nodiscard]] std::vector<Number> path() const;
  /// The ends of all branches, oldest first.
  [[nodiscard]] std::vector<Number> branches() const;
  [[nodiscard]] const Exchange& at(Number number) const { return nodes_.at(number - 1).exchange; }
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  /// 0 where nothing was asked yet.
  [[nodiscard]] Number current() const noexcept { return current_; }
  /// How many exchanges lie on the way to `number`, itself included.
  [[nodiscard]] std::size_t depth(Number number) const;

  /// What was said so far, as a model is to read it.
  [[nodiscard]] std::vector<Turn> turns() const;

 private:
  struct Node {
    Exchange exchange;
    Number parent;  // 0: it is the first of its branch
  };
  std::vector<Node> nodes_;
  Number current_ = 0;
};

/// The conversation as a document, with a heading for each side.
[[nodiscard]] std::string render_markdown(const Conversation& conversation);

}  // namespace rellama::chat
