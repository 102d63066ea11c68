// What goes through a proxy, and what a proxy's refusal means.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "http/exchange.hpp"
#include "support/raw_server.hpp"

namespace rellama::http {
namespace {

using test::RawServer;
using test::reply;
using Cause = Failure::Cause;

// A variable of the environment, for as long as it exists.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name_, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

// Unlike the other tests, which may run where a proxy is set.
class Proxy : public testing::Test {
 private:
  Variable everything_{"NO_PROXY", ""};
};

TEST_F(Proxy, this_machine_is_reached_without_one) {
  RawServer server({reply(200, "direct")});
  RawServer proxy({reply(200, "through the proxy")});
  const Variable variable("http_proxy", proxy.url());
  EXPECT_EQ(exchange({.url = server.url()}).response.body, "direct");
  EXPECT_TRUE(proxy.requests().empty());
}

TEST_F(Proxy, a_token_in_clear_text_does_not_go_through_one) {
  RawServer proxy({reply(200, "through the proxy")});
  const Variable variable("http_proxy", proxy.url());
  const ApiToken token("r8_secret");
  exchange({.url = "http://api.example.invalid/", .token = &token});
  EXPECT_TRUE(proxy.requests().empty());
  EXPECT_EQ(exchange({.url = "http://api.example.invalid/"}).response.body, "through the proxy");
}

TEST_F(Proxy, a_tunnel_that_is_refused_means_that_nothing_was_sent) {
  for (const int status : {407, 403, 404}) {
    RawServer proxy({reply(status, "no")});
    Loop loop({.proxy = proxy.url(), .user_agent = "rellama-test/1"});
    const auto outcome =
        exchange(loop, {.method = "POST", .url = "https://api.example.invalid/", .body = "{}"});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->cause, Cause::proxy) << status;
    EXPECT_FALSE(outcome.failure->request_sent) << status;
    EXPECT_EQ(proxy.lines().at(0), "CONNECT api.example.invalid:443");
  }
}

TEST_F(Proxy, a_tunnel_that_breaks_means_that_nothing_was_sent) {
  RawServer proxy(
      {reply(503, "busy"), [](test::RawConnection& connection) { connection.read_request(); }});
  for (int attempt = 0; attempt < 2; ++attempt) {
    Loop loop({.proxy = proxy.url(), .user_agent = "rellama-test/1"});
    const auto outcome =
        exchange(loop, {.method = "POST", .url = "https://api.example.invalid/", .body = "{}"});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->cause, Cause::connection);
    EXPECT_FALSE(outcome.failure->request_sent);
  }
}

}  // namespace
}  // namespace rellama::http
