// Rows that an earlier process has begun: generate_many picks them up.

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "emulator/emulator.hpp"
#include "rellama/generate_many.hpp"

namespace rellama {
namespace {

using std::chrono::system_clock;

// Rows as the test made them, and how they ended.
class ResumedRows : public testing::Test, public RequestSource, public RowSink {
 protected:
  void start(const std::vector<std::string>& faults = {}) {
    emulator::EmulatorOptions options;
    options.faults = faults;
    emulator_ = std::make_unique<emulator::Emulator>(options);
    emulator_->start();
    ClientOptions client;
    client.base_url = emulator_->base_url();
    client.backoff = std::chrono::milliseconds(5);
    client.is_known = [this](const PredictionId& id) { return id.value == known_; };
    client_ = std::make_unique<Client>(ApiToken("r8_test"), client);
  }

  [[nodiscard]] static GenerateRequest request(const std::string& prompt) {
    GenerateRequest request;
    request.model = ModelName{"rellama-demo", "echo"};
    request.prompt = prompt;
    return request;
  }
  /// Starts a prediction as an earlier process would have.
  Prediction submit_earlier(const std::string& prompt) const {
    ClientOptions options;
    options.base_url = emulator_->base_url();
    Client other(ApiToken("r8_test"), options);
    return submit(other, request(prompt));
  }
  void run() { generate_many(*client_, *this, *this, 8); }
  [[nodiscard]] std::size_t creates() const {
    std::size_t count = 0;
    for (const auto& sent : emulator_->requests()) {
      if (sent.method == "POST" && sent.path.ends_with("/predictions")) ++count;
    }
    return count;
  }
  [[nodiscard]] std::string id_of(std::size_t row) const {
    return ends_.at(row).prediction.id.value;
  }

  Supply next(RowRequest& row) override {
    if (at_ == rows_.size()) return Supply::end;
    row = rows_[at_++];
    return Supply::request;
  }
  [[nodiscard]] std::optional<ErrorKind> stops_sending() const override {
    if (!stops_after_a_create_ || creates() == 0) return std::nullopt;
    return ErrorKind::terminated;
  }
  void output(std::size_t /*row*/, std::string_view /*text*/) override {}
  void ended(std::size_t row, RowEnd end) override { ends_.emplace(row, std::move(end)); }

  std::unique_ptr<emulator::Emulator> emulator_;
  std::unique_ptr<Client> client_;
  std::vector<RowRequest> rows_;
  std::size_t at_ = 0;
  std::map<std::size_t, RowEnd> ends_;
  std::string known_;
  bool stops_after_a_create_ = false;
};

TEST_F(ResumedRows, a_prediction_that_was_started_is_followed_and_none_is_created) {
  start();
  const Prediction earlier = submit_earlier("one");
  rows_.push_back({.request = request("one"), .stop = {}, .started = earlier.id, .sent_at = {}});
  run();
  EXPECT_EQ(id_of(0), earlier.id.value);
  EXPECT_EQ(ends_.at(0).prediction.output.text(), "one");
  EXPECT_EQ(creates(), 1U);
}

TEST_F(ResumedRows, what_a_request_may_have_started_is_found) {
  start();
  const auto before = system_clock::now();
  const Prediction earlier = submit_earlier("one");
  (void)submit_earlier("two");
  rows_.push_back({.request = request("one"), .stop = {}, .started = {}, .sent_at = before});
  run();
  EXPECT_EQ(id_of(0), earlier.id.value);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(ResumedRows, a_request_that_certainly_started_nothing_is_sent) {
  start();
  const auto before = system_clock::now();
  known_ = submit_earlier("one").id.value;  // it belongs to another row
  rows_.push_back({.request = request("one"), .stop = {}, .started = {}, .sent_at = before});
  run();
  EXPECT_FALSE(ends_.at(0).error.has_value());
  EXPECT_NE(id_of(0), known_);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(ResumedRows, nothing_is_sent_if_a_prediction_with_another_input_may_be_its_own) {
  start();
  const auto before = system_clock::now();
  (void)submit_earlier("as the server shows it");
  rows_.push_back({.request = request("one"), .stop = {}, .started = {}, .sent_at = before});
  run();
  ASSERT_TRUE(ends_.at(0).error.has_value());
  EXPECT_EQ(ends_.at(0).error->kind(), ErrorKind::may_have_started);
  EXPECT_FALSE(ends_.at(0).not_searched);
  EXPECT_EQ(creates(), 1U);
}

TEST_F(ResumedRows, what_was_refused_is_not_sent_again_once_nothing_is_to_be_sent) {
  start({"create:429@1*1"});
  stops_after_a_create_ = true;
  rows_.push_back({.request = request("one")});
  run();
  ASSERT_TRUE(ends_.at(0).error.has_value());
  EXPECT_EQ(ends_.at(0).error->kind(), ErrorKind::terminated);
  EXPECT_EQ(creates(), 1U);
}

TEST_F(ResumedRows, what_was_sent_ends_as_usual_although_nothing_more_is_to_be_sent) {
  start();
  stops_after_a_create_ = true;
  rows_.push_back({.request = request("one")});
  run();
  EXPECT_FALSE(ends_.at(0).error.has_value());
  EXPECT_EQ(ends_.at(0).prediction.output.text(), "one");
}

TEST_F(ResumedRows, equal_requests_share_what_they_have_started) {
  start();
  const auto before = system_clock::now();
  std::set<std::string> earlier{submit_earlier("same").id.value, submit_earlier("same").id.value};
  for (int i = 0; i < 2; ++i)
    rows_.push_back({.request = request("same"), .stop = {}, .started = {}, .sent_at = before});
  run();
  EXPECT_EQ((std::set<std::string>{id_of(0), id_of(1)}), earlier);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(ResumedRows, nothing_is_sent_if_the_predictions_cannot_be_listed) {
  start({"list:500"});
  rows_.push_back(
      {.request = request("one"), .stop = {}, .started = {}, .sent_at = system_clock::now()});
  run();
  ASSERT_TRUE(ends_.at(0).error.has_value());
  EXPECT_EQ(ends_.at(0).error->kind(), ErrorKind::may_have_started);
  EXPECT_TRUE(ends_.at(0).not_searched);
  EXPECT_EQ(creates(), 0U);
}

TEST_F(ResumedRows, nothing_is_sent_if_more_was_started_than_the_rows_could_have) {
  start();
  const auto before = system_clock::now();
  (void)submit_earlier("same");
  (void)submit_earlier("same");
  rows_.push_back({.request = request("same"), .stop = {}, .started = {}, .sent_at = before});
  run();
  ASSERT_TRUE(ends_.at(0).error.has_value());
  EXPECT_EQ(ends_.at(0).error->kind(), ErrorKind::may_have_started);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(ResumedRows, a_prediction_that_cannot_be_read_is_not_canceled) {
  start({"get:500"});
  const Prediction earlier = submit_earlier("one");
  rows_.push_back({.request = request("one"), .stop = {}, .started = earlier.id, .sent_at = {}});
  run();
  ASSERT_TRUE(ends_.at(0).error.has_value());
  EXPECT_EQ(id_of(0), earlier.id.value);
  for (const auto& sent : emulator_->requests()) EXPECT_FALSE(sent.path.ends_with("/cancel"));
}

}  // namespace
}  // namespace rellama
