#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "web/blocks.hpp"
#include "web/board.hpp"
#include "web/engine.hpp"
#include "web/turn_record.hpp"

namespace rellama::web {

/// What a run of the page is, before it begins.
struct PageRunFacts {
  std::string id;
  std::string model;
  std::string prompt;
  std::unique_ptr<TurnRecord> record = {};  ///< null: it is not a turn of a conversation
  std::vector<std::string> warnings = {};
  bool is_container = false;
  bool is_single = false;  ///< a turn that the page does not show in its conversation
};

/// A run whose answer is shown on the page, at most ten times a second, and recorded.
class PageRun final : public RunListener {
 public:
  /// `board` must outlive this.
  PageRun(PageRunFacts facts, Board& board);

  void queued(std::size_t position) override;
  void begun() override;
  void created(const Prediction& prediction) override;
  void prompt_fitted(const PromptFit& fit) override;
  void status_changed(Status status) override;
  void output(std::string_view text) override;
  void stopping() override;
  void ended(RowEnd end) override;
  Time flush(Time now) override;

  [[nodiscard]] const std::string& id() const noexcept { return facts_.id; }
  /// Null if it is not a turn of a conversation.
  [[nodiscard]] TurnRecord* record() const noexcept { return facts_.record.get(); }
  [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }

 private:
  void publish(Time now);
  [[nodiscard]] nlohmann::ordered_json fields(Time now) const;
  void conclude(RowEnd& end);
  void add_output(const Prediction& prediction);
  void fail(const Error& error, const Prediction& prediction);
  void add_usage(const Prediction& prediction);
  void record_end(const Prediction& prediction);

  PageRunFacts facts_;
  Board& board_;
  Blocks blocks_;
  std::vector<std::string> more_blocks_;  // after the text: files and other output
  const std::chrono::system_clock::time_point asked_at_ = std::chrono::system_clock::now();
  std::string status_ = "queued";
  std::size_t position_ = 0;
  std::string prediction_;
  std::optional<Time> created_at_ = {};
  std::optional<Time> started_at_ = {};
  std::optional<Time> ended_at_ = {};
  std::size_t pieces_ = 0;
  std::string text_;
  std::optional<std::int64_t> input_tokens_ = {};
  std::optional<std::int64_t> output_tokens_ = {};
  std::optional<double> seconds_ = {};
  std::optional<double> rate_ = {};
  std::optional<Error> error_ = {};
  bool is_stopping_ = false;
  bool has_ended_ = false;
  bool has_news_ = true;
  Time published_at_ = {};
};

}  // namespace rellama::web
