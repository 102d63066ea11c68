#include "batch/merge.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "batch/input_file.hpp"
#include "batch/line_reader.hpp"
#include "batch/record.hpp"
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

// The row of a result: its `row`, or what is in the `id` of OpenAI's format.
std::optional<std::size_t> row_of(const std::string& line) {
  const Json result = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!result.is_object()) return std::nullopt;
  if (const auto row = result.find("row"); row != result.end() && row->is_number_unsigned()) {
    return row->get<std::size_t>();
  }
  constexpr std::string_view kPrefix = "batch_req_";
  const auto id = result.find("id");
  if (id == result.end() || !id->is_string()) return std::nullopt;
  const auto text = id->get<std::string>();
  std::size_t row = 0;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + kPrefix.size(), end, row);
  return error == std::errc{} && rest == end ? std::optional(row) : std::nullopt;
}

}  // namespace

Merged merge_results(const std::vector<std::filesystem::path>& files, terminal::OutputStream& out) {
  std::vector<InputFile> inputs;
  std::vector<LineReader> readers;
  std::vector<Place> places;
  Line line;
  for (const auto& path : files) {
    auto input = open_regular_input(path);
    if (!input) throw not_a_result(path.string(), 1, "cannot be read: it is not a regular file");
    inputs.push_back(*std::move(input));
    LineReader& reader = readers.emplace_back(inputs.back().file.get(), path.string());
    while (reader.next(line)) {
      if (line.text.empty()) continue;
      const auto row = line.too_long ? std::nullopt : row_of(line.text);
      if (!row) throw not_a_result(path.string(), line.place.line + 1, "is not a result");
      places.push_back({*row, inputs.size() - 1, line.place});
    }
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
  return {.rows = places.size(), .last_row = last, .missing = last - places.size()};
}

}  // namespace rellama::batch
