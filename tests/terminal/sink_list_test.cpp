#include "terminal/sink_list.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rellama::terminal {
namespace {

class NotingSink final : public EventSink {
 public:
  NotingSink(std::string name, std::vector<std::string>& notes)
      : name_(std::move(name)), notes_(notes) {}
  void created(const Prediction& prediction) override { note("created " + prediction.id.value); }
  void status_changed(Status status) override { note(std::string(render_status(status))); }
  void output(std::string_view text) override { note("output " + std::string(text)); }
  void flush() override { note("flush"); }
  void done(const Prediction& prediction) override { note("done " + prediction.id.value); }

 private:
  void note(const std::string& what) { notes_.push_back(name_ + ": " + what); }
  std::string name_;
  std::vector<std::string>& notes_;
};

class ThrowingSink final : public EventSink {
 public:
  void output(std::string_view /*text*/) override { throw std::runtime_error("closed"); }
};

TEST(SinkList, every_event_reaches_every_sink_in_order) {
  std::vector<std::string> notes;
  NotingSink first("1", notes);
  NotingSink second("2", notes);
  SinkList sinks;
  sinks.add(first);
  sinks.add(second);
  Prediction prediction;
  prediction.id = {"p"};
  sinks.created(prediction);
  sinks.status_changed(Status::processing);
  sinks.output("x");
  sinks.flush();
  sinks.done(prediction);
  EXPECT_EQ(notes, (std::vector<std::string>{"1: created p", "2: created p", "1: processing",
                                             "2: processing", "1: output x", "2: output x",
                                             "1: flush", "2: flush", "1: done p", "2: done p"}));
}

TEST(SinkList, what_a_sink_throws_reaches_the_caller) {
  std::vector<std::string> notes;
  ThrowingSink first;
  NotingSink second("2", notes);
  SinkList sinks;
  sinks.add(first);
  sinks.add(second);
  EXPECT_THROW(sinks.output("x"), std::runtime_error);
  EXPECT_TRUE(notes.empty());
}

}  // namespace
}  // namespace rellama::terminal
