#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include "http/exchange.hpp"
#include "http/runner.hpp"
#include "support/raw_server.hpp"

namespace rellama::http {

using std::chrono::milliseconds;
using test::RawConnection;
using test::RawScript;
using test::RawServer;
using test::reply;
using Kind = Event::Kind;

// Requests a URL, collects the response, and keeps a record of what it was told.
class Reader : public Task {
 public:
  explicit Reader(std::string url) : url_(std::move(url)) {}

  Step handle(const Event& event) override {
    told.push_back(name_of(event.kind));
    times.push_back(event.now);
    switch (event.kind) {
      case Kind::start: return Step::open({.url = url_});
      case Kind::bytes:
        status = event.head->status;
        body += event.bytes;
        return on_bytes(event);
      case Kind::end:
        if (event.failure != nullptr) failure = *event.failure;
        return Step::done();
      case Kind::time: return Step::done();
      case Kind::stop: reason = event.reason; return Step::done();
    }
    return Step::done();
  }

  [[nodiscard]] std::ptrdiff_t count(const std::string& what) const {
    return std::count(told.begin(), told.end(), what);
  }

  std::vector<std::string> told;
  std::vector<Clock::time_point> times;
  int status = 0;
  std::string body;
  std::optional<Failure> failure;
  std::optional<ErrorKind> reason;

 protected:
  virtual Step on_bytes(const Event& /*event*/) { return Step::read(); }

 private:
  static std::string name_of(Kind kind) {
    constexpr const char* kNames[] = {"start", "bytes", "end", "time", "stop"};
    return kNames[static_cast<std::size_t>(kind)];
  }

  std::string url_;
};

class RunnerTest : public testing::Test {
 protected:
  void turn_until_done(std::size_t left = 0) {
    while (runner_.size() > left) turn();
  }
  void turn() {
    runner_.turn(far());
    while (Task* task = runner_.take_done()) done_.push_back(task);
  }

  Loop loop_{options()};
  Runner runner_{loop_};
  std::vector<Task*> done_;
};

}  // namespace rellama::http
