// The history after its writers are killed.

#include <signal.h>

#include <algorithm>
#include <random>

#include "history/store.hpp"
#include "program/program_test.hpp"

namespace rellama::test {
namespace {

constexpr int kChats = 50;
constexpr int kMessages = 4;

class KilledHistory : public ProgramTest {
 protected:
  // Kills a conversation after a number of answers. Returns how many are known to be complete:
  // those that it continued after.
  [[nodiscard]] int kill_chat(const std::string& name, int answers) const {
    Launch chat = launch({"chat", "-m", kEcho, "-q", "--session", name});
    chat.input = std::string();
    for (int i = 0; i < kMessages; ++i) *chat.input += "message " + std::to_string(i) + "\n";
    Process process(chat);
    for (int i = 0; i < answers; ++i) {
      if (!process.read_until("message " + std::to_string(i) + " [/INST]\n")) break;
    }
    process.send_signal(SIGKILL);
    const Outcome outcome = process.wait();
    const auto begun = std::count(outcome.out.begin(), outcome.out.end(), '\n');
    return std::max(0, static_cast<int>(begun) - 1);
  }
  [[nodiscard]] std::filesystem::path database() const {
    return home_ / ".local" / "share" / "rellama" / "history.db";
  }
};

TEST_F(KilledHistory, is_intact_and_has_every_completed_answer) {
  std::mt19937 random(1);  // the exact moment within an answer depends on the machine
  std::vector<int> complete;
  for (int chat = 0; chat < kChats; ++chat) {
    const int answers = static_cast<int>(random() % (kMessages + 1));
    complete.push_back(kill_chat("chat" + std::to_string(chat), answers));
  }

  history::Database raw(database(), history::Database::Open::existing, std::chrono::seconds(5));
  for (const char* check : {"PRAGMA integrity_check", "PRAGMA foreign_key_check"}) {
    history::Statement result = raw.prepare(check);
    EXPECT_EQ(result.step() ? result.text(0) : "ok", "ok") << check;
  }
  EXPECT_NO_THROW(raw.execute("INSERT INTO turn_text (turn_text) VALUES ('integrity-check')"));

  history::Store store(database(), history::Database::Open::existing);
  for (int chat = 0; chat < kChats; ++chat) {
    const int wanted = complete[static_cast<std::size_t>(chat)];
    const auto kept = store.find_named("chat" + std::to_string(chat));
    const auto turns = kept ? store.turns(kept->id) : std::vector<history::Turn>();
    ASSERT_GE(static_cast<int>(turns.size()), wanted) << chat;
    for (int i = 0; i < wanted; ++i) {
      const history::Turn& turn = turns[static_cast<std::size_t>(i)];
      EXPECT_TRUE(turn.is_complete()) << chat << ": " << turn.status;
      EXPECT_TRUE(turn.output.ends_with("message " + std::to_string(i) + " [/INST]"))
          << turn.output;
    }
  }
}

}  // namespace
}  // namespace rellama::test
