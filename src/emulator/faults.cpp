#include "emulator/faults.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

constexpr std::array<std::pair<std::string_view, Place>, 11> kPlaces{{
    {"create", Place::create},
    {"get", Place::get},
    {"cancel", Place::cancel},
    {"list", Place::list},
    {"model", Place::model},
    {"account", Place::account},
    {"upload", Place::upload},
    {"stream", Place::stream},
    {"file", Place::file},
    {"predict", Place::predict},
    {"setup", Place::setup},
}};

struct Word {
  std::string_view text;
  FaultKind kind;
  std::optional<Place> only_at;  ///< empty: at every place that is a request
  bool takes_count;
};

constexpr std::array kWords{
    Word{"ok", FaultKind::ok, std::nullopt, false},
    Word{"reset", FaultKind::reset, std::nullopt, false},
    Word{"html", FaultKind::html, std::nullopt, false},
    Word{"empty-500", FaultKind::empty_500, std::nullopt, false},
    Word{"text-503", FaultKind::text_503, std::nullopt, false},
    Word{"429-date", FaultKind::throttled_date, std::nullopt, true},
    Word{"429-words", FaultKind::throttled_words, std::nullopt, true},
    Word{"429-bare", FaultKind::throttled_bare, std::nullopt, false},
    Word{"429-html", FaultKind::throttled_html, std::nullopt, false},
    Word{"truncated", FaultKind::truncated, std::nullopt, false},
    Word{"lost", FaultKind::lost, Place::create, false},
    Word{"processing", FaultKind::processing, Place::get, false},
    Word{"no-stream", FaultKind::no_stream, Place::model, false},
    Word{"cut", FaultKind::cut, Place::stream, true},
    Word{"end", FaultKind::end, Place::stream, true},
    Word{"stall", FaultKind::stall, Place::stream, true},
    Word{"error", FaultKind::error, Place::stream, true},
    Word{"plain-error", FaultKind::plain_error, Place::stream, true},
    Word{"408", FaultKind::timeout, Place::stream, false},
    Word{"no-ids", FaultKind::no_ids, Place::stream, false},
    Word{"replay", FaultKind::replay, Place::stream, false},
    Word{"crlf", FaultKind::crlf, Place::stream, false},
    Word{"bytes", FaultKind::bytes, Place::stream, false},
    Word{"redirect", FaultKind::redirect, Place::stream, false},
    Word{"cut", FaultKind::cut, Place::file, true},
    Word{"no-ranges", FaultKind::no_ranges, Place::file, false},
    Word{"wrong-length", FaultKind::wrong_length, Place::file, false},
    Word{"compressed", FaultKind::compressed, Place::file, false},
    Word{"redirect", FaultKind::redirect, Place::file, false},
    Word{"ok", FaultKind::ok, Place::predict, false},
    Word{"failed", FaultKind::failed, Place::predict, true},
    Word{"canceled", FaultKind::canceled, Place::predict, true},
    Word{"aborted", FaultKind::aborted, Place::predict, false},
    Word{"failed", FaultKind::failed, Place::setup, false},
};

std::string grammar() {
  std::string text = "a fault is PLACE:WHAT[@N][*TIMES]; PLACE is one of";
  for (const auto& [name, place] : kPlaces) text.append(" ").append(name);
  text += "; WHAT is a status from 400 to 599 or one of";
  for (const Word& word : kWords) {
    if (word.only_at || word.text.empty()) continue;
    text.append(" ").append(word.text).append(word.takes_count ? "@N" : "");
  }
  text += ", or";
  for (const Word& word : kWords) {
    if (!word.only_at) continue;
    for (const auto& [name, place] : kPlaces) {
      if (place == *word.only_at) text.append(" ").append(name);
    }
    text.append(":").append(word.text).append(word.takes_count ? "@N" : "");
  }
  return text;
}

std::optional<std::int64_t> parse_count(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// Cuts `text` at the last `mark`, which the count follows.
struct Suffix {
  bool valid = true;
  std::optional<std::int64_t> count = {};
};

Suffix take_suffix(std::string_view& text, char mark) {
  const std::size_t at = text.rfind(mark);
  if (at == std::string_view::npos) return {};
  const auto count = parse_count(text.substr(at + 1));
  text = text.substr(0, at);
  return {count.has_value(), count};
}

std::optional<Place> find_place(std::string_view name) {
  for (const auto& [text, place] : kPlaces) {
    if (text == name) return place;
  }
  return std::nullopt;
}

bool is_request(Place place) {
  return place != Place::predict && place != Place::setup;
}

const Word* find_word(Place place, std::string_view text) {
  for (const Word& word : kWords) {
    const bool here = word.only_at ? *word.only_at == place : is_request(place);
    if (here && word.text == text) return &word;
  }
  return nullptr;
}

std::optional<Fault> read_fault(std::string_view spec) {
  const Suffix times = take_suffix(spec, '*');
  const Suffix at = take_suffix(spec, '@');
  const std::size_t colon = spec.find(':');
  if (!times.valid || !at.valid || colon == std::string_view::npos) return std::nullopt;
  const auto place = find_place(spec.substr(0, colon));
  if (!place) return std::nullopt;

  const std::string_view what = spec.substr(colon + 1);
  Fault fault{.place = *place, .at = at.count, .left = times.count};
  if (const Word* word = find_word(*place, what)) {
    if (at.count && !word->takes_count) return std::nullopt;
    fault.kind = word->kind;
    return fault;
  }
  const auto status = parse_count(what);
  if (!status || *status < 400 || *status > 599 || !is_request(*place)) return std::nullopt;
  if (at.count && *status != 429) return std::nullopt;
  fault.kind = FaultKind::status;
  fault.status = static_cast<int>(*status);
  return fault;
}

}  // namespace

Fault parse_fault(std::string_view spec) {
  if (const auto fault = read_fault(spec)) return *fault;
  throw Error(ErrorKind::invalid_input,
              ErrorParts{.failed = "cannot understand the fault '" + std::string(spec) + "'",
                         .why = grammar()});
}

bool is_throttling(const Fault& fault) noexcept {
  switch (fault.kind) {
    case FaultKind::status: return fault.status == 429;
    case FaultKind::throttled_date:
    case FaultKind::throttled_words:
    case FaultKind::throttled_bare:
    case FaultKind::throttled_html: return true;
    default: return false;
  }
}

bool replaces_answer(const Fault& fault) noexcept {
  if (is_throttling(fault)) return true;
  switch (fault.kind) {
    case FaultKind::ok:
    case FaultKind::status:
    case FaultKind::reset:
    case FaultKind::html:
    case FaultKind::empty_500:
    case FaultKind::text_503:
    case FaultKind::truncated: return true;
    default: return false;
  }
}

FaultPlan::FaultPlan(const std::vector<std::string>& specs) {
  for (const std::string& spec : specs) faults_.push_back(parse_fault(spec));
}

std::optional<Fault> FaultPlan::take(Place place,
                                     const std::function<bool(const Fault&)>& applies) {
  const std::lock_guard lock(mutex_);
  for (Fault& fault : faults_) {
    if (fault.place != place || fault.left == 0 || !applies(fault)) continue;
    if (fault.left) --*fault.left;
    return fault;
  }
  return std::nullopt;
}

}  // namespace rellama::emulator
