// Searches for what an earlier process has started share their lists of predictions.

#include "replicate/shared_listings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "replicate/create.hpp"
#include "replicate/fixture.hpp"
#include "support/scripted_api.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::replicate {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;
using test::ScriptedAnswer;
using test::ScriptedApi;
using test::ScriptedRequest;
using test::ScriptedTasks;

const ModelName kListedModel{"meta", "llama-2-70b-chat"};

class SearchesAfterRestart : public testing::Test {
 protected:
  static Input prompt(int row) { return {{"prompt", "prompt " + std::to_string(row)}}; }

  // Another process has sent this row, and the server has received it.
  void sent_earlier(int row) {
    const auto prepared = prepare_create({}, kListedModel, prompt(row));
    server_.answer({.request = {.method = "POST", .url = prepared.url, .body = prepared.body},
                    .number = 0,
                    .at = tasks_.now()});
  }
  void create(int row, std::optional<system_clock::time_point> sent_before) {
    creates_.push_back(
        std::make_unique<Create>(api_, kListedModel, prompt(row), CreateOptions{}, sent_before));
    tasks_.start(*creates_.back());
  }
  [[nodiscard]] std::ptrdiff_t lists() const {
    const auto lines = tasks_.lines();
    return std::count_if(lines.begin(), lines.end(),
                         [](const std::string& line) { return line.starts_with("GET "); });
  }
  // The kind of the error of a create; empty if it has a prediction.
  [[nodiscard]] std::string error(std::size_t number) const {
    const auto error = tasks_.error_of(*creates_.at(number));
    return error ? std::string(traits(error->kind()).name) : "";
  }
  [[nodiscard]] std::string prediction(std::size_t number) const {
    return creates_.at(number)->take().id.value;
  }

  ScriptedAnswer serve(const ScriptedRequest& request) {
    const bool is_create = request.request.method == "POST";
    if (!is_create && !can_list_) return test::answer(404, "{}");
    ScriptedAnswer answer = server_.answer(request);
    answer.after = milliseconds(10);
    return is_create && loses_ ? answer.without_head(ScriptedAnswer::End::broken) : answer;
  }

  // The server's clock goes by the virtual time, which runs ahead of this one.
  const system_clock::time_point sent_ = system_clock::now() - std::chrono::seconds(30);
  Api api_{ApiToken(test::kToken), {}};
  ScriptedApi server_;
  ScriptedTasks tasks_{[this](const ScriptedRequest& request) { return serve(request); }};
  bool can_list_ = true;
  bool loses_ = false;
  std::vector<std::unique_ptr<Create>> creates_;
};

TEST_F(SearchesAfterRestart, of_many_rows_list_the_predictions_three_times_in_all) {
  constexpr int kUnclear = 40;
  for (const int row : {0, 7, 39}) sent_earlier(row);
  for (int row = 0; row < kUnclear; ++row) create(row, sent_);
  tasks_.run();
  EXPECT_EQ(lists(), 3);
  EXPECT_EQ(prediction(7), "p2");
  EXPECT_EQ(server_.created().size(), kUnclear) << "none was started twice";
  std::set<std::string> found;
  for (std::size_t row = 0; row < kUnclear; ++row) found.insert(prediction(row));
  EXPECT_EQ(found.size(), kUnclear);

  for (int row = kUnclear; row < 2 * kUnclear; ++row) create(row, sent_);
  tasks_.run();
  EXPECT_EQ(lists(), 3) << "nothing else of that process can show up";
  EXPECT_EQ(server_.created().size(), 2 * kUnclear);
}

TEST_F(SearchesAfterRestart, look_at_a_new_list_for_what_this_process_has_lost) {
  create(0, sent_);
  tasks_.run();
  can_list_ = false;
  loses_ = true;
  create(1, {});
  tasks_.run();
  EXPECT_EQ(error(1), "may_have_started");
  can_list_ = true;
  loses_ = false;
  create(1, sent_);
  creates_[1].reset();  // its run has ended
  tasks_.run();
  EXPECT_EQ(error(2), "");
  EXPECT_EQ(prediction(2), "p2");
  EXPECT_EQ(server_.created().size(), 2U) << "it was not sent again";
}

TEST_F(SearchesAfterRestart, fail_together_if_the_predictions_cannot_be_listed) {
  can_list_ = false;
  for (int row = 0; row < 40; ++row) create(row, sent_);
  tasks_.run();
  EXPECT_EQ(lists(), 1);
  for (std::size_t row = 0; row < 40; ++row) EXPECT_EQ(error(row), "may_have_started");
  EXPECT_TRUE(server_.created().empty());
}

}  // namespace
}  // namespace rellama::replicate
