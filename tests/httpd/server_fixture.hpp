#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "httpd/server.hpp"
#include "support/raw_client.hpp"

namespace rellama::httpd::test {

using ::rellama::test::Answer;
using ::rellama::test::exchange;
using ::rellama::test::RawClient;

inline const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// A value that another thread will set. A test that waits for it in vain fails.
template <class Value>
class Awaited {
 public:
  void set(Value value) { promise_.set_value(std::move(value)); }

  Value take() {
    std::future<Value> future = promise_.get_future();
    if (future.wait_for(std::chrono::seconds(60)) != std::future_status::ready) {
      throw std::runtime_error("it never came");
    }
    return future.get();
  }

 private:
  std::promise<Value> promise_;
};

/// A server with epoll or, as on systems without it, with poll.
class ServerTest : public ::testing::TestWithParam<bool> {
 protected:
  void start(Server::Handler handler, ServerOptions options = {}) {
    options.use_epoll = GetParam();
    server_.emplace(options, std::move(handler));
    server_->start();
  }

  [[nodiscard]] int port() const { return server_->port(); }
  void stop() { server_->stop(); }
  /// Waits for all replies.
  void finish() { server_->finish(std::chrono::hours(1)); }

 private:
  std::optional<Server> server_;
};

#define RELLAMA_WITH_AND_WITHOUT_EPOLL(Name)                 \
  INSTANTIATE_TEST_SUITE_P(polling, Name, ::testing::Bool(), \
                           [](const auto& param) { return param.param ? "epoll" : "poll"; })

}  // namespace rellama::httpd::test
