#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::batch {

/// One record of a CSV file (RFC 4180), built from the lines it spans: a quoted field may contain
/// line ends, the separator, and `""` for a quote.
class CsvRecord {
 public:
  explicit CsvRecord(char separator) : separator_(separator) {}

  /// Starts over.
  void clear();
  /// Adds the next line. Returns whether the record is complete; otherwise a quote is open.
  bool add(std::string_view line);
  /// Keeps none of its fields from now on: it is too long.
  void drop();
  /// The line that was added last goes on, with so many quotes. Returns as `add` does.
  bool skip(std::size_t quotes);

  [[nodiscard]] const std::vector<std::string>& fields() const noexcept { return fields_; }
  /// What is wrong with it; empty if nothing is.
  [[nodiscard]] const std::string& malformed() const noexcept { return malformed_; }
  /// The bytes in its fields.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  // Where in a field the next character is.
  enum class State { start, plain, quoted, after_quote };

  void take(char c);

  char separator_;
  std::vector<std::string> fields_;
  State state_ = State::start;
  bool open_ = false;
  bool keeps_ = true;
  std::size_t size_ = 0;
  std::string malformed_;
};

}  // namespace rellama::batch
