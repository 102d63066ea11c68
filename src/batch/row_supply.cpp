#include "batch/row_supply.hpp"

#include <algorithm>
#include <utility>

#include "batch/openai_request.hpp"
#include "rellama/error.hpp"

namespace rellama::batch {
namespace {

std::chrono::system_clock::time_point as_time(WallTime time) {
  return std::chrono::system_clock::time_point(std::chrono::milliseconds(time));
}

// Whether the row has not been sent by an earlier run.
bool is_fresh(const ActiveRow& row) {
  return !row.is_picked_up && !row.may_have_been_sent;
}

// Whether an earlier run may have sent the row. What this run has lost is one of many.
bool delays_others(const ActiveRow& row) {
  return row.may_have_been_sent && row.attempts == 0;
}

Error changed_meanwhile(const Record& record) {
  return Error(ErrorKind::invalid_input,
               {.failed = "the input changed while it was read",
                .why = "line " + std::to_string(record.line()) + " is another one",
                .remedy = "put it back and continue with --resume"});
}

}  // namespace

RowSupply::RowSupply(const Parts& parts, Hooks hooks, bool keeps_prompts)
    : parts_(parts), hooks_(std::move(hooks)), keeps_prompts_(keeps_prompts) {}

void RowSupply::add_again(AgainRow row) {
  again_.push_back(std::move(row));
}

std::optional<ReadyRow> RowSupply::next(std::size_t group, Clock::time_point now) {
  if (ready_.empty()) fill(group, now);
  if (ready_.empty()) return std::nullopt;
  if (is_fresh(ready_.front().row) && !hooks_.allow()) return std::nullopt;
  ReadyRow row = std::move(ready_.front());
  ready_.pop_front();
  row.row.started = now;
  if (delays_others(row.row)) ++searching_;
  return row;
}

void RowSupply::fill(std::size_t group, Clock::time_point now) {
  sends_.clear();
  take_again(group, now);
  if (!has_searches()) read_rows(group);
  parts_.journal.record_sends(sends_);
}

// Until it is known what an earlier run has started, nothing else is.
bool RowSupply::has_searches() const {
  return searching_ > 0 ||
         std::any_of(ready_.begin(), ready_.end(),
                     [](const ReadyRow& row) { return delays_others(row.row); }) ||
         std::any_of(again_.begin(), again_.end(), [](const AgainRow& row) {
           return row.row.state == RowState::sending && row.attempts == 0;
         });
}

void RowSupply::take_again(std::size_t group, Clock::time_point now) {
  Record record;
  for (std::size_t left = again_.size(); left > 0 && ready_.size() < group; --left) {
    AgainRow again = std::move(again_.front());
    again_.pop_front();
    if (again.due > now) {
      again_.push_back(std::move(again));
      continue;
    }
    parts_.again.read_at(again.row.place, record);
    if (record.digest != again.row.digest) throw changed_meanwhile(record);
    make_ready(record, again);
  }
}

void RowSupply::read_rows(std::size_t group) {
  Record record;
  while (!input_ended_ && ready_.size() < group && hooks_.may_read()) {
    if (!parts_.rows.next(record)) {
      input_ended_ = true;
      return;
    }
    if (!parts_.shard.has(record)) continue;
    const auto row = parts_.journal.find(record.place.row);
    if (!row || row->digest != record.digest) throw changed_meanwhile(record);
    hooks_.reached(*row);
    if (row->state == RowState::planned) make_ready(record, {.row = *row});
  }
}

void RowSupply::make_ready(const Record& record, const AgainRow& known) {
  const JournalRow& row = known.row;
  ReadyRow ready{.row = {.place = record.place,
                         .id = record.id,
                         .may_have_been_sent = row.state == RowState::sending,
                         .was_canceled = row.canceled,
                         .is_picked_up = row.state == RowState::created,
                         .attempts = known.attempts,
                         .troubled_since = known.troubled_since},
                 .request = {}};
  try {
    ready.request.request = make_request(parts_.defaults, record);
  } catch (const Error& error) {
    hooks_.refused(ready.row, error);
    return;
  }
  ready.row.model = render_model_ref(ready.request.request.model);
  if (keeps_prompts_) ready.row.prompt = ready.request.request.prompt;
  if (parts_.defaults.format == Format::openai) ready.row.is_chat = is_chat(record.fields);
  switch (row.state) {
    case RowState::created: ready.request.started = PredictionId{row.prediction}; break;
    case RowState::sending: ready.request.sent_at = as_time(row.sent_at); break;
    default: sends_.push_back(record.place.row);
  }
  ready_.push_back(std::move(ready));
}

void RowSupply::found(const ActiveRow& row) {
  if (delays_others(row)) --searching_;
}

Clock::time_point RowSupply::next_due() const noexcept {
  auto due = Clock::time_point::max();
  for (const AgainRow& row : again_) due = std::min(due, row.due);
  return due;
}

std::vector<std::size_t> RowSupply::take_unsent() {
  std::vector<std::size_t> rows;
  for (const ReadyRow& ready : ready_) {
    if (is_fresh(ready.row)) rows.push_back(ready.row.place.row);
  }
  ready_.clear();
  return rows;
}

}  // namespace rellama::batch
