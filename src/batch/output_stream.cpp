#include <utility>

#include "batch/output.hpp"

namespace rellama::batch {
namespace {

class StreamTarget final : public ResultOutput {
 public:
  explicit StreamTarget(terminal::OutputStream& out) : out_(out) {}

  void add(std::size_t row, std::string_view /*id*/, std::string_view result) override {
    added_ += result;
    rows_.push_back({.row = row, .offset = 0, .size = result.size()});
  }

  void flush() override {
    if (added_.empty()) return;
    out_.print(std::exchange(added_, {}));
    written_.insert(written_.end(), rows_.begin(), rows_.end());
    rows_.clear();
  }

  std::vector<Segment> settle() override { return std::exchange(written_, {}); }
  [[nodiscard]] bool settles_at_once() const noexcept override { return true; }

 private:
  terminal::OutputStream& out_;
  std::string added_;
  std::vector<Segment> rows_;
  std::vector<Segment> written_;
};

}  // namespace

std::unique_ptr<ResultOutput> open_stream_output(terminal::OutputStream& out) {
  return std::make_unique<StreamTarget>(out);
}

}  // namespace rellama::batch
