#include "options/local_time.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <optional>
#include <string_view>
#include <system_error>

#include "rellama/error.hpp"
#include "settings/duration.hpp"
#include "wire/iso_time.hpp"

namespace rellama::program {
namespace {

constexpr history::Time kMillisecondsPerSecond = 1000;

// Removes a number of exactly `digits` digits from the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
  if (error != std::errc{} || end != text.data() + digits || number < 0) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<history::Time> local_time(int year, int month, int day, int hour, int minute) {
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_hour = hour;
  parts.tm_min = minute;
  parts.tm_isdst = -1;
  const std::time_t time = std::mktime(&parts);
  // mktime turns 2026-02-31 into a day in March.
  const bool exists = time != std::time_t{-1} && parts.tm_mon == month - 1 && parts.tm_mday == day;
  if (!exists || hour > 23 || minute > 59) return std::nullopt;
  return static_cast<history::Time>(time) * kMillisecondsPerSecond;
}

std::optional<history::Time> parse_date(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  if (text.empty()) return local_time(*year, *month, *day, 0, 0);
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !text.empty()) return std::nullopt;
  return local_time(*year, *month, *day, *hour, *minute);
}

// The beginning of today or yesterday, in the local time zone.
std::optional<history::Time> parse_day(std::string_view text, history::Time now) {
  if (text != "today" && text != "yesterday") return std::nullopt;
  const auto seconds = static_cast<std::time_t>(now / kMillisecondsPerSecond);
  std::tm parts{};
  if (localtime_r(&seconds, &parts) == nullptr) return std::nullopt;
  if (text == "yesterday") --parts.tm_mday;
  parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
  parts.tm_isdst = -1;
  return static_cast<history::Time>(std::mktime(&parts)) * kMillisecondsPerSecond;
}

std::optional<history::Time> parse_age(const std::string& text) {
  constexpr int kMostDays = 36'500;
  constexpr history::Time kDay = 24LL * 60 * 60 * kMillisecondsPerSecond;
  if (text.ends_with('d')) {
    int days = 0;
    const char* end = text.data() + text.size() - 1;
    const auto [read, error] = std::from_chars(text.data(), end, days);
    if (error != std::errc{} || read != end || days < 0 || days > kMostDays) return std::nullopt;
    return days * kDay;
  }
  // "2026" is a year, not seconds.
  if (text.find_first_not_of("0123456789.") == std::string::npos) return std::nullopt;
  try {
    using std::chrono::milliseconds;
    return std::chrono::duration_cast<milliseconds>(settings::parse_duration(text)).count();
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

history::Time parse_time_filter(const std::string& text, history::Time now) {
  if (const auto day = parse_day(text, now)) return *day;
  if (const auto date = parse_date(text)) return *date;
  if (const auto age = parse_age(text)) return now - *age;
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + text + "' is not a date or an age",
               .remedy = "use 2026-11-23, 2026-11-23T18:30, yesterday, 7d or 12h"});
}

std::string render_local_time(history::Time time) {
  const auto seconds = static_cast<std::time_t>(time / kMillisecondsPerSecond);
  std::tm parts{};
  std::array<char, 32> text{};
  if (localtime_r(&seconds, &parts) == nullptr) return "?";
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &parts)};
}

std::string render_local_time(const std::string& iso) {
  const auto time = wire::parse_iso_time(iso);
  if (!time) return iso;
  using namespace std::chrono;
  return render_local_time(duration_cast<milliseconds>(time->time_since_epoch()).count());
}

std::string render_local_day(const std::string& iso) {
  constexpr std::size_t kDaySize = std::string_view("2026-11-23").size();
  return render_local_time(iso).substr(0, kDaySize);
}

}  // namespace rellama::program
