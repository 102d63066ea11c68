#include "terminal/progress.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "support/buffer_streams.hpp"

namespace rellama::terminal {
namespace {

using std::chrono::milliseconds;
using tests::BufferOutput;
using tests::Device;

constexpr std::string_view kErase = "\r\x1b[K";

Prediction prediction_with(Status status) {
  Prediction prediction;
  prediction.status = status;
  return prediction;
}

bool comes_to_hold(const BufferOutput& out, const std::string& text) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < end) {
    if (out.text().find(text) != std::string::npos) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

TEST(RenderProgress, a_short_wait_is_queued_and_a_long_one_is_booting) {
  const ProgressState queued{.status = Status::starting, .in_status = milliseconds(2900)};
  const ProgressState booting{.status = Status::starting, .in_status = milliseconds(12'345)};
  EXPECT_EQ(render_progress(queued, 0, Glyphs::unicode), "⠋ queued · 2 s");
  EXPECT_EQ(render_progress(booting, 12, Glyphs::unicode), "⠹ booting · 12 s");
}

TEST(RenderProgress, a_running_model_counts_its_tokens) {
  ProgressState state{.status = Status::processing, .in_status = milliseconds(3000), .tokens = 84};
  EXPECT_EQ(render_progress(state, 4, Glyphs::unicode), "⠼ running · 84 tokens · 3 s");
  state.tokens = 1;
  EXPECT_EQ(render_progress(state, 4, Glyphs::unicode), "⠼ running · 1 token · 3 s");
}

TEST(RenderProgress, a_locale_without_utf8_gets_ascii_only) {
  const ProgressState state{.status = Status::processing, .in_status = {}, .tokens = 2};
  EXPECT_EQ(render_progress(state, 1, Glyphs::ascii), "/ running, 2 tokens, 0 s");
  EXPECT_EQ(render_progress(state, 7, Glyphs::ascii), "\\ running, 2 tokens, 0 s");
}

TEST(Progress, it_appears_after_a_delay_and_is_erased) {
  BufferOutput err(Device::terminal);
  {
    Progress progress(err, AnswerPlace::same_terminal, Glyphs::unicode);
    ASSERT_TRUE(comes_to_hold(err, "queued"));
    progress.status_changed(Status::processing);
    ASSERT_TRUE(comes_to_hold(err, "running"));
  }
  EXPECT_EQ(err.writes().back(), kErase);
}

TEST(Progress, the_line_is_erased_for_good_before_text_on_the_same_terminal) {
  BufferOutput err(Device::terminal);
  Progress progress(err, AnswerPlace::same_terminal, Glyphs::unicode);
  progress.created(prediction_with(Status::processing));
  ASSERT_TRUE(comes_to_hold(err, "running"));
  progress.output("Hello");
  EXPECT_EQ(err.writes().back(), kErase);
  const int attempts = err.attempts();
  std::this_thread::sleep_for(milliseconds(250));
  progress.output(" world");
  progress.done(prediction_with(Status::succeeded));
  EXPECT_EQ(err.attempts(), attempts);
}

TEST(Progress, it_keeps_counting_while_the_answer_goes_elsewhere) {
  BufferOutput err(Device::terminal);
  Progress progress(err, AnswerPlace::elsewhere, Glyphs::ascii);
  progress.created(prediction_with(Status::processing));
  for (int i = 0; i < 84; ++i) progress.output("x");
  ASSERT_TRUE(comes_to_hold(err, "running, 84 tokens, "));
  progress.done(prediction_with(Status::succeeded));
  EXPECT_EQ(err.writes().back(), kErase);
}

TEST(Progress, an_exception_erases_the_line) {
  BufferOutput err(Device::terminal);
  try {
    const Progress progress(err, AnswerPlace::same_terminal, Glyphs::unicode);
    ASSERT_TRUE(comes_to_hold(err, "queued"));
    throw std::runtime_error("lost");
  } catch (const std::runtime_error&) {
    EXPECT_EQ(err.writes().back(), kErase);
  }
}

TEST(Progress, a_quick_answer_leaves_no_line) {
  BufferOutput err(Device::terminal);
  { const Progress progress(err, AnswerPlace::same_terminal, Glyphs::unicode); }
  // Nothing was drawn, or, on a busy machine, it was erased.
  EXPECT_TRUE(err.text().empty() || err.text().ends_with(kErase)) << err.text();
}

TEST(Progress, a_message_is_printed_above_the_line) {
  BufferOutput err(Device::terminal);
  Progress progress(err, AnswerPlace::same_terminal, Glyphs::ascii);
  ASSERT_TRUE(comes_to_hold(err, "queued"));
  progress.print_above("rellama: careful\n");
  EXPECT_NE(err.text().find(std::string(kErase) + "rellama: careful\n"), std::string::npos);
  progress.status_changed(Status::processing);
  EXPECT_TRUE(comes_to_hold(err, "running")) << "the line did not come back";
}

TEST(Progress, a_message_after_the_line_is_gone_does_not_erase_the_answer) {
  BufferOutput err(Device::terminal);
  Progress progress(err, AnswerPlace::same_terminal, Glyphs::ascii);
  ASSERT_TRUE(comes_to_hold(err, "queued"));
  progress.output("Hello");
  progress.print_above("rellama: careful\n");
  EXPECT_EQ(err.writes().back(), "rellama: careful\n");
}

TEST(Progress, a_terminal_that_cannot_be_written_does_not_stop_the_run) {
  BufferOutput err(Device::terminal);
  err.fail_with(ErrorKind::internal);
  Progress progress(err, AnswerPlace::elsewhere, Glyphs::unicode);
  while (err.attempts() == 0) std::this_thread::sleep_for(milliseconds(5));
  std::this_thread::sleep_for(milliseconds(150));
  EXPECT_NO_THROW(progress.output("x"));
  EXPECT_NO_THROW(progress.done(prediction_with(Status::succeeded)));
  EXPECT_EQ(err.attempts(), 1);
}

TEST(Progress, a_line_that_would_wrap_is_not_drawn) {
  BufferOutput err(Device::terminal, 10);
  const Progress progress(err, AnswerPlace::same_terminal, Glyphs::ascii);
  std::this_thread::sleep_for(milliseconds(250));
  EXPECT_EQ(err.attempts(), 0);
}

}  // namespace
}  // namespace rellama::terminal
