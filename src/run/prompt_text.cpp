#include "run/prompt_text.hpp"

#include <chrono>
#include <optional>

#include "options/piped_value.hpp"
#include "prompt/checks.hpp"
#include "rellama/error.hpp"
#include "run/deadline.hpp"
#include "run/delayed_hint.hpp"
#include "run/editor.hpp"
#include "run/signal_watcher.hpp"

namespace rellama::program {
namespace {

constexpr std::chrono::seconds kHintDelay{2};

Error takes_no_input(const settings::SavedPrompt& prompt_template) {
  const std::string& name = prompt_template.name;
  return Error(ErrorKind::invalid_input,
               {.failed = "the template '" + name + "' does not take input",
                .remedy = "leave out words, -f and -e, or add {{input}} with: rellama template "
                          "edit " +
                          name});
}

// The value of {{input}}; empty if the template uses its own default.
std::optional<std::string> template_input(const settings::SavedPrompt& prompt_template,
                                          const PromptOptions& options, const Context& context,
                                          const StopToken& stop) {
  if (options.draft) return options.draft;
  const PromptSources& sources = options.sources;
  const InputUse use = input_use(prompt_template);
  if (use == InputUse::none) {
    // Do not read standard input: it may belong to a loop in a script.
    if (sources.words.empty() && sources.files.empty()) return std::nullopt;
    throw takes_no_input(prompt_template);
  }
  std::string text = sources.empty(context.streams.in)
                         ? std::string()
                         : read_input(sources, context.streams.in, stop);
  if (!prompt::is_blank(text)) return text;
  if (use == InputUse::optional) return std::nullopt;
  throw Error(ErrorKind::invalid_input,
              {.failed = "nothing to ask",
               .why = "the template '" + prompt_template.name + "' needs input",
               .remedy = "give it as words, with -f, or on standard input"});
}

// Whether a person may be waiting for an answer while standard input stays open.
bool waits_unnoticed(const PromptSources& sources, const Context& context) {
  const bool has_more = !sources.words.empty() || !sources.files.empty();
  return has_more && !sources.no_stdin && !context.streams.in.is_terminal() &&
         context.streams.err.is_terminal();
}

}  // namespace

void read_piped(ModelOptions& model, PromptOptions& prompt, const std::string& timeout,
                const Context& context) {
  if (!has_piped_value(model, prompt)) return;
  const StopSource stop = stop_after(timeout);
  const SignalWatcher watcher(stop, context.streams);
  read_piped_value(model, prompt, context, stop.token());
}

void edit_prompt(PromptOptions& options, const std::string& timeout, const Context& context) {
  const StopSource stop = stop_after(timeout);
  SignalWatcher watcher(stop, context.streams);
  // Report a template that cannot be used before anything is written.
  if (const auto prompt_template = find_template(options.prompt_template, context)) {
    if (input_use(*prompt_template) == InputUse::none) throw takes_no_input(*prompt_template);
    (void)fill_template(*prompt_template, options.prompt_template, "", stop.token());
  }
  const std::string original = read_input(options.sources, context.streams.in, stop.token());
  const StopSource meanwhile;
  watcher.direct_to(meanwhile, SecondSignal::changes_nothing);
  options.draft = edit_text(original, stopped_by(context, meanwhile.token()));
  const auto reason = meanwhile.token().reason();
  if (reason && reason != ErrorKind::interrupted) {  // Ctrl-C was meant for the editor
    keep_text(*options.draft, context);
    meanwhile.token().throw_if_stopped();
  }
  if (!prompt::is_blank(*options.draft)) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "nothing to ask", .why = "the editor left the file empty"});
}

void save_draft(const PromptOptions& options, const Error& error, const Context& context) {
  if (options.draft && error.parts().prediction_id.empty()) keep_text(*options.draft, context);
}

std::string compose_prompt(const PromptOptions& options, const Context& context,
                           const StopToken& stop, NeedsPrompt needs_prompt) {
  std::optional<DelayedHint> hint;
  if (waits_unnoticed(options.sources, context)) {
    hint.emplace("rellama: reading standard input before the words; end it, or use --no-stdin\n",
                 kHintDelay, context);
  }
  const auto prompt_template = find_template(options.prompt_template, context);
  if (!prompt_template) {
    if (needs_prompt == NeedsPrompt::unless_set && !options.draft) {
      return read_input(options.sources, context.streams.in, stop);
    }
    return options.draft ? *options.draft : read_prompt(options.sources, context.streams.in, stop);
  }
  const auto input = template_input(*prompt_template, options, context, stop);
  std::string prompt = fill_template(*prompt_template, options.prompt_template, input, stop);
  prompt::check_text("the prompt", prompt);
  prompt::check_not_blank(prompt);
  return prompt;
}

}  // namespace rellama::program
