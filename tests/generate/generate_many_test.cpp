// Many prompts on one thread, with the emulator, over sockets.

#include "rellama/generate_many.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "emulator/emulator.hpp"

namespace rellama {
namespace {

using std::chrono::milliseconds;

// Supplies prompts, all at once.
class Prompts final : public RequestSource {
 public:
  explicit Prompts(std::vector<std::string> prompts) : prompts_(std::move(prompts)) {}

  Supply next(RowRequest& row) override {
    if (at == prompts_.size()) return Supply::end;
    row.request.model = ModelName{"rellama-demo", "echo"};
    row.request.prompt = prompts_[at];
    if (prepare) prepare(at, row);
    ++at;
    return Supply::request;
  }

  std::size_t at = 0;
  std::function<void(std::size_t, RowRequest&)> prepare;

 private:
  std::vector<std::string> prompts_;
};

// Keeps what it receives.
class Rows : public RowSink {
 public:
  void created(std::size_t row, const Prediction& prediction) override {
    ids[row] = prediction.id.value;
  }
  void output(std::size_t row, std::string_view text) override {
    texts[row] += text;
    if (on_output) on_output(row);
  }
  void ended(std::size_t row, RowEnd end) override { ends.emplace(row, std::move(end)); }
  [[nodiscard]] bool is_full(std::size_t row) const override { return full && full(row); }

  [[nodiscard]] std::string error_of(std::size_t row) const {
    const auto& error = ends.at(row).error;
    return error ? error->what() : "";
  }

  std::map<std::size_t, std::string> ids;
  std::map<std::size_t, std::string> texts;
  std::map<std::size_t, RowEnd> ends;
  std::function<void(std::size_t)> on_output;
  std::function<bool(std::size_t)> full;
};

std::vector<std::string> numbered_prompts(std::size_t count) {
  std::vector<std::string> prompts;
  for (std::size_t i = 0; i < count; ++i) {
    prompts.push_back("prompt " + std::to_string(i) + ": na\xC3\xAFve \xF0\x9F\xA6\x99 and more");
  }
  return prompts;
}

class GenerateMany : public testing::Test {
 protected:
  void start(const std::vector<std::string>& faults = {}, double token_rate = 0) {
    emulator::EmulatorOptions options;
    options.faults = faults;
    options.token_rate = token_rate;
    emulator_ = std::make_unique<emulator::Emulator>(options);
    emulator_->start();
    ClientOptions client;
    client.base_url = emulator_->base_url();
    client.backoff = milliseconds(5);
    client_ = std::make_unique<Client>(ApiToken("r8_test"), client);
  }

  // The number of predictions by prompt, as the server has them.
  std::map<std::string, std::size_t> predictions_by_input() {
    std::map<std::string, std::size_t> counts;
    ListOptions options;
    do {
      const PredictionPage page = client_->list(options);
      for (const Prediction& prediction : page.results) ++counts[prediction.input.text];
      options.cursor = page.next;
    } while (!options.cursor.empty());
    return counts;
  }

  std::unique_ptr<emulator::Emulator> emulator_;
  std::unique_ptr<Client> client_;
  Rows rows_;
};

// Faults of one place in random order, with undisturbed requests between them.
void add_faults(std::vector<std::string>& faults, const std::string& place,
                const std::vector<std::string>& kinds, std::size_t count, std::mt19937& random) {
  for (std::size_t i = 0; i < count; ++i) {
    faults.push_back(place + ":" + kinds[random() % kinds.size()] + "*1");
    faults.push_back(place + ":ok*" + std::to_string(1 + random() % 8));
  }
}

// Two descriptors for each connection: the server is in this process.
void allow_many_descriptors() {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

TEST_F(GenerateMany, five_hundred_at_once_with_random_faults_end_exactly_and_are_created_once) {
  allow_many_descriptors();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr std::size_t kRows = 100;  // sanitizers make it ten times as slow
#else
  constexpr std::size_t kRows = 500;
#endif
  std::mt19937 random(20261129);  // the same faults each time
  std::vector<std::string> faults;
  add_faults(faults, "create", {"lost", "429@0", "429@0"}, 60, random);
  add_faults(faults, "stream", {"cut@0", "cut@3", "cut@9", "end@2", "408", "503", "replay"}, 120,
             random);
  add_faults(faults, "get", {"429@0", "503", "reset", "processing", "truncated"}, 100, random);
  start(faults);
  const auto prompts = numbered_prompts(kRows);
  Prompts source(prompts);
  generate_many(*client_, source, rows_, kRows);

  ASSERT_EQ(rows_.ends.size(), kRows);
  for (std::size_t row = 0; row < kRows; ++row) {
    EXPECT_EQ(rows_.error_of(row), "");
    EXPECT_EQ(rows_.texts[row], prompts[row]);
    EXPECT_EQ(rows_.ends.at(row).prediction.output.text(), prompts[row]);
  }
  const auto created = predictions_by_input();
  EXPECT_EQ(created.size(), kRows);
  for (const auto& [input, count] : created) EXPECT_EQ(count, 1U) << input;
}

TEST_F(GenerateMany, no_more_run_at_a_time_than_allowed) {
  start();
  Prompts source(numbered_prompts(40));
  std::size_t most = 0;
  source.prepare = [&](std::size_t at, RowRequest&) {
    most = std::max(most, at + 1 - rows_.ends.size());
  };
  generate_many(*client_, source, rows_, 3);
  EXPECT_EQ(rows_.ends.size(), 40U);
  EXPECT_EQ(most, 3U);
}

#ifdef __linux__

std::size_t count_threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

TEST_F(GenerateMany, all_run_on_the_calling_thread) {
  start();
  const std::size_t before = count_threads();
  Prompts source(numbered_prompts(100));
  rows_.on_output = [&](std::size_t) { EXPECT_EQ(count_threads(), before); };
  generate_many(*client_, source, rows_, 100);
  EXPECT_EQ(rows_.ends.size(), 100U);
}

#endif

TEST_F(GenerateMany, a_row_that_fails_or_is_invalid_leaves_the_others) {
  start({"predict:ok*1", "predict:failed@1*1"});
  Prompts source(numbered_prompts(3));
  source.prepare = [](std::size_t at, RowRequest& row) {
    if (at == 2) row.request.parameters.temperature = -1;
    if (at == 2) row.request.model = ModelName{"meta", "llama-2-7b-chat"};
  };
  generate_many(*client_, source, rows_, 1);
  EXPECT_EQ(rows_.ends.at(0).prediction.status, Status::succeeded);
  EXPECT_EQ(rows_.ends.at(1).prediction.status, Status::failed);
  EXPECT_EQ(rows_.error_of(1), "") << "a failed prediction is a prediction";
  ASSERT_TRUE(rows_.ends.at(2).error);
  EXPECT_EQ(rows_.ends.at(2).error->kind(), ErrorKind::invalid_input);
  EXPECT_EQ(rows_.ends.at(2).prediction.id.value, "");
}

TEST_F(GenerateMany, a_full_row_is_not_read_and_does_not_hold_back_the_others) {
  start();
  Prompts source(numbered_prompts(8));
  bool is_full = false;
  rows_.on_output = [&](std::size_t row) { is_full = is_full || row == 0; };
  std::size_t ended_before = 0;
  rows_.full = [&](std::size_t row) {
    if (row != 0 || !is_full) return false;
    ended_before = rows_.ends.size();
    return ended_before < 7;
  };
  generate_many(*client_, source, rows_, 8);
  EXPECT_EQ(ended_before, 7U) << "the others went on";
  EXPECT_EQ(rows_.texts[0], numbered_prompts(1)[0]);
  EXPECT_EQ(rows_.ends.size(), 8U);
}

TEST_F(GenerateMany, a_row_can_be_stopped_alone) {
  start({}, /*token_rate=*/50);
  StopSource stop;
  Prompts source(numbered_prompts(2));
  source.prepare = [&](std::size_t at, RowRequest& row) {
    if (at == 0) row.stop = stop.token();
  };
  rows_.on_output = [&](std::size_t row) {
    if (row == 0) stop.request(ErrorKind::interrupted);
  };
  generate_many(*client_, source, rows_, 1);
  ASSERT_TRUE(rows_.ends.at(0).error);
  EXPECT_EQ(rows_.ends.at(0).error->kind(), ErrorKind::interrupted);
  EXPECT_EQ(client_->get(PredictionId{rows_.ids[0]}).status, Status::canceled);
  EXPECT_EQ(rows_.error_of(1), "");
}

TEST_F(GenerateMany, a_stop_cancels_every_run_and_takes_no_more_requests) {
  start({}, /*token_rate=*/2);
  StopSource stop;
  Prompts source(numbered_prompts(20));
  rows_.on_output = [&](std::size_t) { stop.request(ErrorKind::terminated); };
  generate_many(*client_, source, rows_, 4, stop.token());
  EXPECT_LT(source.at, 20U);
  ASSERT_EQ(rows_.ends.size(), source.at) << "each row ends";
  for (const auto& [row, end] : rows_.ends) {
    ASSERT_TRUE(end.error);
    EXPECT_EQ(end.error->kind(), ErrorKind::terminated);
  }
  for (const auto& [row, id] : rows_.ids) {
    EXPECT_EQ(client_->get(PredictionId{id}).status, Status::canceled) << row;
  }
}

TEST_F(GenerateMany, a_deadline_stops_them_too) {
  start({"stream:stall@1"});
  const StopSource stop(std::chrono::steady_clock::now() + milliseconds(300));
  Prompts source(numbered_prompts(3));
  generate_many(*client_, source, rows_, 3, stop.token());
  ASSERT_FALSE(rows_.ends.empty());
  for (const auto& [row, end] : rows_.ends) {
    EXPECT_EQ(end.error->kind(), ErrorKind::deadline);
  }
}

TEST_F(GenerateMany, a_sink_that_throws_cancels_every_run) {
  start({"stream:ok*1", "stream:stall@1"});
  Prompts source(numbered_prompts(4));
  rows_.on_output = [&](std::size_t row) {
    if (row == 0) throw std::runtime_error("no space left");
  };
  try {
    generate_many(*client_, source, rows_, 4);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no space left");
  }
  for (const auto& [row, id] : rows_.ids) {
    EXPECT_TRUE(is_terminal(client_->get(PredictionId{id}).status)) << row;
  }
}

// Has one request, and later another.
class TwoInTime final : public RequestSource {
 public:
  Supply next(RowRequest& row) override {
    if (taken_ == 1 && !more) {
      waited = true;
      if (on_wait) on_wait();
      return Supply::nothing;
    }
    if (taken_ == 2) return Supply::end;
    row.request.model = ModelName{"rellama-demo", "echo"};
    row.request.prompt = taken_++ == 0 ? "first" : "second";
    return Supply::request;
  }

  std::atomic<bool> more = false;
  std::atomic<bool> waited = false;
  std::function<void()> on_wait;

 private:
  int taken_ = 0;
};

TEST_F(GenerateMany, a_source_without_a_request_is_asked_again_when_the_client_is_woken) {
  start();
  TwoInTime source;
  std::thread waker;
  rows_.on_output = [&](std::size_t row) {
    if (row != 0 || waker.joinable()) return;
    waker = std::thread([&] {
      source.waited.wait(false);
      source.more = true;
      client_->wake();
    });
  };
  source.on_wait = [&] { source.waited.notify_all(); };
  generate_many(*client_, source, rows_, 1);
  waker.join();
  EXPECT_EQ(rows_.texts[0], "first");
  EXPECT_EQ(rows_.texts[1], "second");
}

}  // namespace
}  // namespace rellama
