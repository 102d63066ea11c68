#include "replicate/stream_position.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace rellama::replicate {
namespace {

// A text this long that comes a second time, from its first character to its last, is a replay,
// unless it repeats itself.
constexpr std::size_t kSurelyReplay = 64;  // bytes

// Whether at least the second half of a text is the same as what came before it, such as "ha ha".
bool repeats_itself(std::string_view text) {
  // The longest beginning of each prefix that is its end too (Knuth, Morris and Pratt).
  std::vector<std::size_t> border(text.size());
  std::size_t length = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    while (length > 0 && text[i] != text[length]) length = border[length - 1];
    if (text[i] == text[length]) ++length;
    border[i] = length;
  }
  return 2 * length >= text.size();
}

}  // namespace

void StreamPosition::reopen() {
  at_ = last_id_.empty() ? 0 : last_id_end_;  // without an ID the server cannot resume
  may_repeat_ = true;
  is_certain_ = at_ == 0;
  is_suspect_ = false;
  held_.clear();
}

std::optional<std::string_view> StreamPosition::take(std::string_view id, std::string_view data,
                                                     std::string_view known) {
  ++event_count_;
  if (may_repeat_) {
    if (!id.empty()) {
      const auto begin = find_begin(id);
      if (begin) at_ = *begin;
      may_repeat_ = begin.has_value();  // after the first new event, all are new
      is_certain_ = is_certain_ || begin;
    }
    is_suspect_ = !is_certain_;
  }
  return is_suspect_ ? take_suspect(id, data, known) : advance(id, data, known);
}

std::optional<std::string_view> StreamPosition::take_suspect(std::string_view id,
                                                             std::string_view data,
                                                             std::string_view known) {
  held_ += data;
  const std::size_t compared = std::min(held_.size(), known.size());
  if (known.substr(0, compared) == std::string_view(held_).substr(0, compared)) {
    const bool goes_on = held_.size() > known.size();
    const bool went_on = held_.size() - data.size() > known.size();
    if (!goes_on || went_on || known.size() < kSurelyReplay || repeats_itself(known)) {
      return std::string_view();
    }
    at_ = 0;
  }
  is_certain_ = true;  // the stream goes on where it broke, or has started over
  is_suspect_ = false;
  return advance(id, held_, known);
}

bool StreamPosition::holds_too_much() const noexcept {
  constexpr std::size_t kMostHeld = std::size_t{1} << 20;
  return is_suspect_ && held_.size() > kMostHeld;
}

std::optional<std::string_view> StreamPosition::advance(std::string_view id, std::string_view data,
                                                        std::string_view known) {
  const std::size_t begin = std::min(at_, known.size());
  const std::size_t repeated = std::min(data.size(), known.size() - begin);
  if (known.substr(begin, repeated) != data.substr(0, repeated)) return std::nullopt;
  at_ = begin + data.size();
  if (!id.empty()) {
    if (!may_repeat_) remember(id, begin);
    last_id_ = id;
    last_id_end_ = at_;
  }
  return data.substr(repeated);
}

bool StreamPosition::holds_more_than(std::string_view whole) const noexcept {
  return is_suspect_ && !whole.starts_with(held_) && !whole.ends_with(held_) &&
         !whole.substr(std::min(at_, whole.size())).starts_with(held_);
}

void StreamPosition::remember(std::string_view id, std::size_t begin) {
  const Event event{std::hash<std::string_view>{}(id), begin};
  if (remembered_.size() <= kMaxRemembered) {
    remembered_.push_back(event);
  } else {
    remembered_[1 + (remembered_count_ - 1) % kMaxRemembered] = event;
  }
  ++remembered_count_;
}

std::optional<std::size_t> StreamPosition::find_begin(std::string_view id) const {
  const std::size_t hash = std::hash<std::string_view>{}(id);
  const auto found = std::find_if(remembered_.begin(), remembered_.end(),
                                  [hash](const Event& event) { return event.id_hash == hash; });
  if (found == remembered_.end()) return std::nullopt;
  return found->begin;
}

}  // namespace rellama::replicate
