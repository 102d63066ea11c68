#include "commands/batch/batch_options.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>

#include "options/value_checks.hpp"
#include "options/word_option.hpp"

namespace rellama::program {
namespace {

using batch::Format;

std::map<std::string, Format> format_words() {
  std::map<std::string, Format> words;
  for (const Format format :
       {Format::lines, Format::jsonl, Format::openai, Format::csv, Format::tsv}) {
    words.emplace(batch::name_of(format), format);
  }
  return words;
}

constexpr const char* kBatchFooter =
    "A row of the input is a line of text, a JSON object with prompt or messages (and id, system,\n"
    "model or any input of the model), a request of OpenAI's batch format, or a CSV record below "
    "a\n"
    "header. Each row becomes one result: a line of JSON on standard output, or in the file of "
    "-O.\n"
    "\n"
    "Everything is recorded in a journal before it is sent. After Ctrl-C, a crash or a full disk,\n"
    "the same command with --resume continues: nothing is asked again that has an answer or is\n"
    "running. The first Ctrl-C sends nothing more and waits for what is running, the second "
    "cancels\n"
    "that too.\n"
    "\n"
    "Examples:\n"
    "  rellama batch prompts.txt -O answers.jsonl\n"
    "  rellama batch prompts.jsonl -m 13b -j 50 --ordered > answers.jsonl\n"
    "  rellama batch reviews.csv --prompt 'Positive? {{text}}' -O answers.jsonl\n"
    "  rellama batch openai.jsonl --price 0.65/2.75 --max-cost 10 -O out.jsonl\n"
    "  rellama batch prompts.txt -O answers.jsonl --resume --retry-failed\n"
    "\n"
    "Exit codes: 0 if every row has an answer; 12 if some failed or were not sent; the code of "
    "the\n"
    "failure (see rellama --help) if the batch was stopped; 2 if nothing was sent because the\n"
    "input or the options cannot be used.\n";

void declare_input(CLI::App& app, BatchOptions& options) {
  constexpr const char* kGroup = "Prompt";
  app.add_option("FILE", options.input, "the rows; - or none: standard input");
  app.add_option_function<Format>(
         "--input-format", [&options](const Format& format) { options.format = format; },
         "lines, jsonl, openai, csv or tsv")
      ->type_name("FORMAT")
      ->default_str("detected")
      ->transform(one_of(format_words()))
      ->group(kGroup);
  app.add_option("--prompt", options.prompt_text,
                 "the prompt of every row, with {{FIELD}} for a field or column and {{input}} for "
                 "the row's own prompt")
      ->type_name("TEXT")
      ->group(kGroup);
  declare(app, options.prompt.prompt_template);
  app.get_option("--prompt")->excludes(app.get_option("--template"));
}

void declare_results(CLI::App& app, BatchOptions& options) {
  constexpr const char* kGroup = "Output";
  CLI::Option* output =
      app.add_option_function<std::string>(
             "-O,--output",
             [&options](const std::string& path) {
               options.output.saves = true;
               options.output.save_path = path;
             },
             "write the results to a file, or each to a file of its own in a directory (an "
             "existing one, or a path ending in /); the journal is put next to it")
          ->type_name("PATH")
          ->group(kGroup);
  app.add_flag("--force", options.output.force, "let -O overwrite an existing file")
      ->needs(output)
      ->group(kGroup);
  app.add_flag("--text", options.text, "write the answers alone, in the order of the rows")
      ->group(kGroup);
  app.add_flag("--ordered", options.ordered,
               "write the results in the order of the rows, not as they come")
      ->group(kGroup);
  declare_color(app, options.output);
  declare_log(app, options.output);
}

void declare_speed(CLI::App& app, BatchOptions& options) {
  constexpr const char* kGroup = "Speed";
  constexpr std::size_t kMostJobs = 10'000;
  app.add_option("-j,--jobs", options.jobs, "how many predictions may run at a time")
      ->type_name("N")
      ->transform(whole_number(1, kMostJobs))
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--rate", options.rate, "start at most this many: 600/min, 5/s, 1000/h")
      ->type_name("N/UNIT")
      ->default_str("what the server allows")
      ->group(kGroup);
  app.add_option("--shard", options.shard,
                 "run part K of N of the rows; auto: the task of a Slurm array, or with auto/N "
                 "the index of a Kubernetes Job")
      ->type_name("K/N")
      ->configurable(false)
      ->group(kGroup);
}

void declare_resuming(CLI::App& app, BatchOptions& options) {
  constexpr const char* kGroup = "Resuming";
  CLI::Option* resume =
      app.add_flag("--resume", options.resume, "continue a batch that was stopped, or start it");
  resume->group(kGroup)->configurable(false);
  app.add_flag("--retry-failed", options.retry_failed,
               "run rows again that have failed, and replace their results")
      ->configurable(false)
      ->group(kGroup);
  CLI::Option* most = app.add_option("--max-failures", options.max_failures,
                                     "send nothing more when more rows than this have failed");
  most->type_name("N")->transform(whole_number())->group(kGroup);
  app.add_flag("--fail-fast", options.fail_fast, "send nothing more when a row has failed")
      ->excludes(most)
      ->group(kGroup);
}

void declare_spending(CLI::App& app, BatchOptions& options) {
  constexpr const char* kGroup = "Safety";
  app.add_option("--max-predictions", options.max_predictions,
                 "refuse to start more predictions than this")
      ->type_name("N")
      ->transform(whole_number())
      ->group(kGroup);
  app.add_option("--max-predictions-per-day", options.max_predictions_per_day,
                 "stop when batches with this option have started this many today")
      ->type_name("N")
      ->transform(whole_number())
      ->group(kGroup);
  app.add_option("--price", options.price,
                 "dollars for a million tokens in and out (0.65/2.75), or for a second (0.0014/s)")
      ->type_name("IN/OUT")
      ->group(kGroup);
  app.add_option("--price-date", options.price_date, "when that was the price, to show it")
      ->type_name("DATE")
      ->group(kGroup);
  for (auto [name, value, help] :
       {std::tuple{"--max-cost", &options.max_cost,
                   "refuse to start if the batch can cost more dollars than this"},
        std::tuple{"--max-cost-per-day", &options.max_cost_per_day,
                   "the same with what batches with this option have cost today"}}) {
    app.add_option(name, *value, help)->type_name("NUM")->transform(amount())->group(kGroup);
  }
}

void declare_subcommands(CLI::App& app, BatchOptions& options) {
  CLI::App* list = app.add_subcommand("list", "list batches and how far they are");
  CLI::App* status = app.add_subcommand("status", "show how far a batch is");
  CLI::App* removal = app.add_subcommand("delete", "remove the journals of batches");
  CLI::App* merge = app.add_subcommand("merge", "put the results of shards together");
  for (CLI::App* below : {list, status}) below->add_flag("--json", options.json, "print JSON");
  for (CLI::App* below : {status, removal}) {
    below->add_option("BATCH", options.files, "a name from the list, an output or a journal")
        ->required();
  }
  merge->add_option("FILE", options.files, "the results of all shards")->required();
  merge->add_option("-O,--output", options.output.save_path, "the file to write")
      ->type_name("PATH")
      ->configurable(false);
}

}  // namespace

void declare(CLI::App& app, BatchOptions& options) {
  declare_input(app, options);
  declare(app, options.model);
  declare_results(app, options);
  declare_speed(app, options);
  declare_resuming(app, options);
  declare_run(app, options);
  declare_spending(app, options);
  app.add_flag("--history", options.history,
               "record the answers in the history, as one conversation")
      ->group("Conversation");
  declare(app, options.connection);
  declare_subcommands(app, options);
  app.footer(kBatchFooter);
}

}  // namespace rellama::program
