#include "commands/batch/manage.hpp"

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "batch/journal.hpp"
#include "batch/merge.hpp"
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

// What a journal says, or why it cannot be read: it may be in use.
struct BatchStatus {
  ListedBatch batch;
  std::string state;  ///< done, unfinished, running or unreadable
  std::string input;
  std::string output;
  std::optional<batch::WallTime> started_at;
  batch::Totals totals;
};

BatchStatus read_status(const ListedBatch& listed) {
  BatchStatus status{
      .batch = listed, .state = {}, .input = {}, .output = {}, .started_at = {}, .totals = {}};
  try {
    Journal journal(listed.journal, Journal::Open::existing);
    status.totals = journal.totals();
    status.input = journal.find_note("input").value_or("");
    status.output = journal.find_note("output").value_or("");
    if (const auto time = journal.find_note("started_at")) {
      status.started_at = std::atoll(time->c_str());
    }
    const batch::Totals& totals = status.totals;
    const bool ended = totals.answered + totals.failed == totals.rows && totals.unwritten == 0;
    status.state = ended ? "done" : "unfinished";
  } catch (const Error& error) {
    const bool in_use = error.parts().why.find("is running") != std::string::npos;
    status.state = in_use ? "running" : "unreadable";
  }
  return status;
}

Json status_json(const BatchStatus& status) {
  Json object{{"name", status.batch.name},
              {"journal", status.batch.journal.string()},
              {"state", status.state}};
  if (!status.started_at) return object;
  const batch::Totals& totals = status.totals;
  object["input"] = status.input;
  object["output"] = status.output;
  object["started_at"] = wire::render_iso_time(
      std::chrono::system_clock::time_point(std::chrono::milliseconds(*status.started_at)));
  object["rows"] = totals.rows;
  object["answered"] = totals.answered;
  object["failed"] = totals.failed;
  object["unsent"] = totals.unsent();
  object["running"] = totals.running;
  object["unclear"] = totals.unclear;
  object["input_tokens"] = totals.input_tokens;
  object["output_tokens"] = totals.output_tokens;
  object["seconds"] = totals.seconds;
  return object;
}

std::string number_or_dash(const BatchStatus& status, std::int64_t number) {
  return !status.started_at ? "-" : std::to_string(number);
}

int show(const std::vector<ListedBatch>& batches, bool json, const Context& context) {
  std::vector<std::vector<std::string>> table;
  for (const ListedBatch& listed : batches) {
    const BatchStatus status = read_status(listed);
    if (json) {
      context.streams.out.print(
          terminal::render_json_line(status_json(status), context.streams.out),
          terminal::TextForm::json);
      continue;
    }
    const batch::Totals& totals = status.totals;
    table.push_back({listed.name, status.state, number_or_dash(status, totals.rows),
                     number_or_dash(status, totals.answered), number_or_dash(status, totals.failed),
                     number_or_dash(status, totals.rows - totals.answered - totals.failed),
                     status.started_at ? render_local_time(*status.started_at) : "-",
                     status.output.empty() ? "-" : status.output});
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
  for (const std::string& name : options.files) batches.push_back(require_batch(name, context));
  return batches;
}

// Outputs stay. A journal in use cannot be removed: opening it fails.
int remove(const BatchOptions& options, const Context& context) {
  const std::vector<ListedBatch> batches = named(options, context);
  for (const ListedBatch& listed : batches) {
    { const Journal journal(listed.journal, Journal::Open::existing); }
    batch::remove_journal(listed.journal);
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
