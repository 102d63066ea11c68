#include "commands/batch/batch_job.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

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

std::string file_identity(const fs::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return {};
  return std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
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

BatchJob::BatchJob(const BatchOptions& options, const Context& context, const StopToken& stop)
    : options_(options),
      context_(context),
      shard_(shard_of(options, context)),
      paths_(find_batch_paths(options, shard_, context)),
      copy_(copy_path(paths_)),
      price_(price_of(options)),
      input_{open_batch_input(options, paths_.input, copy_, context, stop)} {
  reader_ = read_from(input_);
  const std::string facts =
      describe_batch(options, input_.defaults, client_options(options.connection, context).base_url,
                     shard_.count == 1 ? std::string() : shard_.name());
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

// Opens the journal of a batch that was started, and returns its options. A process that was killed
// while it read the input has left a journal without any.
std::optional<std::string> BatchJob::reopen_journal() {
  if (!fs::exists(paths_.journal)) return std::nullopt;
  journal_ = std::make_unique<Journal>(paths_.journal, Journal::Open::existing);
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
  try {
    journal_->note("options", facts);
    journal_->note("input", input_.file.name);
    journal_->note("output", paths_.output.string());
    journal_->note("started_at", std::to_string(batch::wall_time_now()));
    plan_ = plan_batch(*reader_, shard_, checks, *journal_);  // with the commit of all
  } catch (...) {
    journal_.reset();
    batch::remove_journal(paths_.journal);
    throw;
  }
  list_batch(paths_);
  is_new_ = true;
}

// The lines of rows that run again are taken out of the file. The file is replaced as a whole, and
// after a crash its identity tells whether that had happened.
void BatchJob::retry_failed() {
  if (journal_->retry_failed() > 0 && paths_.target == Target::file) {
    journal_->note("rewrite", file_identity(paths_.output));
  }
  journal_->commit();
}

void BatchJob::finish_rewriting() {
  const std::string old_file = journal_->find_note("rewrite").value_or("");
  if (old_file.empty()) return;
  std::vector<batch::Segment> segments = journal_->segments();
  if (file_identity(paths_.output) != old_file) {
    // It was replaced, and that was not recorded any more.
    std::uint64_t end = 0;
    for (batch::Segment& segment : segments)
      segment.offset = std::exchange(end, end + segment.size);
    journal_->record_written(segments);
    journal_->note("output_file", file_identity(paths_.output));
    journal_->note("output_end", std::to_string(end));
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
                                   .end = number_in(journal_->find_note("output_end"))};
  batch::OutputFile opened;
  const int standard_output = context_.streams.out.file_descriptor();
  if (paths_.target == Target::file) {
    opened = batch::open_output_file(paths_.output, settled);
  } else if (standard_output >= 0) {
    opened = batch::continue_output_file(standard_output, "standard output", settled);
  } else {
    output_ = batch::open_stream_output(context_.streams.out);
    return;
  }
  output_ = std::move(opened.output);
  journal_->note("output_file", opened.place.file);
  journal_->note("output_end", std::to_string(opened.place.end));
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
  const bool is_done = is_finished(*journal_);
  if (is_done) journal_->release();
  journal_.reset();
  if (is_done && paths_.target == Target::stream) batch::remove_journal(paths_.journal);
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
