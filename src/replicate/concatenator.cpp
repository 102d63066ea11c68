#include "rellama/concatenator.hpp"

#include <algorithm>

#include "wire/utf8.hpp"

namespace rellama {

std::string_view Concatenator::append(std::string_view piece) {
  text_ += piece;
  const std::size_t held_back = wire::incomplete_suffix(text_);
  // An incomplete character can start before shown_ only after finish() returned part of it. What
  // was shown stays shown.
  const std::size_t end = std::max(shown_, text_.size() - held_back);
  const std::string_view fresh = std::string_view(text_).substr(shown_, end - shown_);
  shown_ = end;
  return fresh;
}

std::string_view Concatenator::append_cumulative(std::string_view whole) {
  if (!agrees_with(whole)) return {};
  return append(whole.substr(text_.size()));
}

std::string_view Concatenator::finish() {
  const std::string_view rest = std::string_view(text_).substr(shown_);
  shown_ = text_.size();
  return rest;
}

bool Concatenator::agrees_with(std::string_view whole) const noexcept {
  return whole.starts_with(text_);
}

}  // namespace rellama
