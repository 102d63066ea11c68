#include "batch/day_ledger.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <limits>

namespace rellama::batch {
namespace {

constexpr history::DatabaseWords kLedgerWords{.name = "the record of today's batches",
                                              .remedy = "move it away to start a new one",
                                              .otherwise = "",
                                              .in_use_remedy = "end that program"};

// By the clock on the user's wall.
std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  ::localtime_r(&now, &local);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &local);
  return text.data();
}

}  // namespace

DayLedger::DayLedger(const std::filesystem::path& file,
                     std::optional<std::int64_t> most_predictions)
    : database_(file, history::Database::Open::create, std::chrono::seconds(5), kLedgerWords),
      most_(most_predictions.value_or(std::numeric_limits<std::int64_t>::max())) {
  database_.execute(
      "PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS day (day TEXT PRIMARY KEY, "
      "predictions INTEGER NOT NULL DEFAULT 0, cost REAL NOT NULL DEFAULT 0) WITHOUT ROWID");
}

double DayLedger::cost() {
  history::Statement statement = database_.prepare("SELECT cost FROM day WHERE day = ?");
  const std::string day = today();
  return statement.bind(day).step() ? statement.find_number(0).value_or(0) : 0;
}

bool DayLedger::take() {
  const std::string day = today();
  history::Transaction transaction(database_);
  database_.prepare("INSERT OR IGNORE INTO day (day) VALUES (?)").bind(day).run();
  database_
      .prepare("UPDATE day SET predictions = predictions + 1 WHERE day = ? AND predictions < ?")
      .bind(day, most_)
      .run();
  const bool taken = database_.changes() > 0;
  transaction.commit();
  return taken;
}

void DayLedger::add_cost(double dollars) {
  const std::string day = today();
  history::Transaction transaction(database_);
  database_.prepare("INSERT OR IGNORE INTO day (day) VALUES (?)").bind(day).run();
  database_.prepare("UPDATE day SET cost = cost + ? WHERE day = ?").bind(dollars, day).run();
  transaction.commit();
}

}  // namespace rellama::batch
