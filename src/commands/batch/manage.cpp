#include "commands/batch/manage.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "batch/day_ledger.hpp"
#include "batch/journal.hpp"
#include "batch/merge.hpp"
#include "batch/status_file.hpp"
#include "commands/batch/batch_paths.hpp"
#include "commands/batch/batch_report.hpp"
#include "files/new_file.hpp"
#include "files/placement.hpp"
#include "options/local_time.hpp"
#include "rellama/error.hpp"
#include "terminal/json_line.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"
#include "wire/counted.hpp"
#include "wire/iso_time.hpp"

namespace rellama::program {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using batch::Journal;

// What a journal says, or what its batch says while it runs.
struct BatchStatus {
  ListedBatch batch;
  /// done, unfinished, running, planning, not started or unreadable
  std::string state = {};
  std::string why = {};  ///< it cannot be read
  std::string input = {};
  std::string output = {};
  std::optional<batch::WallTime> started_at = {};
  std::optional<batch::Totals> totals = {};
  bool is_running = false;  ///< and tells only how many rows there are
};

std::optional<batch::WallTime> time_or_none(batch::WallTime time) {
  return time == 0 ? std::nullopt : std::optional(time);
}

std::chrono::system_clock::time_point as_time_point(batch::WallTime time) {
  return std::chrono::system_clock::time_point(std::chrono::milliseconds(time));
}

BatchStatus read_journal(const ListedBatch& listed) {
  Journal journal(listed.journal, Journal::Open::existing);
  if (!journal.find_note("options")) return {.batch = listed, .state = "not started"};
  const batch::Totals totals = journal.totals();
  const bool ended = totals.answered + totals.failed == totals.rows && totals.unwritten == 0;
  return {
      .batch = listed,
      .state = ended ? "done" : "unfinished",
      .input = journal.find_note("input").value_or(""),
      .output = journal.find_note("output").value_or(""),
      .started_at = time_or_none(std::atoll(journal.find_note("started_at").value_or("").c_str())),
      .totals = totals};
}

BatchStatus read_running(const ListedBatch& listed) {
  const auto running = batch::find_running_status(listed.journal);
  if (!running) return {.batch = listed, .state = "planning"};
  return {.batch = listed,
          .state = "running",
          .input = running->input,
          .output = running->output,
          .started_at = time_or_none(running->started_at),
          .totals = batch::Totals{.rows = static_cast<std::int64_t>(running->counts.rows),
                                  .answered = static_cast<std::int64_t>(running->counts.answered),
                                  .failed = static_cast<std::int64_t>(running->counts.failed),
                                  .running = static_cast<std::int64_t>(running->counts.running)},
          .is_running = true};
}

BatchStatus read_status(const ListedBatch& listed) {
  using Cause = history::DatabaseError::Cause;
  try {
    return read_journal(listed);
  } catch (const history::DatabaseError& error) {
    if (error.cause() == Cause::in_use) return read_running(listed);
    return {.batch = listed, .state = "unreadable", .why = error.what()};
  } catch (const Error& error) {
    return {.batch = listed, .state = "unreadable", .why = error.what()};
  }
}

Json status_json(const BatchStatus& status) {
  Json object{{"name", status.batch.name},
              {"journal", status.batch.journal.string()},
              {"state", status.state}};
  if (!status.totals) return object;
  const batch::Totals& totals = *status.totals;
  object["input"] = status.input;
  object["output"] = status.output;
  object["started_at"] =
      status.started_at ? Json(wire::render_iso_time(as_time_point(*status.started_at))) : Json();
  object["rows"] = totals.rows;
  object["answered"] = totals.answered;
  object["failed"] = totals.failed;
  object["unsent"] = totals.unsent();
  object["running"] = totals.running;
  if (status.is_running) return object;
  object["unclear"] = totals.unclear;
  object["input_tokens"] = totals.input_tokens;
  object["output_tokens"] = totals.output_tokens;
  object["seconds"] = totals.seconds;
  return object;
}

std::string text_or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::vector<std::string> table_row(const BatchStatus& status) {
  const auto number = [&status](std::int64_t value) {
    return status.totals ? std::to_string(value) : "-";
  };
  const batch::Totals totals = status.totals.value_or(batch::Totals());
  return {status.batch.name,
          status.state,
          number(totals.rows),
          number(totals.answered),
          number(totals.failed),
          number(totals.rows - totals.answered - totals.failed),
          status.started_at ? render_local_time(*status.started_at) : "-",
          text_or_dash(status.output)};
}

int show(const std::vector<ListedBatch>& batches, bool json, const Context& context) {
  std::vector<std::vector<std::string>> table;
  for (const ListedBatch& listed : batches) {
    const BatchStatus status = read_status(listed);
    if (!status.why.empty()) tell(context, "rellama: " + terminal::one_line(status.why) + "\n");
    if (!json) {
      table.push_back(table_row(status));
      continue;
    }
    context.streams.out.print(terminal::render_json_line(status_json(status), context.streams.out),
                              terminal::TextForm::json);
  }
  if (!json && !batches.empty()) {
    constexpr std::size_t kNarrowPath = 20;
    context.streams.out.print(
        terminal::render_table({{.title = "BATCH"},
                                {.title = "STATE"},
                                {.title = "ROWS"},
                                {.title = "ANSWERED", .rank = 2},
                                {.title = "FAILED"},
                                {.title = "UNSENT", .rank = 1},
                                {.title = "STARTED", .rank = 3},
                                {.title = "OUTPUT", .narrowest = kNarrowPath, .rank = 4}},
                               table, terminal::table_width(context.streams.out)));
  }
  if (batches.empty()) tell(context, "rellama: there are no batches\n");
  return 0;
}

std::vector<ListedBatch> named(const BatchOptions& options, const Context& context) {
  std::vector<ListedBatch> batches;
  for (const std::string& name : options.files) {
    for (ListedBatch& found : require_batches(name, context)) {
      const bool is_new = std::none_of(
          batches.begin(), batches.end(),
          [&found](const ListedBatch& other) { return other.journal == found.journal; });
      if (is_new) batches.push_back(std::move(found));
    }
  }
  return batches;
}

// A batch that was killed may have reserved money of the day.
void release_reserved(const fs::path& journal, const Context& context) {
  const auto directory = batch_directory(context);
  if (!directory || !fs::exists(*directory / kDaysFile)) return;
  batch::DayLedger(*directory / kDaysFile, journal.string()).release();
}

// Outputs stay. A journal in use cannot be removed: opening it fails.
int remove(const BatchOptions& options, const Context& context) {
  const std::vector<ListedBatch> batches = named(options, context);
  for (const ListedBatch& listed : batches) {
    { const Journal journal(listed.journal, Journal::Open::existing); }
    batch::remove_journal(listed.journal);
    release_reserved(listed.journal, context);
  }
  // Links to journals that are gone.
  if (const auto directory = batch_directory(context)) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(*directory, ignored)) {
      if (entry.is_symlink(ignored) && !fs::exists(entry.path(), ignored)) {
        fs::remove(entry.path(), ignored);
      }
    }
  }
  tell(context,
       "rellama: removed " + wire::counted(batches.size(), "journal") + "; the results stay\n");
  return 0;
}

int merge(const BatchOptions& options, const Context& context) {
  const std::vector<fs::path> files(options.files.begin(), options.files.end());
  batch::Merged merged;
  if (options.output.save_path.empty()) {
    merged = batch::merge_results(files, context.streams.out);
  } else {
    const fs::path path = fs::absolute(options.output.save_path);
    files::NewFile file(path.parent_path());
    merged = batch::merge_results(files, file);
    if (!file.put_in_place(path, files::Overwrite::no)) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = path.string() + " exists already", .remedy = "choose another name"});
    }
  }
  std::string line = "rellama: merged " + wire::counted(merged.rows, "row") + " of " +
                     wire::counted(files.size(), "file");
  if (merged.missing > 0) {
    line += "; " + wire::counted(merged.missing, "row", "is", "are") + " in none of them";
  }
  if (!merged.missing_shards.empty()) {
    line += "; these parts are missing: " + terminal::one_line(merged.missing_shards);
  }
  tell(context, line + "\n");
  return merged.missing > 0 || !merged.missing_shards.empty() ? kSomeRowsMissing : 0;
}

}  // namespace

int manage_batches(std::string_view subcommand, const BatchOptions& options,
                   const Context& context) {
  if (subcommand == "list") return show(listed_batches(context), options.json, context);
  if (subcommand == "status") return show(named(options, context), options.json, context);
  if (subcommand == "delete") return remove(options, context);
  return merge(options, context);
}

}  // namespace rellama::program
