#include "replicate/shown_output.hpp"

#include <algorithm>
#include <utility>

#include "rellama/error.hpp"
#include "replicate/line_endings.hpp"
#include "replicate/output_kind.hpp"
#include "wire/file_url.hpp"
#include "wire/json_document.hpp"

namespace rellama::replicate {
namespace {

// So much of the output tells whether it may be a value.
constexpr std::size_t kLongestBegin = 64;

// Whether a text may be or become a list, an object, a string or a constant, as JSON or Python
// writes it.
bool may_be_value(std::string_view begin) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto bracket_end = std::min(begin.find_first_not_of(" \t\r\n[{"), begin.size());
  const bool is_open = begin.substr(0, bracket_end).find_first_of("[{") != std::string_view::npos;
  const std::string_view rest = begin.substr(bracket_end);
  if (rest.empty()) return is_open || begin.empty();
  if (is_open &&
      std::string_view("\"'-0123456789]}").find(rest.front()) != std::string_view::npos) {
    return true;
  }
  if (rest.front() == '"') {
    const auto end = rest.find('"', 1);
    return end == std::string_view::npos ||
           rest.find_first_not_of(kBlanks, end + 1) == std::string_view::npos;
  }
  for (const std::string_view constant : {"true", "false", "null", "True", "False", "None"}) {
    if (constant.starts_with(rest) || (is_open && rest.starts_with(constant))) return true;
  }
  return false;
}

}  // namespace

ShownOutput::ShownOutput(EventSink& sink, OutputKind kind, const wire::SecretMask& secrets)
    : sink_(sink), kind_(kind), masked_(secrets) {}

void ShownOutput::add_piece(std::string_view piece, std::string_view fresh,
                            const PredictionId& id) {
  if (text().size() + fresh.size() > kMaxOutputBytes) {
    throw Error(ErrorKind::server, {.failed = "cannot read the rest of the output",
                                    .why = "it is longer than 64 MiB",
                                    .remedy = "check that the server is Replicate's",
                                    .prediction_id = id.value});
  }
  classify_piece(piece);
  if (holding_ && !fresh.empty()) held_.append(fresh);
  show(text_.append(fresh));
}

void ShownOutput::add_object(const Prediction& prediction) {
  add_status(prediction.status);
  const Output& output = prediction.output;
  for (std::size_t i = pieces_classified_; holding_ && i < output.piece_count(); ++i) {
    classify_piece(output.piece(i));
  }
  pieces_classified_ = output.piece_count();
  if (holding_ && output.text().size() > held_.text().size()) held_ = output;
  show_new_text(output.text());
}

void ShownOutput::add_status(Status status) {
  if (status == status_ || status == Status::unknown) return;
  status_ = status;
  sink_.status_changed(status);
}

void ShownOutput::show_new_text(const std::string& whole) {
  if (text_.agrees_with(whole)) {
    show(text_.append_cumulative(whole));
    return;
  }
  // If part of the text came from a stream, its line endings may differ.
  const std::string seen = with_lf_only(text());
  const std::string unified = with_lf_only(whole);
  if (unified.starts_with(seen)) show(text_.append(std::string_view(unified).substr(seen.size())));
}

void ShownOutput::show(std::string_view fresh) {
  if (fresh.empty() || holding_) return;
  const std::string_view shown = masked_.filter(fresh);
  if (!shown.empty()) sink_.output(shown);
}

void ShownOutput::show_last(std::string_view fresh) {
  show(fresh);
  const std::string_view rest = masked_.finish();
  if (!rest.empty()) sink_.output(rest);
}

// A piece that is neither a file URL nor JSON means that the output is text: shows what was held
// back. A list of numbers or objects is streamed as their JSON, and then stored as a list, whatever
// the catalogue says about the model. A model of which nothing is known may also stream an object
// in parts, or as Python writes it.
void ShownOutput::classify_piece(std::string_view piece) {
  if (!holding_ || (kind_ != OutputKind::unknown && kind_ != OutputKind::text)) return;
  if (wire::is_json_but_no_string(piece)) return;
  if (kind_ != OutputKind::text) {
    begin_.append(piece.substr(0, kLongestBegin - std::min(begin_.size(), kLongestBegin)));
    if (wire::is_file_url(piece) || may_be_value(begin_)) return;
  }
  show_held(text());
}

void ShownOutput::show_held(const std::string& text) {
  holding_ = false;
  show(text);
}

// If the run ends early, the kind of the pieces stays unknown.
void ShownOutput::show_held_lines() {
  std::string lines;
  for (std::size_t i = 0; holding_ && i < held_.piece_count(); ++i) {
    const std::string_view piece = held_.piece(i);
    // Numbers may be parts of a text.
    const bool is_item =
        kind_ != OutputKind::text &&
        (wire::is_file_url(piece) || piece.starts_with('{') || piece.starts_with('['));
    lines.append(i > 0 && is_item ? "\n" : "").append(piece);
  }
  show_held(lines);
  show_last({});
}

bool ShownOutput::is_ahead_of(const Output& output) const {
  const std::string& whole = output.text();
  return output.json().empty() && whole.size() < text().size() &&
         with_lf_only(text()).starts_with(with_lf_only(whole)) &&
         with_lf_only(whole) != with_lf_only(text());
}

// If the last item is damaged, nothing tells whether more was to come.
bool ShownOutput::repairs(const wire::DamagedText& stored) const {
  const std::string received = with_lf_only(text());
  const std::string before = with_lf_only(stored.before);
  const std::string after = with_lf_only(stored.after);
  return !after.empty() && received.size() >= before.size() + after.size() &&
         received.starts_with(before) && received.ends_with(after);
}

void ShownOutput::take_text_for(Prediction& prediction) const {
  Output received;
  received.append(text());
  prediction.output = std::move(received);
}

void ShownOutput::finish(Prediction& prediction, const Endpoint& endpoint, bool lacks) {
  if (holding_ && prediction.output.empty()) prediction.output = held_;
  if (holding_) apply_kind(prediction.output, kind_, endpoint);
  if (!prediction.output.json().empty()) {
    const auto damaged = wire::find_damaged_text(prediction.output.json());
    if (holding_ && damaged && kind_ == OutputKind::text) {
      show_held(damaged->before + damaged->after);
      show_last({});
      throw Error(ErrorKind::incomplete, {.failed = "the answer is incomplete",
                                          .why = "a part of the stored output is not text",
                                          .remedy = "ask again",
                                          .prediction_id = prediction.id.value});
    }
    show_last(text_.finish());
    if (std::exchange(holding_, false) || text().empty()) return;
    if (!damaged || !repairs(*damaged)) throw differs(prediction.id);
    take_text_for(prediction);
    return;
  }
  if (holding_) show_held(text());
  const std::string& whole = prediction.output.text();
  const bool lags = text().starts_with(whole);  // deleted, or not stored yet
  const bool same = text_.agrees_with(whole) || with_lf_only(whole) == with_lf_only(text());
  show_last(text_.finish());
  if (lacks) {
    const bool has_nothing = text().empty();
    throw Error(ErrorKind::incomplete,
                {.failed = has_nothing ? "the answer is missing" : "the answer may be incomplete",
                 .why = has_nothing ? "the stream broke before it brought any, and none is stored"
                                    : "the stored output has less than was received before",
                 .remedy = "ask again",
                 .prediction_id = prediction.id.value});
  }
  if (lags && whole.size() < text().size()) {
    take_text_for(prediction);
  } else if (!same) {
    throw differs(prediction.id);
  }
}

Error ShownOutput::differs(const PredictionId& id) {
  sink_.flush();
  return {ErrorKind::incomplete,
          {.failed = "the answer is incomplete",
           .why = "the stored output differs from what was received before",
           .remedy = "ask again with --no-stream",
           .prediction_id = id.value}};
}

}  // namespace rellama::replicate
