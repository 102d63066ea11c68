#include "emulator/time_text.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace rellama::emulator {
namespace {

/// Removes exactly `digits` digits from the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits || value < 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take_mark(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

std::chrono::microseconds take_fraction(std::string_view& text) {
  std::chrono::microseconds::rep value = 0;
  std::chrono::microseconds::rep weight = 100'000;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    value += weight * (text.front() - '0');
    weight /= 10;
    text.remove_prefix(1);
  }
  return std::chrono::microseconds(value);
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (text.empty() || take_mark(text, 'Z')) return std::chrono::minutes(0);
  // An unescaped '+' arrives as a space.
  const bool ahead = text.starts_with('+') || text.starts_with(' ');
  if (!ahead && !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2);
  take_mark(text, ':');
  const auto minutes = take_number(text, 2);
  if (!hours || !minutes) return std::nullopt;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return ahead ? offset : -offset;
}

}  // namespace

std::string time_text(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string http_date(WallTime time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), size};
}

std::optional<WallTime> parse_time(std::string_view text) {
  const auto year = take_number(text, 4);
  const bool dash = take_mark(text, '-');
  const auto month = take_number(text, 2);
  const bool second_dash = take_mark(text, '-');
  const auto day = take_number(text, 2);
  if (!year || !dash || !month || !second_dash || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  WallTime time = std::chrono::sys_days(date);
  if (text.empty()) return time;

  if (!take_mark(text, 'T') && !take_mark(text, ' ')) return std::nullopt;
  const auto hours = take_number(text, 2);
  const bool colon = take_mark(text, ':');
  const auto minutes = take_number(text, 2);
  if (!hours || !colon || !minutes) return std::nullopt;
  time += std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  if (take_mark(text, ':')) {
    const auto seconds = take_number(text, 2);
    if (!seconds) return std::nullopt;
    time += std::chrono::seconds(*seconds);
    if (take_mark(text, '.')) time += take_fraction(text);
  }
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return time - *offset;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::chrono::seconds total(0);
  while (!text.empty()) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value < 0 || value > 1'000'000) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty() || take_mark(text, 's')) {
      total += std::chrono::seconds(value);
    } else if (take_mark(text, 'm')) {
      total += std::chrono::minutes(value);
    } else if (take_mark(text, 'h')) {
      total += std::chrono::hours(value);
    } else {
      return std::nullopt;
    }
  }
  return total;
}

}  // namespace rellama::emulator
