#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <unordered_map>

#include "generate/run_task.hpp"
#include "http/loop.hpp"
#include "http/runner.hpp"
#include "rellama/generate_many.hpp"

namespace rellama {

/// How many requests may be without a prediction at a time, at most: more would only be refused,
/// and each has a connection of its own.
inline constexpr std::size_t kMostCreating = 16;

/// Runs the requests of a source on one loop; see generate_many.
class Many {
 public:
  /// Makes the task of one row. All three outlive it.
  using MakeTask = std::function<std::unique_ptr<RunTask>(const RowRequest&, EventSink&)>;
  /// How many may be without a prediction for now.
  using MostCreating = std::function<std::size_t()>;

  Many(http::Loop& loop, RequestSource& source, RowSink& sink, std::size_t in_flight,
       MakeTask make_task, MostCreating most_creating);
  ~Many();
  Many(const Many&) = delete;
  Many& operator=(const Many&) = delete;

  void run(const StopToken& stop);

 private:
  class Row;

  void start_rows();
  bool end_rows();
  RowSink::Time flush();
  void stop_unsent_rows(ErrorKind reason);
  void stop_rows(ErrorKind reason);
  void guard(const std::function<void()>& call);

  http::Loop& loop_;
  RequestSource& source_;
  RowSink& sink_;
  const std::size_t in_flight_;
  const MakeTask make_task_;
  const MostCreating most_creating_;
  std::unordered_map<const http::Task*, std::unique_ptr<Row>> rows_;  // those that have not ended
  std::size_t next_row_ = 0;
  std::size_t creating_ = 0;
  bool source_ended_ = false;
  bool stopped_ = false;
  std::exception_ptr broken_;  // what the source or the sink threw
  http::Runner runner_;        // last: it uses the tasks of the rows
};

}  // namespace rellama
