#include "emulator/script.hpp"

#include <algorithm>
#include <optional>

#include "emulator/answers.hpp"
#include "emulator/hash.hpp"
#include "emulator/picture.hpp"
#include "emulator/prompt_handling.hpp"
#include "emulator/tokens.hpp"

namespace rellama::emulator {
namespace {

constexpr std::int64_t kDefaultMaxTokens = 512;

struct Limits {
  std::int64_t fewest = 0;
  std::optional<std::int64_t> most = {};
  std::string error = {};
};

/// Integers in JSON can be of any size.
std::int64_t to_integer(const Json& value) {
  constexpr double kMost = 1e15;
  return static_cast<std::int64_t>(std::clamp(value.get<double>(), -kMost, kMost));
}

std::optional<std::int64_t> given_number(const Json& input, std::string_view name) {
  const auto value = input.find(name);
  if (value == input.end()) return std::nullopt;
  return to_integer(*value);
}

std::optional<std::int64_t> number_of(const Build& build, const Json& input,
                                      std::string_view name) {
  const Json value = value_of(build, input, name);
  if (!value.is_number()) return std::nullopt;
  return to_integer(value);
}

/// The official builds have two names for each limit and refuse different values: docs/protocol.md
/// §7.
Limits read_limits(const Build& build, const Json& input) {
  const auto old_min = given_number(input, "min_new_tokens");
  const auto new_min = given_number(input, "min_tokens");
  const auto old_max = given_number(input, "max_new_tokens");
  const auto new_max = given_number(input, "max_tokens");
  if (old_min && new_min && old_min != new_min) {
    return {.error =
                "E1101 InvalidArgumentMinTokens: min_tokens and min_new_tokens are two names "
                "of one limit; give one of them"};
  }
  if (old_max && new_max && old_max != new_max && new_max != kDefaultMaxTokens) {
    return {.error =
                "E1102 InvalidArgumentMaxTokens: max_tokens and max_new_tokens are two names "
                "of one limit; give one of them"};
  }
  Limits limits;
  limits.fewest = std::max<std::int64_t>(0, old_min.value_or(new_min.value_or(0)));
  limits.most = old_max;
  for (const std::string_view name :
       {"max_tokens", "max_new_tokens", "max_length", "max_gen_len"}) {
    if (!limits.most) limits.most = number_of(build, input, name);
  }
  // See write_script.
  if (build.reply_mode != ReplyMode::canned && !old_max && !new_max) limits.most.reset();
  return limits;
}

/// Returns the items of a list, or a text split at commas, without trimming: docs/protocol.md §7.
std::vector<std::string> read_stops(const Build& build, const Json& input) {
  const Json value = value_of(build, input, "stop_sequences");
  std::vector<std::string> stops;
  if (value.is_array()) return value.get<std::vector<std::string>>();
  if (!value.is_string()) return stops;
  std::string rest = value.get<std::string>();
  for (std::size_t comma = rest.find(','); comma != std::string::npos; comma = rest.find(',')) {
    stops.push_back(rest.substr(0, comma));
    rest.erase(0, comma + 1);
  }
  stops.push_back(rest);
  return stops;
}

std::vector<std::string> write_tokens(const Build& build, const SeenPrompt& seen) {
  switch (build.reply_mode) {
    case ReplyMode::echo: return split_into_pieces(seen.user, CutAt::characters);
    case ReplyMode::echo_bytes: return split_into_pieces(seen.user, CutAt::bytes);
    case ReplyMode::canned: break;
  }
  return split_into_tokens(std::string(build.opening) + canned_answer(seen));
}

/// Repeats the tokens until there are enough, then drops those beyond the limit.
void fit_to_limits(std::vector<std::string>& tokens, const Limits& limits) {
  const std::vector<std::string> once = tokens;
  const auto fewest = static_cast<std::size_t>(limits.fewest);
  tokens.reserve(std::max(fewest, tokens.size()));
  for (std::size_t i = 0; tokens.size() < fewest && !once.empty(); i = (i + 1) % once.size()) {
    tokens.push_back(i == 0 ? "\n\n" + once.front() : once[i]);
  }
  if (limits.most && tokens.size() > static_cast<std::size_t>(*limits.most)) {
    tokens.resize(static_cast<std::size_t>(*limits.most));
  }
}

Script failed(std::string error) {
  Script script;
  script.outcome = Status::failed;
  script.error = std::move(error);
  return script;
}

std::string too_long(const Build& build, std::int64_t window, std::size_t tokens) {
  const std::string most = std::to_string(window);
  const std::string given = std::to_string(tokens);
  if (build.prompt_handling == PromptHandling::template_official) {
    return "E1002 PromptTooLong: the prompt has " + given + " tokens; the model reads fewer than " +
           most;
  }
  return "Your input is too long. Max input length is " + most + " tokens, but you supplied " +
         given + " tokens.";
}

Json words_of(const std::string& text) {
  Json words = Json::array();
  for (std::size_t begin = text.find_first_not_of(' '); begin != std::string::npos;) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.push_back({{"word", text.substr(begin, end - begin)}, {"at", begin}});
    begin = text.find_first_not_of(' ', end);
  }
  return words;
}

Json whole_output(const Build& build, const SeenPrompt& seen) {
  switch (build.output) {
    case OutputShape::object:
      return {{"label", seen.user.find('?') == std::string::npos ? "statement" : "question"},
              {"score", 0.875}};
    case OutputShape::objects: return words_of(seen.user);
    case OutputShape::data_url: return data_url(paint({.seed = hash_of(seen.user), .side = 8}));
    case OutputShape::text:
      return "In short: " + seen.user.substr(0, seen.user.find_first_of(".\n")) + ".";
    case OutputShape::tokens:
    case OutputShape::files: break;  // these are produced piece by piece
  }
  return nullptr;
}

}  // namespace

const char* name_of(Status status) noexcept {
  switch (status) {
    case Status::starting: return "starting";
    case Status::processing: return "processing";
    case Status::succeeded: return "succeeded";
    case Status::failed: return "failed";
    case Status::canceled: return "canceled";
    case Status::aborted: return "aborted";
  }
  return "";
}

bool is_terminal(Status status) noexcept {
  return status != Status::starting && status != Status::processing;
}

Script write_script(const Build& build, const Json& input, std::int64_t context_window) {
  const SeenPrompt seen = handle_prompt(build, input);
  if (!seen.error.empty()) return failed(seen.error);
  Limits limits = read_limits(build, input);
  if (!limits.error.empty()) return failed(limits.error);

  const std::int64_t window = context_window > 0 ? context_window : build.context_window;
  const std::size_t input_tokens = count_tokens(seen.text);
  const std::int64_t room = window - static_cast<std::int64_t>(input_tokens);
  if (room <= 0) return failed(too_long(build, window, input_tokens));
  // An echo is not cut by default limits or the window: only a complete one is of use.
  if (build.reply_mode == ReplyMode::canned)
    limits.most = std::min(limits.most.value_or(room), room);
  limits.fewest = std::min(limits.fewest, limits.most.value_or(room));

  Script script;
  script.input_tokens = input_tokens;
  script.logs = "Your formatted prompt is:\n" + seen.text + "\n";
  if (build.output != OutputShape::tokens) {
    script.whole_output = whole_output(build, seen);
    return script;
  }
  script.tokens = write_tokens(build, seen);
  fit_to_limits(script.tokens, limits);
  stop_at(script.tokens, read_stops(build, input));
  if (build.opens_with_empty) script.tokens.insert(script.tokens.begin(), "");
  if (build.closes_with_empty) script.tokens.emplace_back();
  return script;
}

void apply_fault(Script& script, const Fault& fault) {
  const auto cut = static_cast<std::size_t>(fault.at.value_or(0));
  if (fault.kind == FaultKind::aborted) script.tokens.clear();
  if (script.tokens.size() > cut) script.tokens.resize(cut);
  switch (fault.kind) {
    case FaultKind::failed:
      script.outcome = Status::failed;
      script.error = "The model stopped with an error after " + std::to_string(cut) +
                     (cut == 1 ? " token" : " tokens");
      break;
    case FaultKind::canceled: script.outcome = Status::canceled; break;
    default: script.outcome = Status::aborted; break;
  }
}

}  // namespace rellama::emulator
