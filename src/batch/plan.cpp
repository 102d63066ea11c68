#include "batch/plan.hpp"

#include <unordered_map>
#include <utility>

#include "batch/digest.hpp"
#include "rellama/error.hpp"
#include "wire/counted.hpp"

namespace rellama::batch {
namespace {

constexpr std::size_t kShown = 5;
constexpr std::size_t kRowsBetweenChecks = 1000;

// `row 2 ('a') in line 3`
std::string describe(const Record& record) {
  const std::string id = record.id.empty() ? std::string() : " ('" + record.id + "')";
  return "row " + std::to_string(record.place.row) + id + " in line " +
         std::to_string(record.line());
}

Error same_id(const Record& record, std::size_t line) {
  return Error(ErrorKind::invalid_input,
               {.failed = "lines " + std::to_string(line) + " and " +
                          std::to_string(record.line()) + " have the same ID '" + record.id + "'",
                .why = "nothing was sent",
                .remedy = "give each row its own ID, or none"});
}

Error without_rows() {
  return Error(ErrorKind::invalid_input, {.failed = "the input has no rows",
                                          .remedy = "write one prompt a line, or JSON Lines"});
}

// What is different, for people: the first few, and how many there are.
class Differences {
 public:
  void add(std::string difference) {
    if (count_ < kShown) shown_ += (count_ == 0 ? "" : "; ") + std::move(difference);
    ++count_;
  }

  [[nodiscard]] bool is_empty() const noexcept { return count_ == 0; }

  void refuse() const {
    if (is_empty()) return;
    const std::string more =
        count_ > kShown ? "; and " + std::to_string(count_ - kShown) + " more" : "";
    throw Error(ErrorKind::invalid_input,
                {.failed = "the input has changed since the batch began",
                 .why = shown_ + more,
                 .remedy = "put it back, or start another batch with its own output"});
  }

 private:
  std::size_t count_ = 0;
  std::string shown_;
};

}  // namespace

Plan Planner::read(const Add& add) {
  if (checks_.price) plan_.most_cost = 0;
  Record record;
  while (reader_.next(record)) {
    if (record.place.row % kRowsBetweenChecks == 0) checks_.stop.throw_if_stopped();
    if (!shard_.has(record)) continue;
    ++plan_.rows;
    left_out_ = false;
    if (const auto line = add(record)) throw same_id(record, *line);
    if (!left_out_ && (checks_.price || checks_.validate)) check(record);
  }
  if (plan_.rows == 0 && shard_.count == 1) throw without_rows();
  plan_.blank_lines = reader_.blank_lines();
  return plan_;
}

void Planner::check(const Record& record) {
  try {
    const GenerateRequest request = make_request(checks_.defaults, record);
    if (checks_.validate) check_generate(request);
    if (plan_.most_cost) {
      const auto most = checks_.price->most(request);
      plan_.most_cost = most ? std::optional(*plan_.most_cost + *most) : std::nullopt;
    }
  } catch (const Error& error) {
    if (plan_.unusable++ < kShown) {
      plan_.first_unusable.push_back("line " + std::to_string(record.line()) + ": " + error.what());
    }
  }
}

Plan plan_batch(RecordReader& reader, const Shard& shard, const PlanChecks& checks,
                Journal& journal) {
  Plan plan = Planner(reader, shard, checks).read([&](const Record& record) {
    const auto same = journal.add(record);
    return same ? std::optional(same->place.at.line + 1) : std::nullopt;
  });
  journal.commit();
  return plan;
}

Plan plan_only(RecordReader& reader, const Shard& shard, const PlanChecks& checks) {
  std::unordered_map<std::uint64_t, std::size_t> lines;  // by digest of the ID
  return Planner(reader, shard, checks)
      .read([&lines](const Record& record) -> std::optional<std::size_t> {
        if (record.id.empty()) return std::nullopt;
        const auto [known, is_new] = lines.emplace(Digest().add(record.id).value(), record.line());
        return is_new ? std::nullopt : std::optional(known->second);
      });
}

Plan compare_with_journal(RecordReader& reader, const Shard& shard, const PlanChecks& checks,
                          Journal& journal) {
  Differences differences;
  std::size_t known = 0;
  std::string moved;  // the first row of which only the place is another
  Planner planner(reader, shard, checks);
  Plan plan = planner.read([&](const Record& record) -> std::optional<std::size_t> {
    const auto row = journal.find(record.place.row);
    if (!row) {
      differences.add(describe(record) + " was added");
      return std::nullopt;
    }
    ++known;
    if (row->state == RowState::answered) planner.leave_out();
    if (row->id != record.id) {
      differences.add(describe(record) + " had " +
                      (row->id.empty() ? "no ID" : "the ID '" + row->id + "'"));
    } else if (row->digest != record.digest) {
      differences.add(describe(record) + " was changed");
    } else if (moved.empty() && row->place.at.offset != record.place.at.offset) {
      moved = describe(record) + " is the same, but " +
              (row->place.at.line == record.place.at.line
                   ? "the line ends or blanks before it were changed"
                   : "was in line " + std::to_string(row->place.at.line + 1));
    }
    return std::nullopt;
  });
  const auto rows = static_cast<std::size_t>(journal.totals().rows);
  if (rows > known) {
    differences.add(rows - known == 1
                        ? "the last row was removed"
                        : "the last " + wire::counted(rows - known, "row") + " were removed");
  }
  if (!moved.empty() && differences.is_empty()) differences.add(std::move(moved));
  differences.refuse();
  return plan;
}

}  // namespace rellama::batch
