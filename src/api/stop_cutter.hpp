#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::api {

/// Ends an answer before the first stop sequence in it, however the text is split. Holds back what
/// may be the beginning of one.
class StopCutter {
 public:
  explicit StopCutter(std::vector<std::string> stops) : stops_(std::move(stops)) {}

  /// Takes the next part of the answer. Returns what can be shown now.
  [[nodiscard]] std::string append(std::string_view text);
  /// The answer is over. Returns what was held back, unless it is a stop sequence.
  [[nodiscard]] std::string finish();

  /// The stop sequence that was found. Nothing is shown after that.
  [[nodiscard]] const std::optional<std::string>& found() const noexcept { return found_; }

 private:
  /// Where the first complete stop sequence is in what is held back.
  [[nodiscard]] std::size_t find_first() const;
  /// Ends the answer there. Returns what comes before.
  [[nodiscard]] std::string cut(std::size_t at);

  const std::vector<std::string> stops_;
  std::string held_;
  std::optional<std::string> found_ = {};
};

}  // namespace rellama::api
