#include "commands/compare/compared_runs.hpp"

#include <utility>

#include "rellama/error.hpp"
#include "rellama/outcome.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {
namespace {

using std::chrono::milliseconds;

// A screen need not be redrawn for every token, but a spinner turns, and a resized window is
// noticed.
constexpr milliseconds kShortestPause{30};
constexpr milliseconds kLongestPause{100};

double seconds_since(RowSink::Time start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

ComparedRuns::ComparedRuns(std::vector<GenerateRequest> requests, ComparisonPrinter& printer)
    : printer_(printer), requests_(std::move(requests)), results_(requests_.size()) {}

RequestSource::Supply ComparedRuns::next(RowRequest& row) {
  const std::size_t run = started_.size();
  if (run == requests_.size()) return Supply::end;
  row.request = std::move(requests_[run]);
  started_.push_back(std::chrono::steady_clock::now());
  printer_.status_changed(run, Status::starting);
  return Supply::request;
}

void ComparedRuns::created(std::size_t row, const Prediction& prediction) {
  results_[row].prediction = prediction;
  printer_.status_changed(row, prediction.status);
}

void ComparedRuns::status_changed(std::size_t row, Status status) {
  results_[row].prediction.status = status;
  printer_.status_changed(row, status);
}

void ComparedRuns::output(std::size_t row, std::string_view text) {
  RunResult& result = results_[row];
  if (!result.first_output) result.first_output = seconds_since(started_[row]);
  ++result.output_events;
  result.text += text;
  printer_.output(row, text);
}

void ComparedRuns::ended(std::size_t row, RowEnd end) {
  RunResult& result = results_[row];
  result.error = std::move(end.error);
  if (!result.error) {
    result.prediction = std::move(end.prediction);
    result.error = find_failure(result.prediction);
  }
  result.seconds = seconds_since(started_[row]);
  printer_.ended(row, result);
}

RowSink::Time ComparedRuns::flush() {
  const auto now = std::chrono::steady_clock::now();
  if (now < flushed_ + kShortestPause) return flushed_ + kShortestPause;
  flushed_ = now;
  printer_.flush();
  return now + kLongestPause;
}

void ComparedRuns::finish(std::optional<ErrorKind> reason) {
  for (std::size_t run = started_.size(); run < results_.size(); ++run) {
    results_[run].error = stop_error(reason.value_or(ErrorKind::interrupted));
    printer_.ended(run, results_[run]);
  }
  printer_.flush();
  printer_.finish(results_);
}

}  // namespace rellama::program
