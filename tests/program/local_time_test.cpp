// People read and type times of their own time zone; programs read UTC.

#include <regex>
#include <sstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"
#include "wire/iso_time.hpp"

namespace rellama::test {
namespace {

class LocalTime : public ProgramTest {
 protected:
  // In a zone five and a half hours ahead of UTC.
  [[nodiscard]] Outcome there(std::vector<std::string> arguments) const {
    Launch launch = this->launch(std::move(arguments));
    launch.environment["TZ"] = "<+0530>-5:30";
    return run(launch);
  }
  [[nodiscard]] nlohmann::json json_of(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Outcome outcome = there(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out, nullptr, false);
  }

  // A time in JSON, which must be UTC, as it is shown there: 2026-11-23 18:30.
  [[nodiscard]] static std::string shown(const nlohmann::json& utc) {
    const auto time = wire::parse_iso_time(utc.get<std::string>());
    EXPECT_TRUE(time) << utc;
    if (!time) return "?";
    std::string text = wire::render_iso_time(*time + std::chrono::minutes(5 * 60 + 30));
    text.replace(text.find('T'), 1, " ");
    return text.substr(0, std::string("2026-11-23 18:30").size());
  }
};

TEST_F(LocalTime, is_what_the_history_shows) {
  ASSERT_EQ(there({"-m", kEcho, "hello"}).exit_code, 0);
  const nlohmann::json listed = json_of({"history", "list"}).at(0);
  const nlohmann::json turn = json_of({"history", "show", "last"});
  EXPECT_TRUE(holds(there({"history", "list"}).out, shown(listed["updated_at"])));
  EXPECT_TRUE(holds(there({"history", "search", "hello"}).out, shown(turn["asked_at"])));
  EXPECT_TRUE(
      holds(there({"history", "show", "last", "--markdown=never"}).out, shown(turn["asked_at"])));
  EXPECT_TRUE(holds(there({"history", "export", "1"}).out, shown(listed["started_at"])));
  const std::string day = shown(turn["asked_at"]).substr(0, std::string("2026-11-23").size());
  EXPECT_TRUE(holds(there({"history", "usage", "--by", "day"}).out, day));
}

TEST_F(LocalTime, begins_and_ends_the_days_that_are_asked_for) {
  ASSERT_EQ(there({"-m", kEcho, "hello"}).exit_code, 0);
  const std::string when = shown(json_of({"history", "list"}).at(0)["updated_at"]);
  const std::string day = when.substr(0, std::string("2026-11-23").size());
  for (const std::string& since : {day, when, std::string("yesterday")}) {
    EXPECT_EQ(json_of({"history", "list", "--since", since}).size(), 1U) << since;
  }
  EXPECT_TRUE(json_of({"history", "list", "--since", day + "T23:59"}).empty() ||
              when.ends_with("23:59"));
}

TEST_F(LocalTime, is_what_predictions_show) {
  ASSERT_EQ(there({"-m", kEcho, "hello"}).exit_code, 0);
  const nlohmann::json listed = json_of({"predictions", "list"}).at(0);
  const std::string created = shown(listed["created_at"]);
  EXPECT_TRUE(holds(there({"predictions", "list"}).out, created));
  const std::string facts = there({"predictions", "show", listed["id"]}).out;
  EXPECT_TRUE(holds(facts, "created    " + created));
  EXPECT_TRUE(holds(facts, "completed  " + shown(listed["completed_at"])));
}

TEST_F(LocalTime, is_what_batches_show) {
  const std::string rows = file("rows.txt", "hello\n");
  ASSERT_EQ(there({"batch", "-m", kEcho, rows, "-O", (home_ / "out.jsonl").string()}).exit_code, 0);
  const std::string started = shown(json_of({"batch", "list"})["started_at"]);
  EXPECT_TRUE(holds(there({"batch", "list"}).out, started));
}

TEST_F(LocalTime, decides_the_day_of_a_version) {
  const nlohmann::json model = json_of({"models", "show", "meta/llama-2-70b-chat"});
  const nlohmann::json& version = model["versions"].at(0);
  const std::string day = shown(version["created_at"]).substr(0, std::string("2026-11-23").size());
  EXPECT_TRUE(holds(there({"models", "show", "meta/llama-2-70b-chat"}).out,
                    version["id"].get<std::string>() + "  " + day));
}

}  // namespace
}  // namespace rellama::test
