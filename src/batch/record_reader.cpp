#include "batch/record_reader.hpp"

#include <algorithm>
#include <utility>

#include "batch/digest.hpp"
#include "prompt/checks.hpp"
#include "rellama/error.hpp"
#include "wire/counted.hpp"
#include "wire/json_document.hpp"
#include "wire/utf8.hpp"

namespace rellama::batch {
namespace {

// So many rows may be malformed before one shows the format.
constexpr std::size_t kLooked = 10;

constexpr const char* kTooLong = "it is longer than 4 MiB";

char separator_of(Format format) {
  return format == Format::tsv ? '\t' : ',';
}

bool is_csv(Format format) {
  return format == Format::csv || format == Format::tsv;
}

// Why text cannot be part of a prompt; empty if it can.
std::string describe_unusable_text(std::string_view text) {
  if (const auto at = wire::find_invalid_utf8(text)) {
    return "it is not UTF-8 (byte " + std::to_string(*at + 1) + ")";
  }
  if (text.find('\0') != std::string_view::npos) return "it has a NUL character";
  return {};
}

Json parse_object(const std::string& text, std::string& malformed) {
  try {
    Json value = wire::parse_document(text, "the line");
    if (value.is_string()) return Json{{"prompt", std::move(value)}};
    if (value.is_object()) return value;
    malformed = "it is JSON, but neither an object nor a string";
  } catch (const Error& error) {
    malformed = error.parts().why.empty() ? error.what() : error.parts().why;
  }
  return Json::object();
}

void take_id(Record& record, const char* key) {
  const auto found = record.fields.find(key);
  if (found == record.fields.end() || found->is_null()) return;
  if (found->is_string()) {
    record.id = found->get<std::string>();
    if (record.id.find('\0') == std::string::npos) return;
    record.id.clear();
    record.malformed = std::string("'") + key + "' has a NUL character";
  } else if (found->is_number_integer()) {
    record.id = found->dump();
  } else {
    record.malformed = std::string("'") + key + "' is neither a string nor a whole number";
  }
}

void take_line(Format format, const Line& line, Record& record) {
  record.digest = Digest().add(line.text).value() ^ line.dropped;
  record.malformed = line.too_long ? kTooLong : describe_unusable_text(line.text);
  if (!record.malformed.empty()) return;
  if (format == Format::lines) {
    record.fields["prompt"] = line.text;
    return;
  }
  record.fields = parse_object(line.text, record.malformed);
  take_id(record, format == Format::openai ? "custom_id" : "id");
}

void begin(Record& record, std::size_t row, const LinePlace& at) {
  record.place = {.row = row, .at = at};
  record.id.clear();
  record.fields = Json::object();
  record.malformed.clear();
}

}  // namespace

std::string_view name_of(Format format) noexcept {
  switch (format) {
    case Format::lines: return "lines";
    case Format::jsonl: return "jsonl";
    case Format::openai: return "openai";
    case Format::csv: return "csv";
    case Format::tsv: return "tsv";
  }
  return {};
}

std::uint64_t identity_of(const Record& record) {
  Digest digest;
  if (!record.id.empty()) return digest.add("id").add(record.id).value();
  return digest.add(std::to_string(record.place.row))
      .add(" ")
      .add(std::to_string(record.digest))
      .value();
}

Format detect_format(std::string_view name, int fd) {
  const auto ends = [name](std::string_view end) { return name.ends_with(end); };
  if (ends(".csv")) return Format::csv;
  if (ends(".tsv")) return Format::tsv;
  if (ends(".txt")) return Format::lines;
  LineReader lines(fd, std::string(name));
  const bool is_json = ends(".jsonl") || ends(".ndjson");
  Line line;
  for (std::size_t left = kLooked; left > 0 && lines.next(line);) {
    if (prompt::is_blank(line.text)) continue;
    if (!is_json && left == kLooked && !line.text.starts_with('{')) return Format::lines;
    --left;
    std::string malformed;
    const Json object = line.too_long ? Json::object() : parse_object(line.text, malformed);
    if (object.contains("custom_id") && object.contains("body")) return Format::openai;
    if (malformed.empty() && !object.empty()) return Format::jsonl;
  }
  return is_json || !line.text.empty() ? Format::jsonl : Format::lines;
}

RecordReader::RecordReader(int fd, const std::string& name, Format format)
    : name_(name), format_(format), lines_(fd, name), csv_(separator_of(format)) {
  if (is_csv(format)) read_header();
}

void RecordReader::read_header() {
  Record header;
  if (!read_csv(header)) return;
  rows_ = 0;
  columns_ = csv_.fields();
  std::string why = describe_unusable_text(line_.text);
  if (why.empty()) why = csv_.malformed();
  for (std::string& column : columns_) {
    const auto begin = column.find_first_not_of(" \t");
    column = begin == std::string::npos
                 ? std::string()
                 : column.substr(begin, column.find_last_not_of(" \t") - begin + 1);
    if (why.empty() && column.empty()) why = "a column has no name";
    if (why.empty() && std::count(columns_.begin(), columns_.end(), column) > 1) {
      why = "two columns are named '" + column + "'";
    }
  }
  if (why.empty()) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "cannot use the header of " + name_,
               .why = why,
               .remedy = "the first line has to name the columns, such as: id,prompt"});
}

// Begins a record at the next line that is not blank.
bool RecordReader::begin_record(Record& record) {
  do {
    if (!lines_.next(line_)) return false;
    if (!prompt::is_blank(line_.text) || line_.too_long) break;
    ++blank_lines_;
  } while (true);
  begin(record, ++rows_, line_.place);
  return true;
}

bool RecordReader::next(Record& record) {
  if (is_csv(format_)) {
    if (!read_csv(record)) return false;
    take_csv(record);
    return true;
  }
  if (!begin_record(record)) return false;
  take_line(format_, line_, record);
  return true;
}

void RecordReader::read_at(const RowPlace& place, Record& record) {
  lines_.seek(place.at);
  rows_ = place.row - 1;
  if (!next(record)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "cannot read " + name_, .why = "it became shorter while it was read"});
  }
}

// Reads the lines of a record.
bool RecordReader::read_csv(Record& record) {
  if (!begin_record(record)) return false;
  csv_.clear();
  Digest digest;
  while (true) {
    digest.add(line_.text).add("\n");
    if (line_.too_long) digest.add(std::to_string(line_.dropped));
    bool is_complete = csv_.add(line_.text);
    if (line_.too_long || csv_.size() > kLongestLine) {
      record.malformed = kTooLong;
      csv_.drop();
    }
    if (line_.too_long) is_complete = csv_.skip(line_.quotes);
    if (is_complete) break;
    if (!lines_.next(line_)) {
      if (!record.malformed.empty()) break;
      record.malformed = "a quote is opened, but not closed before the end of the file";
      break;
    }
  }
  record.digest = digest.value();
  return true;
}

void RecordReader::take_csv(Record& record) {
  const std::vector<std::string>& fields = csv_.fields();
  if (record.malformed.empty()) record.malformed = csv_.malformed();
  if (record.malformed.empty() && fields.size() != columns_.size()) {
    record.malformed = "it has " + wire::counted(fields.size(), "field") + ", and the header has " +
                       std::to_string(columns_.size());
  }
  for (std::size_t i = 0; record.malformed.empty() && i < fields.size(); ++i) {
    record.malformed = describe_unusable_text(fields[i]);
    if (record.malformed.empty()) record.fields[columns_[i]] = fields[i];
  }
  // Also of a row that cannot be used, so that its result can be told from others.
  const auto id = std::find(columns_.begin(), columns_.end(), "id") - columns_.begin();
  const auto index = static_cast<std::size_t>(id);
  if (index < columns_.size() && index < fields.size() &&
      describe_unusable_text(fields[index]).empty()) {
    record.id = fields[index];
  }
}

}  // namespace rellama::batch
