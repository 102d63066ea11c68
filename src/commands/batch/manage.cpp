#include "commands/batch/manage.hpp"

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "batch/day_ledger.hpp"
#include "batch/journal.hpp"
#include "batch/merge.hpp"
#include "commands/batch/batch_paths.hpp"
#include "commands/batch/batch_report.hpp"
#include "files/new_file.hpp"
#include "files/placement.hpp"
#include "rellama/error.hpp"
#include "terminal/json_line.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"

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
  std::string started_at;
  batch::Totals totals;
};

std::string render_date(const std::optional<std::string>& milliseconds) {
  if (!milliseconds) return {};
  constexpr std::int64_t kThousand = 1000;
  const auto seconds = static_cast<std::time_t>(std::atoll(milliseconds->c_str()) / kThousand);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local);
  return text.data();
}

BatchStatus read_status(const ListedBatch& listed) {
  BatchStatus status{
      .batch = listed, .state = {}, .input = {}, .output = {}, .started_at = {}, .totals = {}};
  try {
    Journal journal(listed.journal, Journal::Open::existing);
    status.totals = journal.totals();
    status.input = journal.find_note("input").value_or("");
    status.output = journal.find_note("output").value_or("");
    status.started_at = render_date(journal.find_note("started_at"));
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
  if (status.started_at.empty()) return object;
  const batch::Totals& totals = status.totals;
  object["input"] = status.input;
  object["output"] = status.output;
  object["started_at"] = status.started_at;
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
  return status.started_at.empty() ? "-" : std::to_string(number);
}

int show(const std::vector<ListedBatch>& batches, bool json, const Context& context) {
  std::vector<std::vector<std::string>> table{
      {"BATCH", "STATE", "ROWS", "ANSWERED", "FAILED", "UNSENT", "STARTED", "OUTPUT"}};
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
                     status.started_at.empty() ? "-" : status.started_at,
                     status.output.empty() ? "-" : status.output});
  }
  if (!json && !batches.empty()) {
    context.streams.out.print(terminal::render_table(std::move(table)));
  }
  if (batches.empty()) tell(context, "rellama: there are no batches\n");
  return 0;
}

std::vector<ListedBatch> named(const BatchOptions& options, const Context& context) {
  std::vector<ListedBatch> batches;
  for (const std::string& name : options.files) batches.push_back(require_batch(name, context));
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
  tell(context, "rellama: removed " + std::to_string(batches.size()) +
                    (batches.size() == 1 ? " journal; the results stay\n"
                                         : " journals; the results stay\n"));
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
  std::string line = "rellama: merged " + std::to_string(merged.rows) + " rows of " +
                     std::to_string(files.size()) + " files";
  if (merged.missing > 0) {
    line += "; " + std::to_string(merged.missing) + " rows are in none of them";
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
