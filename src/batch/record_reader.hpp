#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "batch/csv_record.hpp"
#include "batch/line_reader.hpp"
#include "batch/record.hpp"

namespace rellama::batch {

/// The format of a file, from the ending of its name, or else from its first line.
[[nodiscard]] Format detect_format(std::string_view name, int fd);

/// Reads the rows of a file in constant memory. Blank lines are no rows.
class RecordReader {
 public:
  /// `fd` must outlive this and be of a regular file. Throws Error (invalid_input) for UTF-16 and
  /// for a CSV header that cannot be used.
  RecordReader(int fd, const std::string& name, Format format);

  /// Reads the next row. False at the end. A malformed row is a row.
  bool next(Record& record);

  /// Reads the row at a place.
  void read_at(const RowPlace& place, Record& record);

  [[nodiscard]] Format format() const noexcept { return format_; }
  /// The names in the header of CSV.
  [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }
  /// How many blank lines were skipped.
  [[nodiscard]] std::size_t blank_lines() const noexcept { return blank_lines_; }

 private:
  void read_header();
  bool begin_record(Record& record);
  bool read_csv(Record& record);
  void take_csv(Record& record);

  std::string name_;
  Format format_;
  LineReader lines_;
  Line line_;
  CsvRecord csv_;
  std::vector<std::string> columns_;
  std::size_t rows_ = 0;
  std::size_t blank_lines_ = 0;
};

}  // namespace rellama::batch
