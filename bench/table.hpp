#pragma once

#include <string>
#include <vector>

namespace rellama::bench {

/// The middle of several measurements, and how far they spread.
struct Spread {
  double median = 0;
  double low = 0;   ///< the 10th of 100
  double high = 0;  ///< the 90th of 100
};

[[nodiscard]] Spread spread_of(std::vector<double> values);

/// One quantity, of rellama and of each program that does the same work.
struct Row {
  std::string scenario;
  std::string unit;
  Spread rellama;
  struct Peer {
    std::string name;
    Spread spread;
  };
  std::vector<Peer> peers;
};

/// Everything that was measured in one run.
class Table {
 public:
  /// Keeps a row, and prints it: a line for each peer, with the ratio of the medians.
  void add(Row row);
  /// Says why something is not measured.
  void note(const std::string& text);
  /// Writes all rows and what machine this is as JSON. Throws std::runtime_error.
  void write_json(const std::string& path) const;

 private:
  std::vector<Row> rows_;
  std::vector<std::string> notes_;
};

}  // namespace rellama::bench
