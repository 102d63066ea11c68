#include "options/prompt_options.hpp"

#include <optional>

#include "prompt/checks.hpp"
#include "rellama/error.hpp"
#include "run/editor.hpp"
#include "run/signal_watcher.hpp"

namespace rellama::program {
namespace {

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

Error no_place_for_input(const settings::SavedPrompt& prompt_template) {
  const std::string& name = prompt_template.name;
  return Error(
      ErrorKind::invalid_input,
      {.failed = "the template '" + name + "' has no place for input",
       .remedy = "ask without words, files and -e, or add {{input}} with: rellama template "
                 "edit " +
                 name});
}

// What goes into the place for input; nothing if the template is to use its own instead.
std::optional<std::string> template_input(const settings::SavedPrompt& prompt_template,
                                          const QuestionOptions& options, const Context& context,
                                          const StopToken& stop) {
  if (options.written) return options.written;
  const PromptSources& sources = options.sources;
  const InputUse use = input_use(prompt_template);
  if (use == InputUse::none) {
    // Standard input is left alone: it may be that of a loop in a script.
    if (sources.words.empty() && sources.files.empty()) return std::nullopt;
    throw no_place_for_input(prompt_template);
  }
  std::string text = sources.empty(context.streams.in)
                         ? std::string()
                         : read_input(sources, context.streams.in, stop);
  if (!is_blank(text)) return text;
  if (use == InputUse::optional) return std::nullopt;
  throw Error(ErrorKind::invalid_input,
              {.failed = "nothing to ask",
               .why = "the template '" + prompt_template.name + "' needs input",
               .remedy = "give it as words, with -f, or on standard input"});
}

}  // namespace

void write_question(QuestionOptions& options, const Context& context) {
  const StopSource stop;
  SignalWatcher watcher(stop);
  // What would refuse the text is told before somebody has written it.
  if (const auto prompt_template = find_template(options.prompt_template, context)) {
    if (input_use(*prompt_template) == InputUse::none) throw no_place_for_input(*prompt_template);
    (void)fill_template(*prompt_template, options.prompt_template, "");
  }
  const std::string begin = read_input(options.sources, context.streams.in, stop.token());
  const StopSource meanwhile;
  watcher.direct_to(meanwhile, SecondSignal::changes_nothing);
  options.written = edit_text(begin, context);
  const auto reason = meanwhile.token().reason();
  if (reason && reason != ErrorKind::interrupted) {  // that one was for the editor
    keep_text(*options.written, context);
    meanwhile.token().throw_if_stopped();
  }
  if (!is_blank(*options.written)) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "nothing to ask", .why = "the editor left the file empty"});
}

void keep_question(const QuestionOptions& options, const Error& error, const Context& context) {
  if (options.written && error.parts().prediction_id.empty()) keep_text(*options.written, context);
}

std::string read_question(const QuestionOptions& options, const Context& context,
                          const StopToken& stop) {
  const auto prompt_template = find_template(options.prompt_template, context);
  if (!prompt_template) {
    return options.written ? *options.written
                           : read_prompt(options.sources, context.streams.in, stop);
  }
  const auto input = template_input(*prompt_template, options, context, stop);
  std::string prompt = fill_template(*prompt_template, options.prompt_template, input);
  prompt::check_text("the prompt", prompt);
  prompt::check_not_blank(prompt);
  return prompt;
}

}  // namespace rellama::program
