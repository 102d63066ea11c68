#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "rellama/client.hpp"
#include "rellama/cog.hpp"
#include "rellama/error.hpp"
#include "rellama/generate.hpp"
#include "rellama/prediction.hpp"
#include "rellama/stop.hpp"
#include "rellama/transcript.hpp"

namespace rellama {

/// One request of many.
struct RowRequest {
  GenerateRequest request;
  StopToken stop = {};  ///< stops this request alone
  /// The prediction that was started for this request earlier: it is followed, and none is created.
  std::optional<PredictionId> started = {};
  /// When the request may have been sent earlier, by a process that was killed. The prediction that
  /// it started is searched for first. If there certainly is none, one is created; if that cannot
  /// be told, the row fails with `may_have_started`.
  std::optional<std::chrono::system_clock::time_point> sent_at = {};
};

/// Supplies the requests of `generate_many`.
class RequestSource {
 public:
  /// What there is.
  enum class Supply {
    request,  ///< a request
    nothing,  ///< none now, but there may be one after `Client::wake`
    end,      ///< none now and none later
  };

  virtual ~RequestSource() = default;

  /// Puts the next request into `row`. Called when there is a slot for it.
  virtual Supply next(RowRequest& row) = 0;
  /// Why nothing is to be sent any more, if so: requests whose creates wait to be sent, or were
  /// refused and wait to be sent again, end with this reason. Others go on.
  [[nodiscard]] virtual std::optional<ErrorKind> stops_sending() const { return std::nullopt; }
};

/// How a request ended.
struct RowEnd {
  /// The final one, or as it was created; without an ID if it was not. After an error, its status
  /// is what the server answered to the request that canceled it.
  Prediction prediction;
  std::optional<Error> error =
      {};  ///< why the answer is missing or incomplete; as `generate` throws
  /// With `may_have_started`: nothing was sent now, and what was started before could not be looked
  /// for, since the predictions could not be listed. A later search may tell.
  bool not_searched = false;
};

/// Receives the events of many requests: those of EventSink, each with its row. Rows are numbered
/// from 0 in the order in which the source supplied them. If a sink throws, all runs are canceled,
/// and the exception reaches the caller of `generate_many`.
class RowSink {
 public:
  using Time = std::chrono::steady_clock::time_point;

  virtual ~RowSink() = default;

  virtual void prompt_fitted(std::size_t /*row*/, const PromptFit& /*fit*/) {}
  virtual void created(std::size_t /*row*/, const Prediction& /*prediction*/) {}
  virtual void status_changed(std::size_t /*row*/, Status /*status*/) {}
  virtual void output(std::size_t row, std::string_view text) = 0;
  /// The request has ended. Called once for each row, last.
  virtual void ended(std::size_t row, RowEnd end) = 0;
  /// Whether no more output of this row can be taken for now; see EventSink::is_full. The other
  /// rows go on.
  [[nodiscard]] virtual bool is_full(std::size_t /*row*/) const { return false; }
  /// All events so far have been delivered, and nothing more is at hand: write them out now.
  /// Returns when to be called again even if nothing happens.
  virtual Time flush() { return Time::max(); }
};

/// Runs the prompts of `source`, at most `in_flight` at a time, on the calling thread, each as
/// `generate` does. A run that fails does not affect the others. Returns once the source has ended
/// and all runs have. `stop` cancels the runs, takes no more requests, and does not throw: the rows
/// say why they ended. Throws what the source or the sink throws.
///
///     class Lines : public rellama::RequestSource {
///       Supply next(rellama::RowRequest& row) override {
///         return std::getline(std::cin, row.request.prompt) ? Supply::request : Supply::end;
///       }
///     };
///     class Printer : public rellama::RowSink {
///       void output(std::size_t row, std::string_view text) override { texts_[row] += text; }
///       void ended(std::size_t row, rellama::RowEnd end) override {
///         std::cout << row << ": " << (end.error ? end.error->what() : texts_[row]) << '\n';
///       }
///       std::map<std::size_t, std::string> texts_;
///     };
///     rellama::generate_many(client, lines, printer, 100);
void generate_many(Client& client, RequestSource& source, RowSink& sink, std::size_t in_flight,
                   const StopToken& stop = {});

/// As above, with the model in a container, which usually answers one prompt at a time. What was
/// started or sent earlier cannot be found, and is run again.
void generate_many(CogClient& client, RequestSource& source, RowSink& sink, std::size_t in_flight,
                   const StopToken& stop = {});

}  // namespace rellama
