#include "table.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <utility>

namespace rellama::bench {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Spread& spread) {
  return {{"median", spread.median}, {"p10", spread.low}, {"p90", spread.high}};
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&values](std::size_t percent) {
    return values[(values.size() - 1) * percent / 100];
  };
  return {.median = at(50), .low = at(10), .high = at(90)};
}

void Table::add(Row row) {
  if (rows_.empty()) {
    std::printf("%-38s %-6s %9s %17s  %-22s %9s %17s %7s\n", "", "", "rellama", "p10 to p90",
                "compared with", "", "p10 to p90", "ratio");
  }
  const char* scenario = row.scenario.c_str();
  const char* unit = row.unit.c_str();
  for (const Row::Peer& peer : row.peers) {
    std::printf("%-38s %-6s %9.2f %8.2f %8.2f  %-22s %9.2f %8.2f %8.2f %7.2f\n", scenario, unit,
                row.rellama.median, row.rellama.low, row.rellama.high, peer.name.c_str(),
                peer.spread.median, peer.spread.low, peer.spread.high,
                row.rellama.median / peer.spread.median);
    scenario = "";
  }
  if (row.peers.empty()) {
    std::printf("%-38s %-6s %9.2f %8.2f %8.2f\n", scenario, unit, row.rellama.median,
                row.rellama.low, row.rellama.high);
  }
  std::fflush(stdout);
  rows_.push_back(std::move(row));
}

void Table::note(const std::string& text) {
  std::printf("note: %s\n", text.c_str());
  notes_.push_back(text);
}

void Table::write_json(const std::string& path) const {
  utsname system{};
  ::uname(&system);
  Json rows = Json::array();
  for (const Row& row : rows_) {
    Json peers = Json::array();
    for (const Row::Peer& peer : row.peers) {
      Json one = to_json(peer.spread);
      one["name"] = peer.name;
      one["ratio"] = row.rellama.median / peer.spread.median;
      peers.push_back(std::move(one));
    }
    rows.push_back({{"scenario", row.scenario},
                    {"unit", row.unit},
                    {"rellama", to_json(row.rellama)},
                    {"peers", std::move(peers)}});
  }
  const Json all = {{"machine",
                     {{"system", system.sysname},
                      {"architecture", system.machine},
                      {"cores", std::thread::hardware_concurrency()}}},
                    {"notes", notes_},
                    {"rows", std::move(rows)}};
  std::ofstream file(path);
  file << all.dump(2) << '\n';
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace rellama::bench
