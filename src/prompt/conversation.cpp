#include "prompt/conversation.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "prompt/checks.hpp"
#include "prompt/context_fit.hpp"
#include "prompt/file_input.hpp"
#include "prompt/parameters.hpp"
#include "prompt/transcript_form.hpp"
#include "rellama/error.hpp"

namespace rellama::prompt {
namespace {

// How the system prompt is passed to the model.
enum class SystemBy { transcript, input };

// How to render a conversation for a build.
struct Plan {
  TranscriptForm form;
  SystemBy system = SystemBy::transcript;
  bool replaces_template = false;  // send "{prompt}" to override the build's own template
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kWhitespace = " \t\r\n\v\f";
  text.remove_prefix(std::min(text.find_first_not_of(kWhitespace), text.size()));
  return text.substr(0, text.find_last_not_of(kWhitespace) + 1);
}

// Whether the build is known to have this input. The inputs of a guessed build prove nothing.
bool has_input(const Build& build, std::string_view name) {
  return build.complete && find_input(build, name) != nullptr;
}

bool accepts_stops(const Build& build) {
  return (build.complete || build.name != "unknown") &&
         find_input(build, "stop_sequences") != nullptr;
}

// Removes a text from the parameters, whether it was set as a member or in `others`.
std::optional<std::string> extract(GenerationParameters& parameters,
                                   std::optional<std::string> GenerationParameters::*member,
                                   std::string_view name) {
  std::optional<std::string> text = std::exchange(parameters.*member, std::nullopt);
  std::erase_if(parameters.others, [&](const InputField& field) {
    if (field.name != name) return false;
    const auto* plain = std::get_if<std::string>(&field.value);
    const auto* untyped = std::get_if<UntypedText>(&field.value);
    if (plain == nullptr && untyped == nullptr) return false;
    if (text) {
      throw Error(ErrorKind::invalid_input, {.failed = std::string(name) + " is set twice",
                                             .remedy = "set it once, as an option or with -o"});
    }
    text = plain != nullptr ? *plain : untyped->text;
    return true;
  });
  return text;
}

// Adds the stop sequences of the form to the user's own.
void add_stops(const TranscriptForm& form, GenerationParameters& parameters) {
  const auto own = std::find_if(parameters.others.begin(), parameters.others.end(),
                                [](const auto& field) { return field.name == "stop_sequences"; });
  if (own == parameters.others.end()) {
    auto& stops = parameters.stop_sequences;
    for (const std::string_view stop : form.stop_sequences) {
      if (std::find(stops.begin(), stops.end(), stop) == stops.end()) stops.emplace_back(stop);
    }
    return;
  }
  std::string* text = std::get_if<std::string>(&own->value);
  if (auto* untyped = std::get_if<UntypedText>(&own->value)) text = &untyped->text;
  if (text == nullptr || text->starts_with('[')) return;  // a JSON list from the user
  for (const std::string_view stop : form.stop_sequences) {
    if (("," + *text + ",").find("," + std::string(stop) + ",") != std::string::npos) continue;
    text->append(text->empty() ? "" : ",").append(stop);
  }
}

// A known form. The build may add part of it itself.
Plan plan_for(const TranscriptForm& form, const Build& build) {
  Plan plan{.form = form};
  if (has_input(build, "prompt_template")) {
    plan.replaces_template = true;
  } else if (form.name == "llama-2" && has_input(build, "system_prompt")) {
    plan = {.form = wrapped_llama_2_form(), .system = SystemBy::input};
  }
  return plan;
}

Plan plan_for(TemplateForm& own, const Build& build, const std::optional<std::string>& system) {
  return {.form = own.form(system.value_or(std::string())),
          .replaces_template = has_input(build, "prompt_template")};
}

// If the model's format is unknown, the prompt is a plain dialogue, and the build keeps its own
// template and system prompt.
Plan plan_for_unknown(const Build& build) {
  Plan plan{.form = plain_form()};
  if (has_input(build, "system_prompt")) plan.system = SystemBy::input;
  return plan;
}

/// Renders one conversation.
class Renderer {
 public:
  Renderer(const Target& target, const Transcript& transcript,
           const GenerationParameters& parameters)
      : target_(target), transcript_(transcript), parameters_(parameters) {
    check_text("the prompt", transcript.prompt);
    check_not_blank(transcript.prompt);
    for (const Turn& turn : transcript.earlier) {
      check_text("an earlier message", turn.user);
      check_text("an earlier answer", turn.assistant);
    }
    check_text("the beginning of the answer", transcript.answer_start);
    make_texts(target_.build, parameters_);
    choose_plan();
    if (accepts_stops(target_.build)) add_stops(plan_.form, parameters_);
    if (plan_.system == SystemBy::input) {
      if (system_) system_ = neutralize(*system_, plan_.form.markers);
      parameters_.system_prompt = system_;
    }
    if (plan_.replaces_template) parameters_.prompt_template = "{prompt}";
  }

  RenderedPrompt render() {
    // First with only the newest message, to validate it and to learn the other inputs.
    const PromptFit fit = fit_turns(render_with(clean(transcript_.prompt)));
    std::string text = opening_;
    for (const std::string& turn : turns_) text += turn;
    return {render_with(text + newest_), fit};
  }

 private:
  void choose_plan() {
    system_ = extract(parameters_, &GenerationParameters::system_prompt, "system_prompt");
    if (system_) check_text("system_prompt", *system_);
    if (target_.build.form == PromptForm::instruction_tags) {
      plan_ = {.form = wrapped_llama_2_form(), .system = SystemBy::input};
      return;
    }
    const auto own =
        extract(parameters_, &GenerationParameters::prompt_template, "prompt_template");
    if (own) {
      check_text("prompt_template", *own);
      check_template(*own);
      template_ = TemplateForm::parse(*own);
      if (!template_) {
        throw Error(ErrorKind::invalid_input,
                    {.failed = "the prompt template does not work in a conversation",
                     .why = "it has more than one {prompt}, but each turn is inserted once",
                     .remedy = "write {prompt} only once"});
      }
    } else if (choose_known_form()) {
      return;
    }
    plan_ = template_ ? plan_for(*template_, target_.build, system_or_default())
                      : plan_for_unknown(target_.build);
  }

  // Returns whether the form is known. Otherwise sets template_ if there is at least a template.
  bool choose_known_form() {
    const CatalogueFamily* family = transcript_.family;
    if (family != nullptr) {
      if (const auto* form = find_form(family->conversation)) {
        plan_ = plan_for(*form, target_.build);
        add_tags_if_wrapped();
        return true;
      }
      template_ = TemplateForm::parse(family->prompt_template);
    }
    const auto published = default_of(target_, "prompt_template");
    if (template_ || !published) return false;
    if (const auto* form = recognize_form(*published)) {
      plan_ = plan_for(*form, target_.build);
      return true;
    }
    template_ = TemplateForm::parse(*published);
    return false;
  }

  // Builds from before 2023-12 strip the letters of the tags (docs/protocol.md §7).
  void add_tags_if_wrapped() {
    if (plan_.system == SystemBy::input) target_.build.form = PromptForm::instruction_tags;
  }

  // The system prompt to put into the transcript.
  [[nodiscard]] std::optional<std::string> system_or_default() const {
    if (system_) return system_;
    if (target_.build.takes_defaults && has_input(target_.build, "system_prompt")) {
      return std::string(default_system_prompt);
    }
    return std::nullopt;
  }

  // `text` without surrounding whitespace and with its markers broken.
  [[nodiscard]] std::string clean(std::string_view text) const {
    return neutralize(trim(text), plan_.form.markers);
  }

  [[nodiscard]] std::string render_opening() const {
    const TranscriptForm& form = plan_.form;
    if (plan_.system == SystemBy::input) return std::string(form.without_system);
    if (template_ && template_->has_system_prompt()) return {};
    const std::string system =
        clean(system_or_default().value_or(std::string(form.default_system)));
    if (system.empty()) return std::string(form.without_system);
    return std::string(form.before_system).append(system).append(form.after_system);
  }

  [[nodiscard]] std::string render_turn(const Turn& turn) const {
    const TranscriptForm& form = plan_.form;
    return std::string(form.before_user)
        .append(clean(turn.user))
        .append(form.before_answer)
        .append(clean(turn.assistant))
        .append(form.after_answer);
  }

  [[nodiscard]] std::string render_newest() const {
    const TranscriptForm& form = plan_.form;
    const std::string newest = std::string(form.before_user).append(clean(transcript_.prompt));
    if (is_blank(transcript_.answer_start)) return newest + std::string(form.end);
    if (target_.build.form == PromptForm::instruction_tags) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "this model cannot continue an answer",
                   .why = "it adds its own end of the message to whatever is sent",
                   .remedy = "make the last message the user's, or use another model",
                   .input = "prompt"});
    }
    return newest + std::string(form.before_answer).append(clean(transcript_.answer_start));
  }

  [[nodiscard]] Input render_with(const std::string& prompt) const {
    Input input = render_input(target_, prompt, parameters_);
    if (plan_.system == SystemBy::transcript) {
      // The transcript already has it: do not send the default as well.
      std::erase_if(input, [](const InputField& field) { return field.name == "system_prompt"; });
    }
    return input;
  }

  PromptFit fit_turns(const Input& input) {
    opening_ = render_opening();
    newest_ = render_newest();
    for (const Turn& turn : transcript_.earlier) turns_.push_back(render_turn(turn));
    const std::int64_t fixed = transcript_.tokens.count(opening_) +
                               transcript_.tokens.count(newest_) +
                               system_tokens(transcript_.tokens, input);
    const PromptFit fit = fit_context(target_, transcript_, input, turns_, fixed);
    drop_turns(turns_, fit.turns_dropped);
    return fit;
  }

  Target target_;
  const Transcript& transcript_;
  GenerationParameters parameters_;
  std::optional<std::string> system_;
  std::optional<TemplateForm> template_;
  Plan plan_;
  std::string opening_;
  std::vector<std::string> turns_;
  std::string newest_;
};

}  // namespace

RenderedPrompt render_transcript(const Target& target, const Transcript& transcript,
                                 const GenerationParameters& parameters) {
  return Renderer(target, transcript, parameters).render();
}

}  // namespace rellama::prompt
