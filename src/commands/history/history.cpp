// `rellama history`: searches, shows, exports, reruns, counts and deletes recorded turns.

#include "commands/history/history.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "commands/ask.hpp"
#include "commands/history/history_text.hpp"
#include "options/local_time.hpp"
#include "options/option_settings.hpp"
#include "options/parser.hpp"
#include "options/saved_options.hpp"
#include "options/value_checks.hpp"
#include "options/word_option.hpp"
#include "prompt/checks.hpp"
#include "rellama/error.hpp"
#include "run/answer.hpp"
#include "terminal/code_printer.hpp"
#include "terminal/table.hpp"
#include "wire/counted.hpp"

namespace rellama::program {
namespace {

struct Options {
  std::vector<std::string> ids;
  std::vector<std::string> words;
  std::int64_t limit = 20;
  std::string since;
  std::string before;
  std::string model;
  ExportFormat format = ExportFormat::markdown;
  history::UsageKey key = history::UsageKey::model;
  bool json = false;
  bool all = false;
  bool yes = false;
  AskOptions again;
};

// Everything a subcommand needs.
struct Job {
  Options& options;
  CLI::App& app;  // of the subcommand
  const Context& context;
};

history::Time now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

history::Filter filter_of(const Options& options) {
  history::Filter filter;
  if (!options.since.empty()) filter.since = parse_time_filter(options.since, now());
  if (!options.before.empty()) filter.before = parse_time_filter(options.before, now());
  filter.model = options.model;
  filter.limit = options.limit;
  return filter;
}

int list(const Job& job) {
  const auto conversations = open_history_or_none(job.context).list(filter_of(job.options));
  job.context.streams.out.print(
      job.options.json
          ? render_json(conversations)
          : render_table(conversations, terminal::table_width(job.context.streams.out)),
      terminal::json_if(job.options.json));
  return 0;
}

int search(const Job& job) {
  for (const std::string& word : job.options.words) {
    if (!prompt::is_blank(word)) continue;
    throw Error(ErrorKind::invalid_input, {.failed = "nothing to search for"});
  }
  const auto matches =
      open_history_or_none(job.context).search(job.options.words, filter_of(job.options));
  job.context.streams.out.print(
      job.options.json ? render_json(matches)
                       : render_table(matches, terminal::table_width(job.context.streams.out)),
      terminal::json_if(job.options.json));
  return 0;
}

int usage(const Job& job) {
  const auto key = job.options.key;
  history::Filter filter = filter_of(job.options);
  const auto totals = open_history_or_none(job.context).usage(key, filter);
  job.context.streams.out.print(
      job.options.json ? render_json(totals, key)
                       : render_table(totals, key, terminal::table_width(job.context.streams.out)),
      terminal::json_if(job.options.json));
  return 0;
}

KeptConversation require_conversation(history::Store& store, std::int64_t id) {
  auto turns = require_turns(store, id);
  auto about = store.find(id);
  return {.about = about.value_or(history::ConversationSummary{}), .turns = std::move(turns)};
}

history::Turn require_turn(history::Store& store, const history::TurnId& id) {
  if (auto turn = store.find_turn(id)) return *std::move(turn);
  throw Error(ErrorKind::not_found, {.failed = "no turn " + history::render_turn_id(id),
                                     .remedy = "list them with: rellama history list"});
}

// The turn whose answer is meant: of a conversation, the one where it continues.
history::Turn require_answer(history::Store& store, history::TurnId id) {
  if (id.number == 0) {
    const auto turns = require_turns(store, id.conversation);
    const auto about = store.find(id.conversation);
    id.number = about && about->current != 0 ? about->current : turns.back().id.number;
  }
  return require_turn(store, id);
}

// Only the answer, as when it was new.
int show_answer(const Job& job, const history::Turn& turn) {
  const OutputOptions& output = job.options.again.output;
  if (output.extract && !terminal::has_code(turn.output)) {
    throw Error(ErrorKind::internal, {.failed = "nothing to extract",
                                      .why = "the answer has no fenced code block",
                                      .remedy = "leave out --extract"});
  }
  show_text(turn.output, output, job.context);
  return 0;
}

int show(const Job& job) {
  history::Store store = open_history(job.context);
  const history::TurnId id = find_turn_id(store, job.options.ids.front());
  const OutputOptions& output = job.options.again.output;
  if (output.extract || output.raw) return show_answer(job, require_answer(store, id));
  if (id.number != 0) {
    const history::Turn turn = require_turn(store, id);
    if (job.options.json) {
      job.context.streams.out.print(render_json(turn), terminal::TextForm::json);
    } else {
      show_text(render_markdown(turn), output, job.context);
    }
    return 0;
  }
  const KeptConversation conversation = require_conversation(store, id.conversation);
  if (job.options.json) {
    job.context.streams.out.print(render_json(conversation), terminal::TextForm::json);
  } else {
    show_text(render_markdown(conversation), output, job.context);
  }
  return 0;
}

std::int64_t find_conversation(history::Store& store, const std::string& text) {
  const history::TurnId id = find_turn_id(store, text);
  if (id.number == 0 || text == "last") return id.conversation;
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + text + "' is a turn, not a conversation",
               .remedy = "use the whole conversation: " + std::to_string(id.conversation)});
}

// The conversations named, or else those that match the filter.
std::vector<std::int64_t> chosen(const Job& job, history::Store& store) {
  std::vector<std::int64_t> conversations;
  for (const std::string& text : job.options.ids) {
    const std::int64_t id = find_conversation(store, text);
    const bool is_new =
        std::find(conversations.begin(), conversations.end(), id) == conversations.end();
    if (is_new) conversations.push_back(id);
  }
  if (!conversations.empty()) return conversations;
  history::Filter filter = filter_of(job.options);
  filter.limit = -1;
  for (const auto& conversation : store.list(filter)) conversations.push_back(conversation.id);
  return conversations;
}

std::string render(const KeptConversation& conversation, ExportFormat format) {
  switch (format) {
    case ExportFormat::markdown: return render_markdown(conversation);
    case ExportFormat::json: return render_json(conversation);
    case ExportFormat::jsonl: break;
  }
  std::string lines;
  for (const history::Turn& turn : conversation.turns) lines += render_json(turn);
  return lines;
}

// One after another, because all of them might not fit into memory.
int export_all(const Job& job) {
  history::Store store = open_history_or_none(job.context);
  const ExportFormat format = job.options.format;
  const char* separator = format == ExportFormat::json ? "[" : "";
  for (const std::int64_t id : chosen(job, store)) {
    std::string text = render(require_conversation(store, id), format);
    if (format == ExportFormat::json) text.pop_back();
    job.context.streams.out.print(separator + text,
                                  terminal::json_if(format != ExportFormat::markdown));
    separator = format == ExportFormat::json ? ",\n" : format == ExportFormat::jsonl ? "" : "\n";
  }
  if (format == ExportFormat::json) {
    job.context.streams.out.print(std::string(*separator == '[' ? "[" : "") + "]\n");
  }
  return 0;
}

int rerun(const Job& job) {
  Options& options = job.options;
  history::Store store = open_history(job.context);
  const history::Turn turn = require_answer(store, find_turn_id(store, options.ids.front()));
  const history::TurnId id = turn.id;
  const Continuation continuation = continue_after(store, id.conversation, turn.parent);
  apply_saved_options(job.app, turn.model_options);
  apply_settings(job.app, job.context);
  options.again.prompt = {.sources = {}, .draft = turn.prompt, .prompt_template = {}};
  // A single prompt is asked again as a single prompt, not as a conversation.
  const bool alone = continuation.turns.size() == 1;
  return ask_with(std::move(options.again), alone ? std::nullopt : std::optional(continuation),
                  job.context);
}

int remove(const Job& job) {
  const Options& options = job.options;
  const bool many = options.all || !options.before.empty();
  if (many == !options.ids.empty() || (options.all && !options.before.empty())) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "nothing selected to delete",
                 .remedy = "give conversation IDs, --before TIME or --all (only one of these)"});
  }
  history::Store store = many ? open_history_or_none(job.context) : open_history(job.context);
  const auto conversations = chosen(job, store);
  if (many && !options.yes) {
    throw Error(
        ErrorKind::invalid_input,
        {.failed = wire::counted(conversations.size(), "conversation") + " would be deleted",
         .remedy = "add --yes to delete them"});
  }
  for (const std::int64_t id : conversations) {
    if (!many && !store.find(id)) {
      throw Error(ErrorKind::not_found,
                  {.failed = "no conversation named or numbered '" + std::to_string(id) + "'",
                   .remedy = "list them with: rellama history list"});
    }
  }
  for (const std::int64_t id : conversations) store.remove(id);
  store.forget_removed();
  tell(job.context,
       "rellama: deleted " + wire::counted(conversations.size(), "conversation") + "\n");
  return 0;
}

struct Subcommand {
  const char* name;
  const char* help;
  int (*run)(const Job&);
};

constexpr Subcommand kList{"list", "list conversations, newest first", list};
constexpr Subcommand kSearch{"search", "find turns that contain all words; a word may end in *",
                             search};
constexpr Subcommand kShow{"show", "show a conversation, or a turn (12.3, or last), again", show};
constexpr Subcommand kExport{
    "export", "write conversations to standard output; all of them without an ID", export_all};
constexpr Subcommand kRerun{"rerun", "ask again, optionally with other options", rerun};
constexpr Subcommand kUsage{"usage", "show tokens and time by model or day", usage};
constexpr Subcommand kDelete{"delete", "delete conversations permanently", remove};
constexpr std::array kSubcommands{kList, kSearch, kShow, kExport, kRerun, kUsage, kDelete};

const std::map<std::string, ExportFormat> kFormats{
    {"md", ExportFormat::markdown}, {"json", ExportFormat::json}, {"jsonl", ExportFormat::jsonl}};
const std::map<std::string, history::UsageKey> kKeys{{"model", history::UsageKey::model},
                                                     {"day", history::UsageKey::day}};

void declare_filter(CLI::App& app, Options& options) {
  app.add_option("--since", options.since,
                 "only since 2026-11-23, 2026-11-23T18:30, yesterday, 7d or 12h")
      ->type_name("TIME");
  app.add_option("-m,--model", options.model, "only models whose name contains this")
      ->type_name("TEXT")
      ->configurable(false);
}

void declare_limit(CLI::App& app, Options& options) {
  app.add_option("-L,--limit", options.limit, "maximum number of results")
      ->type_name("N")
      ->transform(whole_number(1, 1'000'000))
      ->capture_default_str();
}

void declare(CLI::App& app, Options& options) {
  std::map<std::string, CLI::App*> below;
  for (const Subcommand& subcommand : kSubcommands) {
    below[subcommand.name] = app.add_subcommand(subcommand.name, subcommand.help);
  }
  for (const char* name : {"list", "search", "export", "usage"}) {
    declare_filter(*below[name], options);
  }
  for (const char* name : {"list", "search"}) declare_limit(*below[name], options);
  for (const char* name : {"list", "search", "show", "usage"}) {
    below[name]->add_flag("--json", options.json, "print JSON");
  }
  below["search"]->add_option("WORDS", options.words)->required();
  constexpr const char* kIdHelp =
      "a conversation: its name, its ID or last; or a turn, such as 12.3";
  for (const char* name : {"show", "rerun"}) {
    below[name]->add_option("ID", options.ids, kIdHelp)->required()->expected(1);
  }
  for (const char* name : {"export", "delete"}) {
    below[name]->add_option("ID", options.ids, "conversations: names, IDs or last");
  }
  below["export"]
      ->add_option("--format", options.format, "format: md, json or jsonl")
      ->type_name("FORMAT")
      ->default_str("md")
      ->transform(one_of(kFormats));
  below["usage"]
      ->add_option("--by", options.key, "group by model or day")
      ->type_name("KEY")
      ->default_str("model")
      ->transform(one_of(kKeys));
  declare_again(*below["rerun"], options.again);
  declare_answer(*below["show"], options.again.output);
  CLI::App& removal = *below["delete"];
  removal.add_option("--before", options.before, "delete conversations not used since this time")
      ->type_name("TIME");
  removal.add_flag("--all", options.all, "delete all conversations");
  removal.add_flag("--yes", options.yes, "confirm --before or --all");
}

}  // namespace

int run_history(const Arguments& arguments, const Context& context) {
  Options options;
  CLI::App app("Search, show, export, rerun, count or delete past conversations.");
  prepare(app, "rellama history");
  app.require_subcommand(1);
  declare(app, options);
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  for (const Subcommand& subcommand : kSubcommands) {
    if (!app.got_subcommand(subcommand.name)) continue;
    CLI::App& used = *app.get_subcommand(subcommand.name);
    if (subcommand.run != rerun) apply_settings(app, context);
    return subcommand.run({options, used, context});
  }
  return 0;
}

}  // namespace rellama::program
