#include "batch/csv_record.hpp"

namespace rellama::batch {

void CsvRecord::clear() {
  fields_.assign(1, {});
  state_ = State::start;
  open_ = false;
  keeps_ = true;
  size_ = 0;
  malformed_.clear();
}

bool CsvRecord::add(std::string_view line) {
  if (open_ && keeps_) {
    fields_.back() += '\n';
    ++size_;
  }
  for (const char c : line) take(c);
  size_ += line.size();
  open_ = state_ == State::quoted;
  return !open_;
}

void CsvRecord::drop() {
  keeps_ = false;
  fields_.assign(1, {});
}

// A quote opens or closes a field, and a quote within one is doubled.
bool CsvRecord::skip(std::size_t quotes) {
  const bool was_open = state_ == State::quoted;
  const bool is_open = was_open != (quotes % 2 == 1);
  state_ = is_open ? State::quoted : State::plain;
  open_ = is_open;
  return !open_;
}

void CsvRecord::take(char c) {
  std::string& field = fields_.back();
  if (state_ == State::quoted) {
    if (c == '"') {
      state_ = State::after_quote;
    } else if (keeps_) {
      field += c;
    }
    return;
  }
  if (c == separator_) {
    if (keeps_) fields_.emplace_back();
    state_ = State::start;
    return;
  }
  if (c == '"' && state_ == State::start) {
    state_ = State::quoted;
    return;
  }
  if (c == '"' && state_ == State::after_quote) {
    if (keeps_) field += c;
    state_ = State::quoted;
    return;
  }
  if (state_ == State::after_quote && malformed_.empty()) {
    malformed_ = "there is text after the closing quote of a field";
  }
  if (state_ == State::start) state_ = State::plain;
  if (keeps_) field += c;
}

}  // namespace rellama::batch
