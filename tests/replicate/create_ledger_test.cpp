// Creates that lost their responses find their own predictions, and none of another request.

#include "replicate/create_ledger.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "replicate/create.hpp"
#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/scripted_api.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::replicate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ScriptedAnswer;
using test::ScriptedApi;
using test::ScriptedRequest;
using test::ScriptedTasks;
using End = ScriptedAnswer::End;

TEST(CreateLedger, knows_what_its_requests_have_started) {
  CreateLedger ledger;
  {
    CreateLedger::Entry entry(ledger, 1, 7);
    EXPECT_FALSE(ledger.knows("p1"));
    entry.started("p1");
  }
  EXPECT_TRUE(ledger.knows("p1"));
  EXPECT_FALSE(ledger.knows("p2"));
}

TEST(CreateLedger, counts_equal_requests_that_are_pending_or_lost) {
  CreateLedger ledger;
  CreateLedger::Entry first(ledger, 1, 7);
  const CreateLedger::Entry other(ledger, 2, 7);
  EXPECT_FALSE(first.others_pending());
  {
    CreateLedger::Entry second(ledger, 1, 7);
    EXPECT_TRUE(first.others_pending());
    first.lost();
    first.lost();
    EXPECT_TRUE(first.others_pending());
    EXPECT_FALSE(second.others_pending());
    EXPECT_EQ(second.lost_count(), 1U);
    second.lost();
    EXPECT_FALSE(first.others_pending());
    EXPECT_EQ(first.lost_count(), 2U);
  }
  EXPECT_EQ(first.lost_count(), 1U) << "a request that is gone still counts";
}

TEST(CreateLedger, a_request_that_fails_is_no_longer_pending) {
  CreateLedger ledger;
  const CreateLedger::Entry first(ledger, 1, 7);
  { const CreateLedger::Entry failed(ledger, 1, 7); }
  EXPECT_FALSE(first.others_pending());
}

TEST(CreateLedger, knows_siblings_that_are_pending_or_never_found_their_predictions) {
  CreateLedger ledger;
  const CreateLedger::Entry own(ledger, 1, 7);
  const CreateLedger::Entry other_input(ledger, 2, 8);
  EXPECT_FALSE(own.siblings_pending());
  {
    CreateLedger::Entry sibling(ledger, 3, 7);
    EXPECT_TRUE(own.siblings_pending());
    EXPECT_FALSE(own.siblings_lost());
    sibling.lost();
    EXPECT_FALSE(own.siblings_pending());
    EXPECT_TRUE(own.siblings_lost());
    sibling.started("p1");
    EXPECT_FALSE(own.siblings_lost());
  }
  CreateLedger::Entry(ledger, 3, 7).lost();
  EXPECT_TRUE(own.siblings_lost()) << "it may still turn up";
}

TEST(CreateLedger, forgets_the_oldest_of_ten_thousand_predictions) {
  CreateLedger ledger;
  for (int i = 0; i <= 10'000; ++i) {
    CreateLedger::Entry(ledger, 1, 7).started("p" + std::to_string(i));
  }
  EXPECT_FALSE(ledger.knows("p0"));
  EXPECT_TRUE(ledger.knows("p1"));
  EXPECT_TRUE(ledger.knows("p10000"));
}

// What a server does with a create request.
enum class Fate {
  answered,
  answered_late,    // after five seconds
  lost,             // the server takes it, and the connection breaks
  lost_on_the_way,  // the connection breaks before the server has it
};

// Creates of one client that run together; each has its fate, in the order they are sent.
class LostCreates : public testing::Test {
 protected:
  void create(Fate fate, const std::string& prompt = "Hi",
              const std::string& model = "llama-2-70b-chat") {
    fates_.push_back(fate);
    creates_.push_back(std::make_unique<Create>(api_, ModelName{"meta", model},
                                                Input{{"prompt", prompt}}, CreateOptions{}));
    tasks_.start(*creates_.back());
  }

  // Another program creates an equal prediction, `before` the time of this one.
  void create_elsewhere(milliseconds before) {
    const auto prepared =
        prepare_create({}, ModelName{"meta", "llama-2-70b-chat"}, {{"prompt", std::string("Hi")}});
    server_.answer({.request = {.method = "POST", .url = prepared.url, .body = prepared.body},
                    .number = 0,
                    .at = tasks_.now() - before});
  }

  void run() { tasks_.run(); }

  // The ID of the prediction that a create has started, or the kind of its error.
  [[nodiscard]] std::string result(std::size_t number) const {
    const auto error = tasks_.error_of(*creates_.at(number));
    return error ? std::string(traits(error->kind()).name) : creates_.at(number)->take().id.value;
  }

  ScriptedAnswer serve(const ScriptedRequest& request) {
    if (request.request.method != "POST") {
      ScriptedAnswer answer = server_.answer(request);
      if (!tells_time_) std::erase_if(answer.headers, [](auto& h) { return h.first == "date"; });
      if (!tells_model_) hide_models(answer);
      return answer;
    }
    const Fate fate = fates_.at(sent_++);
    if (fate == Fate::lost_on_the_way) {
      return ScriptedAnswer{.after = milliseconds(10)}.without_head(End::broken);
    }
    ScriptedAnswer answer = server_.answer(request);
    answer.after = fate == Fate::answered_late ? seconds(5) : milliseconds(10);
    return fate == Fate::lost ? answer.without_head(End::broken) : answer;
  }

  static void hide_models(ScriptedAnswer& answer) {
    const std::string name = "meta/llama-2-70b-chat";
    std::string& json = answer.pieces.front().bytes;
    for (std::size_t at = 0; (at = json.find(name, at)) != std::string::npos;) {
      json.replace(at, name.size(), "replicate-internal/llama");
    }
  }

  Api api_{ApiToken(test::kToken), {}};
  ScriptedApi server_;
  ScriptedTasks tasks_{[this](const ScriptedRequest& request) { return serve(request); }};
  bool tells_time_ = true;
  bool tells_model_ = true;
  std::vector<Fate> fates_;
  std::size_t sent_ = 0;
  std::vector<std::unique_ptr<Create>> creates_;
};

TEST_F(LostCreates, one_finds_its_prediction) {
  create(Fate::lost);
  run();
  EXPECT_EQ(result(0), "p1");
}

TEST_F(LostCreates, one_does_not_take_the_prediction_of_an_equal_one) {
  create(Fate::answered);
  create(Fate::lost);
  create(Fate::lost_on_the_way, "other");
  run();
  EXPECT_EQ(result(0), "p1");
  EXPECT_EQ(result(1), "p2");
}

TEST_F(LostCreates, one_that_never_arrived_does_not_take_the_prediction_of_an_equal_one) {
  create(Fate::answered);
  create(Fate::lost_on_the_way);
  run();
  EXPECT_EQ(result(0), "p1");
  EXPECT_EQ(result(1), "may_have_started");
}

TEST_F(LostCreates, two_equal_ones_each_take_one_of_two_predictions) {
  create(Fate::lost);
  create(Fate::lost);
  run();
  EXPECT_EQ((std::set{result(0), result(1)}), (std::set<std::string>{"p1", "p2"}));
}

TEST_F(LostCreates, of_two_equal_ones_one_takes_the_only_prediction) {
  create(Fate::lost);
  create(Fate::lost_on_the_way);
  run();
  EXPECT_EQ((std::set{result(0), result(1)}), (std::set<std::string>{"p1", "may_have_started"}));
}

TEST_F(LostCreates, one_takes_no_prediction_that_an_equal_one_may_still_get) {
  create(Fate::answered_late);
  create(Fate::lost_on_the_way);
  run();
  EXPECT_EQ(result(0), "p1");
  EXPECT_EQ(result(1), "may_have_started");
}

TEST_F(LostCreates, one_takes_its_prediction_once_the_equal_ones_have_theirs) {
  create(Fate::lost);
  create(Fate::answered_late);
  run();
  EXPECT_EQ(result(0), "p1");
  EXPECT_EQ(result(1), "p2");
}

TEST_F(LostCreates, one_does_not_wait_for_others_that_are_not_equal) {
  create(Fate::lost);
  create(Fate::answered_late, "other");
  run();
  EXPECT_EQ(result(0), "p1");
  EXPECT_EQ(tasks_.requests().size(), 3U) << "it searched more than once";
}

TEST_F(LostCreates, one_takes_none_of_more_predictions_than_requests_could_have_started) {
  create(Fate::lost);
  create_elsewhere(milliseconds(0));
  run();
  EXPECT_EQ(result(0), "may_have_started");
}

// It was created so shortly before that its creation time does not rule it out.
TEST_F(LostCreates, one_takes_no_prediction_that_had_ended_before_it_began) {
  server_.step = milliseconds(100);
  create_elsewhere(milliseconds(1900));
  create(Fate::lost);
  run();
  EXPECT_EQ(result(0), "p2");
}

TEST_F(LostCreates, without_the_servers_time_it_is_unknown_what_had_ended_before) {
  server_.step = milliseconds(100);
  tells_time_ = false;
  create_elsewhere(milliseconds(1900));
  create(Fate::lost);
  run();
  EXPECT_EQ(result(0), "may_have_started");
}

TEST_F(LostCreates, one_takes_no_prediction_without_a_model_that_one_for_another_model_may_get) {
  tells_model_ = false;
  create(Fate::answered_late, "Hi", "llama-2-7b-chat");
  create(Fate::lost_on_the_way);
  run();
  EXPECT_EQ(result(0), "p1");
  EXPECT_EQ(result(1), "may_have_started");
}

TEST_F(LostCreates, one_takes_no_prediction_without_a_model_if_one_for_another_model_is_lost_too) {
  tells_model_ = false;
  create(Fate::lost, "Hi", "llama-2-7b-chat");
  create(Fate::lost_on_the_way);
  run();
  EXPECT_EQ(result(0), "may_have_started");
  EXPECT_EQ(result(1), "may_have_started");
}

TEST_F(LostCreates, one_takes_its_prediction_without_a_model_once_the_other_model_has_its_own) {
  tells_model_ = false;
  create(Fate::answered, "Hi", "llama-2-7b-chat");
  create(Fate::lost);
  run();
  EXPECT_EQ(result(0), "p1");
  EXPECT_EQ(result(1), "p2");
}

}  // namespace
}  // namespace rellama::replicate
