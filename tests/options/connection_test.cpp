#include "options/connection.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "files/scratch_directory.hpp"
#include "history/store.hpp"
#include "support/buffer_streams.hpp"

namespace rellama::program {
namespace {

class ClientOptionsTest : public test::ScratchDirectory {
 protected:
  tests::BufferInput in_;
  tests::BufferOutput out_;
  tests::BufferOutput err_;
  Context context_{.streams = {in_, out_, err_},
                   .environment = [this](std::string_view name) -> std::optional<std::string> {
                     if (name == "XDG_DATA_HOME") return directory_.string();
                     return std::nullopt;
                   }};
};

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
