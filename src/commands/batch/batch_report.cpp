#include "commands/batch/batch_report.hpp"

#include <limits>

#include "rellama/error.hpp"
#include "terminal/visible_text.hpp"
#include "wire/counted.hpp"

namespace rellama::program {
namespace {

std::int64_t rows_to_send(const batch::Totals& totals) {
  return totals.unsent() + totals.unclear;
}

Error over_limit(std::string failed, std::string why, std::string option) {
  return Error(ErrorKind::invalid_input, {.failed = std::move(failed),
                                          .why = std::move(why),
                                          .remedy = "send fewer rows, or raise " + option});
}

double most_cost(const batch::Plan& plan, const std::string& option) {
  if (plan.most_cost) return *plan.most_cost;
  throw Error(ErrorKind::invalid_input,
              {.failed = "cannot tell what the batch can cost for " + option,
               .why = "there is no price, or no limit to the time",
               .remedy = "set --price IN/OUT, or --price X/s with --cancel-after"});
}

Error too_dear(double cost, const std::string& besides, double most, const std::string& option) {
  return over_limit("the batch can cost " + batch::render_dollars(cost) + besides,
                    option + " allows " + batch::render_dollars(most), option);
}

void check_cost(const batch::Plan& plan, double most) {
  const std::string option = "--max-cost";
  const double cost = most_cost(plan, option);
  if (cost > most) throw too_dear(cost, "", most, option);
}

void reserve_cost(const batch::Plan& plan, std::optional<double> most, batch::DayLedger& day) {
  const std::string option = "--max-cost-per-day";
  if (!most && !plan.most_cost) return;
  const double cost = most_cost(plan, option);
  const double limit = most.value_or(std::numeric_limits<double>::infinity());
  const auto others = day.reserve(cost, limit);
  if (!others) return;
  std::string besides;
  if (others->spent > 0)
    besides += ", " + batch::render_dollars(others->spent) + " were spent today";
  if (others->reserved > 0) {
    besides +=
        ", other batches that have not ended can cost " + batch::render_dollars(others->reserved);
  }
  throw too_dear(cost, besides, limit, option);
}

}  // namespace

std::string render_plan(const batch::Plan& plan, const batch::Totals& totals,
                        const BatchOptions& options) {
  std::string line = "rellama: " + wire::counted(plan.rows, "row");
  const auto ended = totals.answered + totals.failed;
  if (ended > 0) line += ", " + std::to_string(ended) + " done";
  if (const auto begun = totals.running + totals.unclear; begun > 0) {
    line += ", " + std::to_string(begun) + " under way";
  }
  if (plan.blank_lines > 0) {
    line += "; " + wire::counted(plan.blank_lines, "blank line") + " skipped";
  }
  if (plan.unusable > 0) line += "; " + std::to_string(plan.unusable) + " cannot be sent";
  if (plan.most_cost) {
    line += "; the batch costs at most " + batch::render_dollars(*plan.most_cost);
    if (!options.price_date.empty()) {
      line += " (prices of " + terminal::one_line(options.price_date) + ")";
    }
  } else {
    line += options.price.empty() ? "; set --price to see the highest cost"
                                  : "; set --cancel-after to see the highest cost";
  }
  return line + "\n";
}

void check_limits(const batch::Plan& plan, const batch::Totals& totals, const BatchOptions& options,
                  batch::DayLedger* day) {
  const std::int64_t to_send = rows_to_send(totals);
  if (options.max_predictions && to_send > static_cast<std::int64_t>(*options.max_predictions)) {
    throw over_limit("this would start " + wire::counted(to_send, "prediction"),
                     "--max-predictions allows " + std::to_string(*options.max_predictions),
                     "--max-predictions");
  }
  if (options.max_cost) check_cost(plan, *options.max_cost);
  if (day != nullptr) reserve_cost(plan, options.max_cost_per_day, *day);
}

std::string render_summary(const batch::Totals& totals, const std::optional<batch::Price>& price,
                           std::chrono::seconds elapsed) {
  const std::int64_t unsent = totals.rows - totals.answered - totals.failed;
  std::string line = "rellama: " + wire::counted(totals.rows, "row") + " = " +
                     std::to_string(totals.answered) + " answered + " +
                     std::to_string(totals.failed) + " failed + " + std::to_string(unsent) +
                     " unsent";
  if (totals.running > 0) line += " (" + std::to_string(totals.running) + " of them running)";
  line += " · " + batch::render_time(elapsed);
  if (totals.input_tokens + totals.output_tokens > 0) {
    line += " · " + wire::counted(totals.input_tokens, "token") + " in, " +
            std::to_string(totals.output_tokens) + " out";
  }
  if (price) {
    line += " · " + batch::render_dollars(
                        price->cost(totals.input_tokens, totals.output_tokens, totals.seconds));
  }
  return line + "\n";
}

}  // namespace rellama::program
