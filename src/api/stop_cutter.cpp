#include "api/stop_cutter.hpp"

#include <algorithm>
#include <utility>

namespace rellama::api {
namespace {

// How many bytes at the end of `text` begin `stop`, but are not all of it.
std::size_t begun_at_end(std::string_view text, std::string_view stop) {
  for (std::size_t size = std::min(text.size(), stop.size() - 1); size > 0; --size) {
    if (text.ends_with(stop.substr(0, size))) return size;
  }
  return 0;
}

}  // namespace

std::string StopCutter::append(std::string_view text) {
  if (found_) return {};
  if (stops_.empty()) return std::string(text);
  held_ += text;
  std::size_t begun = held_.size();
  for (const std::string& stop : stops_) {
    begun = std::min(begun, held_.size() - begun_at_end(held_, stop));
  }
  // Another one may have begun before the first that is complete.
  if (const auto at = find_first(); at <= begun) return cut(at);
  std::string shown = held_.substr(0, std::min(begun, find_first()));
  held_.erase(0, shown.size());
  return shown;
}

std::string StopCutter::finish() {
  if (const auto at = find_first(); at != std::string::npos) return cut(at);
  return std::exchange(held_, {});
}

std::size_t StopCutter::find_first() const {
  std::size_t first = std::string::npos;
  for (const std::string& stop : stops_) first = std::min(first, held_.find(stop));
  return first;
}

std::string StopCutter::cut(std::size_t at) {
  const std::string_view rest = std::string_view(held_).substr(at);
  found_ = *std::find_if(stops_.begin(), stops_.end(),
                         [rest](const std::string& stop) { return rest.starts_with(stop); });
  std::string shown = held_.substr(0, at);
  held_.clear();
  return shown;
}

}  // namespace rellama::api
