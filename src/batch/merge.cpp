#include "batch/merge.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "batch/input_file.hpp"
#include "batch/journal.hpp"
#include "batch/line_reader.hpp"
#include "batch/record.hpp"
#include "batch/shard.hpp"
#include "rellama/error.hpp"

namespace rellama::batch {
namespace {

// A result in one of the files.
struct Place {
  std::size_t row;
  std::size_t file;
  LinePlace at;
};

Error not_a_result(const std::string& name, std::size_t line, std::string why) {
  return Error(ErrorKind::invalid_input,
               {.failed = "cannot merge " + name,
                .why = "line " + std::to_string(line) + " " + std::move(why),
                .remedy = "merge files that rellama batch has written"});
}

// Rows are numbered from 1.
std::optional<std::size_t> as_row(std::size_t number) {
  constexpr std::size_t kMostRows = std::size_t{1} << 40;
  return number > 0 && number < kMostRows ? std::optional(number) : std::nullopt;
}

// The row of a result: its `row`, or what is in the `id` of OpenAI's format.
std::optional<std::size_t> row_of(const std::string& line) {
  const Json result = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!result.is_object()) return std::nullopt;
  if (const auto row = result.find("row"); row != result.end() && row->is_number_unsigned()) {
    return as_row(row->get<std::size_t>());
  }
  constexpr std::string_view kPrefix = "batch_req_";
  const auto id = result.find("id");
  if (id == result.end() || !id->is_string()) return std::nullopt;
  const auto text = id->get<std::string>();
  std::size_t row = 0;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + kPrefix.size(), end, row);
  return error == std::errc{} && rest == end ? as_row(row) : std::nullopt;
}

// How many rows the batch that has written a file has, if its journal is still there.
std::size_t planned_rows(const std::filesystem::path& file) {
  const std::filesystem::path journal = file.string() + ".journal";
  try {
    if (!std::filesystem::exists(journal)) return 0;
    return static_cast<std::size_t>(Journal(journal, Journal::Open::existing).totals().rows);
  } catch (const std::exception&) {
    return 0;
  }
}

// The shards that are not among files named like `answers.3-of-8.jsonl`.
std::string find_missing_shards(const std::vector<std::filesystem::path>& files) {
  std::set<std::string> given;
  std::size_t count = 0;
  for (const auto& file : files) {
    const std::string stem = file.stem().string();
    const auto shard = find_shard_named(stem.substr(stem.rfind('.') + 1));
    if (!shard) return {};
    count = shard->count;
    given.insert(shard->name());
  }
  std::string missing;
  constexpr std::size_t kMostShards = 10'000;
  for (std::size_t number = 1; number <= std::min(count, kMostShards); ++number) {
    const std::string name = Shard{.number = number, .count = count}.name();
    if (!given.contains(name)) missing += (missing.empty() ? "" : ", ") + name;
  }
  return missing;
}

}  // namespace

Merged merge_results(const std::vector<std::filesystem::path>& files, terminal::OutputStream& out) {
  std::vector<InputFile> inputs;
  std::vector<LineReader> readers;
  std::vector<Place> places;
  std::size_t planned_more = 0;
  Line line;
  for (const auto& path : files) {
    auto input = open_regular_input(path);
    if (!input) throw not_a_result(path.string(), 1, "cannot be read: it is not a regular file");
    inputs.push_back(*std::move(input));
    LineReader& reader = readers.emplace_back(inputs.back().file.get(), path.string(),
                                              std::numeric_limits<std::size_t>::max());
    const std::size_t before = places.size();
    while (reader.next(line)) {
      if (line.text.empty()) continue;
      const auto row = row_of(line.text);
      if (!row) throw not_a_result(path.string(), line.place.line + 1, "is not a result");
      places.push_back({*row, inputs.size() - 1, line.place});
    }
    const std::size_t planned = planned_rows(path);
    planned_more += planned - std::min(planned, places.size() - before);
  }
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.row < b.row; });
  const auto same = std::adjacent_find(
      places.begin(), places.end(), [](const Place& a, const Place& b) { return a.row == b.row; });
  if (same != places.end()) {
    const auto& other = *(same + 1);
    throw not_a_result(inputs[other.file].name, other.at.line + 1,
                       "has row " + std::to_string(same->row) + ", which is also in line " +
                           std::to_string(same->at.line + 1) + " of " + inputs[same->file].name);
  }
  for (const Place& place : places) {
    readers[place.file].seek(place.at);
    if (readers[place.file].next(line)) out.print(line.text + "\n");
  }
  const std::size_t last = places.empty() ? 0 : places.back().row;
  return {.rows = places.size(),
          .missing = std::max(last - places.size(), planned_more),
          .missing_shards = find_missing_shards(files)};
}

}  // namespace rellama::batch
