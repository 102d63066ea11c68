#pragma once

#include <string>
#include <vector>

namespace rellama::bench {

/// The median and the spread of several measurements.
struct Spread {
  double median = 0;
  double low = 0;   ///< 10th percentile
  double high = 0;  ///< 90th percentile
};

[[nodiscard]] Spread spread_of(std::vector<double> values);

/// One quantity, for rellama and for each peer.
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

/// All results of one benchmark run.
class Table {
 public:
  /// Adds a row and prints it: one line per peer, with the ratio of the medians.
  void add(Row row);
  /// Adds a note, such as why something is not measured.
  void note(const std::string& text);
  /// Writes all rows and a description of the machine as JSON. Throws std::runtime_error.
  void write_json(const std::string& path) const;

 private:
  std::vector<Row> rows_;
  std::vector<std::string> notes_;
};

}  // namespace rellama::bench
