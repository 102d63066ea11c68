#include "batch/batch_run.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "rellama/error.hpp"
#include "rellama/outcome.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::batch {
namespace {

using std::chrono::seconds;

// So many rows are recorded as sent in one transaction, since each waits for the disk. After a
// crash, those that were not sent yet are searched for in vain.
constexpr std::size_t kGroup = 32;
// What happens within this time is recorded and written together.
constexpr std::chrono::milliseconds kGathered{10};
// With --ordered, so many rows may be ahead of the first that is missing.
constexpr std::size_t kWindow = 1000;
constexpr std::size_t kMostResults = 256;
constexpr seconds kSettled{1};

// A server that cannot be reached is asked again after this time, doubled each time up to the
// longest; after the limit, the batch stops.
constexpr seconds kFirstHold{2};
constexpr seconds kLongestHold{30};
constexpr std::chrono::minutes kOutageLimit{10};
// Failures of so many rows in a row are an outage. Fewer may have a reason of their own.
constexpr std::size_t kOutage = 3;
// After a gateway has given up, a prediction may show up late in the list.
constexpr seconds kBeforeSearch{5};

RowOutcome outcome_of(const ActiveRow& row, Prediction prediction, std::optional<Error> error,
                      Clock::time_point now) {
  const bool was_run = row.started != Clock::time_point{};
  return {.row = row.place.row,
          .line = row.place.at.line + 1,
          .id = row.id,
          .model = row.model,
          .is_chat = row.is_chat,
          .prediction = std::move(prediction),
          .error = std::move(error),
          .seconds = was_run ? std::chrono::duration<double>(now - row.started).count() : 0};
}

// Whether other rows need not have the same trouble: the server can be reached.
bool is_the_rows_own(const Error& error) {
  return error.kind() != ErrorKind::network;
}

// Of a row that is given up.
Error last_error(const ActiveRow& row, const Error& error) {
  if (!row.may_have_been_sent) return error;
  return Error(ErrorKind::may_have_started, error.parts());
}

}  // namespace

BatchRun::BatchRun(const Parts& parts, const RunSettings& settings, StopToken drain)
    : parts_(parts),
      journal_(parts.rows.journal),
      settings_(settings),
      drain_(std::move(drain)),
      supply_(parts.rows, hooks(), parts.log != nullptr) {
  const Totals totals = journal_.totals();
  counts_.rows = static_cast<std::size_t>(totals.rows);
  counts_.answered = static_cast<std::size_t>(totals.answered);
  counts_.failed = static_cast<std::size_t>(totals.failed);
  if (settings_.price) {
    counts_.cost = settings_.price->cost(totals.input_tokens, totals.output_tokens, totals.seconds);
  }
  for (JournalRow& row : journal_.under_way()) supply_.add_again({.row = std::move(row)});
  if (!settings_.ordered) write_earlier_results();
}

// Those that a run that was killed has recorded, but not written.
void BatchRun::write_earlier_results() {
  for (const std::size_t row : journal_.unwritten()) {
    const auto found = journal_.find(row);
    ended_.push_back({row, found->id, journal_.result_of(row)});
    if (ended_.size() == kMostResults) write_results();
  }
  write_results();
}

RowSupply::Hooks BatchRun::hooks() {
  return {.refused = [this](const ActiveRow& row, const Error& error) { refuse(row, error); },
          .may_read = [this] { return may_read(); },
          .reached = [this](const JournalRow& row) { reach(row); },
          .allow = [this] { return allow(); }};
}

bool BatchRun::may_read() const {
  return !stopped_ && ended_.size() < kMostResults &&
         window_.size() < std::max(kWindow, 4 * settings_.in_flight);
}

void BatchRun::reach(const JournalRow& row) {
  if (!settings_.ordered || row.written) return;
  window_.emplace(row.place.row, Waiting{row.id, row.state >= RowState::answered});
}

bool BatchRun::allow() {
  if (parts_.day == nullptr || parts_.day->take()) return true;
  reached_limit_ = Limit::day;
  stopped_ = true;
  return false;
}

void BatchRun::stop(const Error& error) {
  if (!failure_) failure_ = error;
  stopped_ = true;
}

// A journal that cannot be written is left alone: what it has is right, and whoever resumes finds
// out the rest.
template <typename Call>
bool BatchRun::with_journal(Call call) {
  if (!journal_works_) return false;
  try {
    call();
    return true;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::internal) journal_works_ = false;
    stop(error);
    return false;
  }
}

RequestSource::Supply BatchRun::next(RowRequest& row) {
  if (stopped_ || drain_.reason()) return Supply::end;
  const auto now = Clock::now();
  if (now < next_send_ || now < hold_until_) return Supply::nothing;
  std::optional<ReadyRow> ready;
  if (!with_journal([&] { ready = supply_.next(kGroup, now); })) return Supply::end;
  if (!ready) {
    const bool may_come = !supply_.is_empty() || !active_.empty();
    return may_come && !stopped_ ? Supply::nothing : Supply::end;
  }
  if (settings_.interval && !ready->row.is_picked_up) next_send_ = now + *settings_.interval;
  row = std::move(ready->request);
  active_.emplace(handed_out_++, std::move(ready->row));
  return Supply::request;
}

std::optional<ErrorKind> BatchRun::stops_sending() const {
  if (const auto reason = drain_.reason()) return reason;
  return stopped_ ? std::optional(ErrorKind::interrupted) : std::nullopt;
}

void BatchRun::created(std::size_t row, const Prediction& prediction) {
  ActiveRow& active = active_.at(row);
  troubled_.clear();
  supply_.found(active);
  active.may_have_been_sent = false;
  active.troubled_since.reset();
  if (std::exchange(active.is_picked_up, true)) return;
  with_journal([&] { journal_.record_created(active.place.row, prediction.id); });
}

void BatchRun::output(std::size_t /*row*/, std::string_view /*text*/) {
  ++counts_.output_tokens;  // models send them one by one
}

void BatchRun::ended(std::size_t row, RowEnd end) {
  const auto found = active_.find(row);
  const ActiveRow active = std::move(found->second);
  active_.erase(found);
  supply_.found(active);
  const Verdict verdict = judge(end, {.may_have_been_sent = active.may_have_been_sent,
                                      .was_canceled = active.was_canceled,
                                      .attempts = active.attempts});
  if (verdict.stops_batch) stop(*verdict.error);
  if (verdict.next != Next::find_later) give_back(active, end);
  switch (verdict.next) {
    case Next::answered: conclude(active, std::move(end), std::nullopt); return;
    case Next::failed: conclude(active, std::move(end), verdict.error); return;
    case Next::unsent: with_journal([&] { journal_.record_unsent(active.place.row); }); return;
    case Next::canceled: with_journal([&] { journal_.record_canceled(active.place.row); }); return;
    case Next::leave: return;
    case Next::send_later:
    case Next::send_again:
    case Next::find_later:
    case Next::read_later: run_again(active, std::move(end), verdict); return;
  }
}

// The day has room for another if nothing was started.
void BatchRun::give_back(const ActiveRow& row, const RowEnd& end) {
  const bool was_counted = !row.is_picked_up && !row.may_have_been_sent;
  const bool is_started = !end.error || !end.prediction.id.value.empty() ||
                          end.error->kind() == ErrorKind::may_have_started;
  if (parts_.day != nullptr && was_counted && !is_started) parts_.day->give_back();
}

void BatchRun::run_again(const ActiveRow& row, RowEnd end, const Verdict& verdict) {
  const std::size_t number = row.place.row;
  const auto now = Clock::now();
  AgainRow again{.row = {},
                 .attempts = row.attempts,
                 .troubled_since = row.troubled_since.value_or(now),
                 .due = now};
  if (verdict.next == Next::send_again) {
    with_journal([&] { journal_.record_spent(number, end.prediction.id); });
  } else {
    note_trouble(number, *verdict.error, now);
    if (now - *again.troubled_since > kOutageLimit && !stopped_) {
      if (troubled_.size() < kOutage && is_the_rows_own(*verdict.error)) {
        conclude(row, std::move(end), last_error(row, *verdict.error));
        return;
      }
      stop(*verdict.error);
    }
    if (verdict.next == Next::send_later) {
      with_journal([&] { journal_.record_unsent(number); });
    }
    again.due = std::max(hold_until_, now + kFirstHold);
  }
  if (verdict.next == Next::find_later) {
    const bool may_have_started = verdict.error->kind() == ErrorKind::may_have_started;
    if (may_have_started && !end.not_searched) ++again.attempts;
    again.due = std::max(again.due, now + kBeforeSearch);
  }
  std::optional<JournalRow> known;
  if (!with_journal([&] { known = journal_.find(number); })) return;
  again.row = *std::move(known);
  supply_.add_again(std::move(again));
}

void BatchRun::note_trouble(std::size_t row, const Error& error, Clock::time_point now) {
  if (troubled_.empty()) trouble_since_ = now;
  troubled_.insert(row);
  if (troubled_.size() < kOutage || now < hold_until_) return;
  if (now - trouble_since_ > kOutageLimit) {
    stop(error);
    return;
  }
  const auto since = std::chrono::duration_cast<seconds>(now - trouble_since_);
  hold_until_ = now + std::clamp(since, kFirstHold, kLongestHold);
  parts_.progress.print("rellama: " + terminal::one_line(error.what()) +
                        "; nothing new is sent for a while\n");
}

void BatchRun::refuse(const ActiveRow& row, const Error& error) {
  record_result(row, outcome_of(row, {}, error, {}));
}

void BatchRun::conclude(const ActiveRow& row, RowEnd end, std::optional<Error> error) {
  if (!error) troubled_.clear();
  const RowOutcome outcome =
      outcome_of(row, std::move(end.prediction), std::move(error), Clock::now());
  record_result(row, outcome);
  if (parts_.log != nullptr && !outcome.prediction.id.value.empty()) {
    parts_.log->add(outcome, row.prompt);
  }
}

void BatchRun::record_result(const ActiveRow& row, const RowOutcome& outcome) {
  RowResult result = render_result(settings_.form, outcome);
  if (!with_journal([&] { journal_.record_end(outcome.row, result); })) return;
  ++counts_.ended;
  ++(result.answered ? counts_.answered : counts_.failed);
  if (settings_.price) {
    const double cost =
        settings_.price->cost(result.input_tokens, result.output_tokens, result.seconds);
    *counts_.cost += cost;
    if (parts_.day != nullptr) parts_.day->add_cost(cost);
  }
  if (outcome.error && settings_.form == ResultForm::text) {
    parts_.progress.print("rellama: line " + std::to_string(outcome.line) + ": " +
                          terminal::one_line(outcome.error->what()) + "\n");
  }
  if (!result.answered) ++failed_now_;
  if (settings_.max_failures && failed_now_ > *settings_.max_failures) {
    reached_limit_ = Limit::failures;
    stopped_ = true;
  }
  if (!settings_.ordered) {
    ended_.push_back({outcome.row, row.id, std::move(result.text)});
  } else if (const auto waiting = window_.find(outcome.row); waiting != window_.end()) {
    waiting->second.has_ended = true;
  }
}

// The journal has every result before the output does.
void BatchRun::write_results() {
  if (!with_journal([&] { journal_.commit(); }) || !output_works_) return;
  try {
    if (settings_.ordered) write_in_order();
    if (ended_.empty()) return;
    for (const Ended& ended : ended_) parts_.output.add(ended.row, ended.id, ended.result);
    ended_.clear();
    parts_.progress.clear();  // both may be on the same terminal
    parts_.output.flush();
  } catch (const Error& error) {
    output_works_ = false;
    stop(error);
  }
}

void BatchRun::write_in_order() {
  while (!window_.empty() && window_.begin()->second.has_ended && ended_.size() < kMostResults) {
    const auto first = window_.begin();
    ended_.push_back({first->first, std::move(first->second.id), journal_.result_of(first->first)});
    window_.erase(first);
  }
}

void BatchRun::settle(bool now) {
  const auto time = Clock::now();
  if (!now && !parts_.output.settles_at_once() && time < settled_at_ + kSettled) return;
  settled_at_ = time;
  std::vector<Segment> segments;
  if (output_works_) {
    try {
      segments = parts_.output.settle();
    } catch (const Error& error) {
      output_works_ = false;
      stop(error);
    }
  }
  if (segments.empty()) return;
  with_journal([&] {
    journal_.record_written(segments);
    journal_.note("output_end", std::to_string(parts_.output.end()));
    journal_.note("output_check", parts_.output.check());
    journal_.commit();
  });
}

// Whether there is something to record or to write.
bool BatchRun::has_news() const {
  const bool first_ended = !window_.empty() && window_.begin()->second.has_ended;
  return journal_works_ && (journal_.has_changes() || !ended_.empty() || first_ended);
}

RowSink::Time BatchRun::flush() {
  const auto now = Clock::now();
  counts_.running = active_.size();
  auto until = std::min(parts_.progress.show(counts_, now), now + kSettled);
  if (parts_.status != nullptr) parts_.status->show(counts_, now);
  if (!has_news()) {
    gathered_since_.reset();
  } else if (!gathered_since_) {
    gathered_since_ = now;
  }
  if (gathered_since_ && now < *gathered_since_ + kGathered && ended_.size() < kMostResults) {
    until = std::min(until, *gathered_since_ + kGathered);
  } else if (gathered_since_) {
    write_results();
    gathered_since_.reset();
    if (ended_.empty()) until = now;  // rows that waited for room can be read
  }
  settle(/*now=*/false);
  for (const auto due : {next_send_, hold_until_, supply_.next_due()}) {
    if (due > now) until = std::min(until, due);
  }
  return std::min(until, drain_.deadline().value_or(until));
}

void BatchRun::finish() {
  with_journal([&] {
    for (const std::size_t row : supply_.take_unsent()) journal_.record_unsent(row);
  });
  do write_results();
  while (!window_.empty() && window_.begin()->second.has_ended && output_works_ && journal_works_);
  settle(/*now=*/true);
  with_journal([&] { journal_.commit(); });
  parts_.progress.clear();
}

}  // namespace rellama::batch
