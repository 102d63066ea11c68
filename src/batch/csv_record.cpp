#include "batch/csv_record.hpp"

namespace rellama::batch {

void CsvRecord::clear() {
  fields_.assign(1, {});
  state_ = State::start;
  open_ = false;
  size_ = 0;
  malformed_.clear();
}

bool CsvRecord::add(std::string_view line) {
  if (open_) {
    fields_.back() += '\n';
    ++size_;
  }
  for (const char c : line) take(c);
  size_ += line.size();
  open_ = state_ == State::quoted;
  return !open_;
}

void CsvRecord::take(char c) {
  std::string& field = fields_.back();
  if (state_ == State::quoted) {
    if (c == '"') {
      state_ = State::after_quote;
    } else {
      field += c;
    }
    return;
  }
  if (c == separator_) {
    fields_.emplace_back();
    state_ = State::start;
    return;
  }
  if (c == '"' && state_ == State::start) {
    state_ = State::quoted;
    return;
  }
  if (c == '"' && state_ == State::after_quote) {
    field += c;
    state_ = State::quoted;
    return;
  }
  if (state_ == State::after_quote && malformed_.empty()) {
    malformed_ = "there is text after the closing quote of a field";
  }
  if (state_ == State::start) state_ = State::plain;
  field += c;
}

}  // namespace rellama::batch
