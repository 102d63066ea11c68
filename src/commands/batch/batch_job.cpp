#include "commands/batch/batch_job.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

#include "batch/status_file.hpp"
#include "rellama/error.hpp"

namespace rellama::program {
namespace {

namespace fs = std::filesystem;
using batch::Journal;
using Target = BatchPaths::Target;

batch::Shard shard_of(const BatchOptions& options, const Context& context) {
  return options.shard.empty() ? batch::Shard()
                               : batch::parse_shard(options.shard, context.environment);
}

std::optional<batch::Price> price_of(const BatchOptions& options) {
  if (options.price.empty()) return std::nullopt;
  return batch::parse_price(options.price);
}

std::unique_ptr<batch::RecordReader> read_from(const BatchInput& input) {
  return std::make_unique<batch::RecordReader>(input.file.file.get(), input.file.name,
                                               input.defaults.format);
}

std::uint64_t number_in(const std::optional<std::string>& text) {
  std::uint64_t number = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

Error output_exists(const fs::path& path) {
  return Error(ErrorKind::invalid_input,
               {.failed = path.string() + " exists already",
                .remedy = "choose another name, or use --force to overwrite it"});
}

bool is_finished(Journal& journal) {
  const batch::Totals totals = journal.totals();
  return totals.answered == totals.rows && totals.unwritten == 0;
}

// A journal of a stream that has done its work may be replaced, one of which nothing was sent, and
// any with --force.
void clear_old_journal(const BatchPaths& paths, bool force) {
  if (!fs::exists(paths.journal)) return;
  {
    Journal old(paths.journal, Journal::Open::existing);
    const batch::Totals totals = old.totals();
    const bool is_done =
        totals.unsent() == totals.rows || (paths.target == Target::stream && is_finished(old));
    if (!is_done && !force) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "this batch was started before, and not finished",
                   .why = "its journal is " + paths.journal.string(),
                   .remedy = "continue it with --resume, or remove it with: rellama batch delete " +
                             paths.journal.string()});
    }
  }
  batch::remove_journal(paths.journal);
}

fs::path copy_path(const BatchPaths& paths) {
  return paths.journal.string() + ".input";
}

}  // namespace

BatchJob::BatchJob(const BatchOptions& options, const FindSecrets& find_secrets,
                   const Context& context, const StopToken& stop)
    : options_(options),
      context_(context),
      shard_(shard_of(options, context)),
      paths_(find_batch_paths(options, shard_, context)),
      copy_(copy_path(paths_)),
      price_(price_of(options)),
      input_{open_batch_input(options, paths_.input, copy_, context, stop)} {
  refuse_input_as_output();
  reader_ = read_from(input_);
  const std::string facts =
      describe_batch(options, input_.defaults, client_options(options.connection, context).base_url,
                     shard_.count == 1 ? std::string() : shard_.name(), reader_->columns(),
                     find_secrets(input_.defaults.request));
  const batch::PlanChecks checks{
      .defaults = input_.defaults, .price = price_, .validate = false, .stop = stop};
  if (const auto before = options.resume ? reopen_journal() : std::nullopt) {
    refuse_other_batch(*before, facts);
    plan_ = compare_with_journal(*reader_, shard_, checks, *journal_);
    if (options.retry_failed) retry_failed();
  } else {
    start_journal(facts, checks);
  }
  copy_.keep();
  reader_ = read_from(input_);
  again_ = read_from(input_);
}

void BatchJob::refuse_input_as_output() const {
  const std::string input =
      batch::identify_file(paths_.input.empty() ? STDIN_FILENO : input_.file.file.get());
  const int standard_output = context_.streams.out.file_descriptor();
  std::string output;
  if (paths_.target == Target::file) output = batch::identify_file(paths_.output);
  if (paths_.target == Target::stream && standard_output >= 0) {
    output = batch::identify_file(standard_output);
  }
  if (output.empty() || input != output) return;
  throw Error(ErrorKind::invalid_input, {.failed = "the input and the output are the same file",
                                         .remedy = "write the results to another file"});
}

// Opens the journal of a batch that was started, and returns its options. A process that was killed
// while it read the input has left a journal without any.
std::optional<std::string> BatchJob::reopen_journal() {
  if (!fs::exists(paths_.journal)) return std::nullopt;
  journal_ = std::make_unique<Journal>(paths_.journal, Journal::Open::existing);
  batch::remove_status(paths_.journal);  // of a process that was killed
  auto facts = journal_->find_note("options");
  if (facts) return facts;
  journal_.reset();
  batch::remove_journal(paths_.journal);
  return std::nullopt;
}

void BatchJob::start_journal(const std::string& facts, const batch::PlanChecks& checks) {
  std::error_code ignored;
  if (paths_.target == Target::file && fs::exists(paths_.output) &&
      fs::file_size(paths_.output, ignored) > 0 && !options_.output.force) {
    throw output_exists(paths_.output);
  }
  if (paths_.target == Target::directory) {
    std::error_code error;
    fs::create_directories(paths_.output, error);
  }
  clear_old_journal(paths_, options_.output.force);
  journal_ = std::make_unique<Journal>(paths_.journal, Journal::Open::create);
  list_batch(paths_);
  is_new_ = true;
  try {
    journal_->note("options", facts);
    journal_->note("input", input_.file.name);
    journal_->note("output", paths_.output.string());
    journal_->note("started_at", std::to_string(batch::wall_time_now()));
    plan_ = plan_batch(*reader_, shard_, checks, *journal_);  // with the commit of all
    if (paths_.target == Target::directory && !options_.output.force) {
      const fs::path other = batch::find_in_the_way(paths_.output, *journal_);
      if (!other.empty()) throw output_exists(other);
    }
  } catch (...) {
    abandon();
    throw;
  }
}

// The lines of rows that run again are taken out of the file. The file is replaced as a whole, and
// after a crash its identity tells whether that had happened.
void BatchJob::retry_failed() {
  const std::string known = journal_->find_note("output_file").value_or("");
  if (paths_.target == Target::file && !known.empty() &&
      journal_->find_note("rewrite").value_or("").empty() &&
      batch::identify_file(paths_.output) != known) {
    throw batch::output_was_changed(paths_.output.string(), "it is another file");
  }
  refuse_to_append_again();
  if (journal_->retry_failed() > 0 && paths_.target == Target::file) {
    journal_->note("rewrite", batch::identify_file(paths_.output));
  }
  journal_->commit();
}

// What was appended to a file of others stays there.
void BatchJob::refuse_to_append_again() const {
  const int fd = context_.streams.out.file_descriptor();
  if (paths_.target != Target::stream || fd < 0 || journal_->totals().failed == 0) return;
  const auto end = number_in(journal_->find_note("output_end"));
  const std::string known = journal_->find_note("output_file").value_or("");
  if (end == 0 || batch::identify_file(fd) != known || batch::size_of_file(fd) < end) return;
  throw Error(
      ErrorKind::invalid_input,
      {.failed = "--retry-failed cannot replace results in a file that is appended to",
       .why = "standard output has the results of the failed rows, which would be there "
              "twice",
       .remedy = "write all results to another file with >, or begin batches with -O FILE"});
}

void BatchJob::finish_rewriting() {
  const std::string old_file = journal_->find_note("rewrite").value_or("");
  if (old_file.empty()) return;
  std::vector<batch::Segment> segments = journal_->segments();
  const std::string file = batch::identify_file(paths_.output);
  if (file != old_file) {
    // It was replaced, and that was not recorded any more.
    std::uint64_t end = 0;
    for (batch::Segment& segment : segments)
      segment.offset = std::exchange(end, end + segment.size);
    journal_->record_written(segments);
    journal_->note("output_file", file);
    journal_->note("output_end", std::to_string(end));
    journal_->note("output_check", "");
    journal_->note("rewrite", "");
    journal_->commit();
    return;
  }
  rewrite_output_file(paths_.output, std::move(segments), *journal_);
}

void BatchJob::open_output() {
  if (paths_.target == Target::directory) {
    output_ = batch::open_output_directory(paths_.output);
    return;
  }
  if (paths_.target == Target::file) finish_rewriting();
  const batch::OutputPlace settled{.file = journal_->find_note("output_file").value_or(""),
                                   .end = number_in(journal_->find_note("output_end")),
                                   .check = journal_->find_note("output_check").value_or("")};
  if (paths_.target == Target::stream && context_.streams.out.file_descriptor() < 0) {
    output_ = batch::open_stream_output(context_.streams.out);
    return;
  }
  continue_output(settled);
}

void BatchJob::continue_output(const batch::OutputPlace& settled) {
  std::vector<batch::Unsettled> unsettled;
  for (const std::size_t row : journal_->unwritten()) {
    unsettled.push_back({.row = row, .result = journal_->result_of(row)});
  }
  batch::OutputFile opened;
  if (paths_.target == Target::file) {
    std::error_code ignored;
    if (settled.file.empty() && !is_new_ && !options_.output.force && fs::exists(paths_.output) &&
        fs::file_size(paths_.output, ignored) > 0) {
      throw output_exists(paths_.output);
    }
    opened = batch::open_output_file(paths_.output, settled, unsettled);
  } else {
    const std::string name = "standard output";
    journal_->keep_results();
    opened = batch::continue_output_file(context_.streams.out.file_descriptor(), name, settled,
                                         unsettled);
    if (opened.lacks_settled && !journal_->write_again()) {
      throw batch::output_was_changed(name, "results are missing from it");
    }
  }
  output_ = std::move(opened.output);
  journal_->record_written(opened.found);
  journal_->note("output_file", opened.place.file);
  journal_->note("output_end", std::to_string(opened.place.end));
  journal_->note("output_check", output_->check());
  journal_->commit();
}

batch::ResultForm BatchJob::form() const {
  if (paths_.target == Target::directory) return batch::ResultForm::directory;
  if (options_.text) return batch::ResultForm::text;
  return input_.defaults.format == batch::Format::openai ? batch::ResultForm::openai
                                                         : batch::ResultForm::jsonl;
}

batch::RowSupply::Parts BatchJob::rows() {
  return {.rows = *reader_,
          .again = *again_,
          .defaults = input_.defaults,
          .journal = *journal_,
          .shard = shard_};
}

void BatchJob::abandon() {
  if (!is_new_) return;
  journal_.reset();
  batch::remove_journal(paths_.journal);
  std::error_code ignored;
  if (paths_.listed) fs::remove(*paths_.listed, ignored);
}

void BatchJob::close() {
  output_.reset();
  const bool is_ordered = options_.ordered || options_.text;
  if (options_.retry_failed && is_ordered && paths_.target == Target::file) {
    std::vector<batch::Segment> segments = journal_->segments();
    std::sort(segments.begin(), segments.end(),
              [](const batch::Segment& a, const batch::Segment& b) { return a.row < b.row; });
    rewrite_output_file(paths_.output, std::move(segments), *journal_);
  }
  if (is_finished(*journal_)) journal_->release();
  journal_.reset();
}

BatchJob::DryRunResult BatchJob::dry_run(const BatchOptions& options, const Context& context,
                                         const StopToken& stop) {
  const batch::Shard shard = shard_of(options, context);
  const bool is_named = !options.input.empty() && options.input != "-";
  batch::InputCopy copy{fs::path()};
  const BatchInput input = open_batch_input(
      options, is_named ? fs::absolute(options.input) : fs::path(), copy, context, stop);
  const batch::PlanChecks checks{
      .defaults = input.defaults, .price = price_of(options), .validate = true, .stop = stop};
  DryRunResult result{.plan = plan_only(*read_from(input), shard, checks), .first = {}};
  const auto reader = read_from(input);
  batch::Record record;
  while (!result.first && reader->next(record)) {
    if (!shard.has(record)) continue;
    try {
      GenerateRequest request = make_request(input.defaults, record);
      check_generate(request);
      result.first = std::move(request);
    } catch (const Error&) {  // it is among those that the plan lists
    }
  }
  return result;
}

}  // namespace rellama::program
