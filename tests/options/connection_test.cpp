#include "options/connection.hpp"

#include <gtest/gtest.h>

#include "history/store.hpp"
#include "support/scratch_context.hpp"

namespace rellama::program {
namespace {

class ClientOptionsTest : public test::ScratchContext {};

TEST_F(ClientOptionsTest, know_the_predictions_of_the_history) {
  const ClientOptions options = client_options({}, context_);
  EXPECT_FALSE(options.is_known({"p1"})) << "there is no history";
  history::NewTurn turn;
  turn.prediction = "p1";
  turn.prompt = "Why?";
  history::Store(at("rellama/history.db"), history::Database::Open::create).begin(turn);
  EXPECT_TRUE(options.is_known({"p1"}));
  EXPECT_FALSE(options.is_known({"p2"}));
}

TEST_F(ClientOptionsTest, take_an_unreadable_history_for_an_empty_one) {
  write("rellama/history.db", "not a database");
  EXPECT_FALSE(client_options({}, context_).is_known({"p1"}));
}

}  // namespace
}  // namespace rellama::program
