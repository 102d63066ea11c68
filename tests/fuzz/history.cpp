// The history is a file that anything may have written to: opening, reading and adding to it come to
// an end, and what is refused is refused by an Error. The input is the SQLite file.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "fuzz/fuzz.hpp"
#include "history/store.hpp"
#include "rellama/error.hpp"

namespace rellama::fuzz {
namespace {

using history::Database;
using history::Store;

// A file of this process, so that several fuzzers can run at once.
const std::filesystem::path& file() {
  static const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                            ("rellama-fuzz-" + std::to_string(::getpid()) + ".db");
  return path;
}

void remove_files() {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    std::filesystem::remove(file().string() + suffix, ignored);
  }
}

void write_file(const std::uint8_t* data, std::size_t size) {
  std::FILE* opened = std::fopen(file().c_str(), "wb");
  require(opened != nullptr, "the file can be written");
  std::fwrite(data, 1, size, opened);
  std::fclose(opened);
}

template <typename Work>
void attempt(Work work) {
  try {
    work();
  } catch (const Error&) {
  }
}

void read_all(Store& store) {
  attempt([&] { (void)store.search({"a", "b*", "\""}, {.limit = 10}); });
  attempt([&] { (void)store.usage(history::UsageKey::day, {}); });
  attempt([&] { (void)store.find_named("trip"); });
  attempt([&] { (void)store.has_prediction("p"); });
  for (const auto& conversation : store.list({.limit = 20})) {
    const auto turns = store.turns(conversation.id);
    for (const auto& turn : turns) {
      const auto path = history::path_to(turns, turn.id.number);
      require(path.size() <= turns.size(), "no turn is its own ancestor");
    }
  }
}

void change(Store& store) {
  history::NewTurn turn;
  turn.name = "trip";
  turn.prompt = "Why?";
  turn.model = "m";
  turn.model_options = "{}";
  const history::TurnId id = store.begin(turn);
  store.append(id, "Because.");
  store.end(id, {.status = "succeeded", .error = {}, .ended_at = 1});
  store.remove(id.conversation);
  store.forget_removed();
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama;
  fuzz::remove_files();
  fuzz::write_file(data, size);
  fuzz::attempt([] {
    history::Store store(fuzz::file(), history::Database::Open::create,
                         std::chrono::milliseconds(0));
    fuzz::attempt([&] { fuzz::read_all(store); });
    fuzz::change(store);
  });
  fuzz::remove_files();
  return 0;
}
