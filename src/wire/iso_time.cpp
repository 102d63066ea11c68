#include "wire/iso_time.hpp"

#include <charconv>

namespace rellama::wire {
namespace {

using std::chrono::system_clock;

// Takes `digits` decimal digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
  if (error != std::errc{} || end != text.data() + digits || text.front() == '-') {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

// A number of `width` digits followed by `separator`.
std::optional<int> take_part(std::string_view& text, std::size_t width, char separator) {
  const auto number = take_number(text, width);
  return number && take(text, separator) ? number : std::nullopt;
}

std::chrono::nanoseconds take_fraction(std::string_view& text) {
  std::int64_t nanoseconds = 0;
  if (!take(text, '.')) return {};
  for (std::int64_t place = 100'000'000; !text.empty() && text[0] >= '0' && text[0] <= '9';
       place /= 10) {
    nanoseconds += (text[0] - '0') * place;
    text.remove_prefix(1);
  }
  return std::chrono::nanoseconds(nanoseconds);
}

std::string padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

}  // namespace

std::optional<system_clock::time_point> parse_iso_time(std::string_view text) {
  using namespace std::chrono;
  const auto y = take_part(text, 4, '-');
  const auto m = y ? take_part(text, 2, '-') : std::nullopt;
  const auto d = m ? take_part(text, 2, 'T') : std::nullopt;
  const auto hour = d ? take_part(text, 2, ':') : std::nullopt;
  const auto minute = hour ? take_part(text, 2, ':') : std::nullopt;
  const auto second = minute ? take_number(text, 2) : std::nullopt;
  if (!second) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*m)),
                            day(static_cast<unsigned>(*d))};
  const nanoseconds fraction = take_fraction(text);
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60 || text != "Z") return std::nullopt;
  return system_clock::time_point(sys_days(date)) + hours(*hour) + minutes(*minute) +
         seconds(*second) + duration_cast<system_clock::duration>(fraction);
}

std::string render_iso_time(system_clock::time_point time) {
  using namespace std::chrono;
  const auto day_begin = floor<days>(time);
  const year_month_day date(day_begin);
  const hh_mm_ss clock(floor<milliseconds>(time - day_begin));
  return padded(static_cast<int>(date.year()), 4) + "-" +
         padded(static_cast<unsigned>(date.month()), 2) + "-" +
         padded(static_cast<unsigned>(date.day()), 2) + "T" + padded(clock.hours().count(), 2) +
         ":" + padded(clock.minutes().count(), 2) + ":" + padded(clock.seconds().count(), 2) + "." +
         padded(clock.subseconds().count(), 3) + "Z";
}

}  // namespace rellama::wire
