// What goes through a proxy, and what a proxy's refusal means.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "http/exchange.hpp"
#include "http/proxy.hpp"
#include "support/expect_error.hpp"
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

// A create through this proxy, to a host that only the proxy could find.
Failure failure_through(const std::string& proxy) {
  Loop loop({.proxy = proxy, .user_agent = "rellama-test/1"});
  const auto outcome =
      exchange(loop, {.method = "POST", .url = "https://api.example.invalid/", .body = "{}"});
  EXPECT_TRUE(outcome.failure);
  return outcome.failure.value_or(Failure{});
}

TEST_F(Proxy, a_tunnel_that_is_refused_means_that_nothing_was_sent) {
  const std::vector<std::pair<int, Cause>> cases{{407, Cause::proxy_credentials},
                                                 {401, Cause::proxy_credentials},
                                                 {302, Cause::proxy},
                                                 {400, Cause::proxy},
                                                 {403, Cause::proxy},
                                                 {404, Cause::proxy},
                                                 {405, Cause::proxy}};
  for (const auto& [status, cause] : cases) {
    RawServer proxy({reply(status, "no")});
    const Failure failure = failure_through(proxy.url());
    EXPECT_EQ(failure.cause, cause) << status;
    EXPECT_TRUE(failure.at_proxy);
    EXPECT_FALSE(failure.request_sent) << status;
    EXPECT_TRUE(test::holds(failure.why, std::to_string(status)));
    EXPECT_EQ(proxy.lines().at(0), "CONNECT api.example.invalid:443");
  }
}

TEST_F(Proxy, a_tunnel_that_may_come_about_later_counts_as_a_broken_connection) {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    RawServer proxy({reply(status, "busy")});
    const Failure failure = failure_through(proxy.url());
    EXPECT_EQ(failure.cause, Cause::connection) << status;
    EXPECT_FALSE(failure.request_sent) << status;
    EXPECT_TRUE(test::holds(failure.why, "the proxy cannot connect"));
  }
}

// Answers in the SOCKS protocol, which libcurl reads piece by piece, so all can be sent at once.
test::RawScript socks(std::string bytes) {
  return [bytes = std::move(bytes)](test::RawConnection& connection) {
    connection.send(bytes);
    connection.hold();
  };
}

TEST_F(Proxy, what_a_socks_proxy_refuses_was_not_sent) {
  using std::string_literals::operator""s;
  const std::string welcome = "\x05\x00"s;
  const std::string address = "\x00\x01\0\0\0\0\0\0"s;
  const std::vector<std::pair<std::string, Cause>> cases{
      {"\x05\xff"s, Cause::proxy_credentials},                // no method that we offer
      {"\x05\x02\x01\x01"s, Cause::proxy_credentials},        // a wrong password
      {welcome + "\x05\x02"s + address, Cause::proxy},        // not allowed
      {welcome + "\x05\x01"s + address, Cause::connection},   // a failure
      {welcome + "\x05\x04"s + address, Cause::connection},   // the host cannot be reached
      {welcome + "\x05\x05"s + address, Cause::connection}};  // the connection was refused
  for (std::size_t i = 0; i < cases.size(); ++i) {
    RawServer proxy({socks(cases[i].first)});
    const Failure failure =
        failure_through("socks5h://ann:secret@127.0.0.1:" + std::to_string(proxy.port()));
    EXPECT_EQ(failure.cause, cases[i].second) << i << ": " << failure.why;
    EXPECT_TRUE(failure.at_proxy) << i;
    EXPECT_FALSE(failure.request_sent) << i;
  }
}

TEST_F(Proxy, one_that_the_user_names_is_used_for_https_to_this_machine) {
  RawServer proxy({reply(403, "no")});
  Loop loop({.proxy = proxy.url(), .user_agent = "rellama-test/1"});
  EXPECT_TRUE(exchange(loop, {.url = "https://localhost/"}).failure);
  EXPECT_EQ(proxy.lines().at(0), "CONNECT localhost:443");
  const Variable variable("https_proxy", proxy.url());
  RawServer server;
  EXPECT_TRUE(exchange({.url = "https://127.0.0.1:" + std::to_string(server.port())}).failure);
  EXPECT_EQ(server.connections(), 1) << "one from the environment is not";
}

TEST_F(Proxy, a_tunnel_that_breaks_means_that_nothing_was_sent) {
  const auto read = [](test::RawConnection& connection) { connection.read_request(); };
  RawServer proxy({read, [](test::RawConnection& connection) { connection.close(); },
                   reply("HTTP/1.1 200 OK\r\n\r\n")});
  for (int attempt = 0; attempt < 3; ++attempt) {
    const Failure failure = failure_through(proxy.url());
    EXPECT_EQ(failure.cause, Cause::connection);
    EXPECT_FALSE(failure.request_sent);
  }
}

TEST_F(Proxy, a_tunnel_to_a_port_without_tls_is_not_tried_again) {
  RawServer proxy({reply("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n")});
  const Failure failure = failure_through(proxy.url());
  EXPECT_EQ(failure.cause, Cause::no_tls) << failure.why;
  EXPECT_FALSE(failure.at_proxy);
  EXPECT_FALSE(failure.request_sent);
}

TEST_F(Proxy, https_to_a_proxy_without_tls_is_not_tried_again) {
  RawServer proxy({[](test::RawConnection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.hold();
  }});
  const Failure failure = failure_through("https://127.0.0.1:" + std::to_string(proxy.port()));
  EXPECT_EQ(failure.cause, Cause::no_tls) << failure.why;
  EXPECT_TRUE(failure.at_proxy);
  EXPECT_FALSE(failure.request_sent);
}

TEST_F(Proxy, http_to_a_port_with_tls_was_not_read) {
  for (const char* alert : {"\x15\x03\x01\x00\x02\x02\x46", "\x15\x03"}) {
    RawServer server({reply(alert)});
    const auto outcome = exchange({.method = "POST", .url = server.url(), .body = "{}"});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->cause, Cause::tls) << outcome.failure->why;
    EXPECT_FALSE(outcome.failure->request_sent);
  }
}

TEST_F(Proxy, what_is_not_http_is_no_response) {
  RawServer server({reply("SSH-2.0-OpenSSH_9.2\r\n")});
  const auto outcome = exchange({.method = "POST", .url = server.url(), .body = "{}"});
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->cause, Cause::connection);
  EXPECT_TRUE(outcome.failure->request_sent);
  EXPECT_EQ(outcome.failure->why, "the response is not HTTP");
}

TEST_F(Proxy, none_is_used_if_the_user_wants_none) {
  RawServer proxy({reply(200, "through the proxy")});
  const Variable variable("http_proxy", proxy.url());
  Loop loop({.no_proxy = true, .user_agent = "rellama-test/1"});
  exchange(loop, {.url = "http://api.example.invalid/"});
  EXPECT_TRUE(proxy.requests().empty());
}

TEST_F(Proxy, a_url_that_cannot_be_that_of_a_proxy_is_refused_without_being_quoted) {
  for (const std::string url :
       {"http://ann:S3cr/et@proxy:3128", "http://ann:12/et@proxy:3128", "http://ann:a#b@proxy",
        "ftp://ann:S3cr@proxy", "http://", "http://proxy:99999", "http://proxy:0", "proxy:0",
        "http://proxy:3128/path", "http://ann:S3cr:proxy:3128"}) {
    const std::string message =
        test::error_of([&] { Loop loop({.proxy = url, .user_agent = "x"}); }).what();
    EXPECT_TRUE(test::holds(message, "cannot use the proxy from --proxy")) << message;
    EXPECT_EQ(message.find("S3cr"), std::string::npos) << message;
    const Variable variable("https_proxy", url);
    Loop loop({.user_agent = "x"});
    const std::string why =
        test::error_of([&] { (void)loop.open({.url = "https://api.example.invalid/"}); }).what();
    EXPECT_TRUE(test::holds(why, "cannot use the proxy from https_proxy")) << why;
    EXPECT_EQ(why.find("S3cr"), std::string::npos) << why;
  }
  for (const std::string url :
       {"proxy", "proxy:3128", "ftp.proxy:21", "http://ann:a%2Fb@[::1]:3128/", "https://proxy",
        "socks5h://proxy:1080", "SOCKS4://proxy"}) {
    EXPECT_FALSE(find_proxy_fault(url)) << url << ": " << *find_proxy_fault(url);
  }
}

TEST_F(Proxy, exceptions_for_other_hosts_do_not_hide_one_that_cannot_be_used) {
  const Variable variable("https_proxy", "http://ann:S3cr/et@proxy:3128");
  const auto is_refused = [](const std::string& exceptions) {
    const Variable list("NO_PROXY", exceptions);
    try {
      check_proxy_of_environment("https://api.example.invalid/");
      return false;
    } catch (const Error&) {
      return true;
    }
  };
  for (const char* others : {"", "localhost", "example.com, 10.0.0.0/8", "xample.invalid", "*.x",
                             "api.example.invalid.com"}) {
    EXPECT_TRUE(is_refused(others)) << others;
  }
  for (const char* own :
       {"*", "api.example.invalid", "a.b, Example.INVALID", ".invalid", "x,api.example.invalid."}) {
    EXPECT_FALSE(is_refused(own)) << own;
  }
}

TEST_F(Proxy, an_unusable_one_is_not_quoted_even_if_only_libcurl_knows_that_it_is_used) {
  const Variable exceptions("NO_PROXY", "10.0.0.0/8");
  const Variable variable("https_proxy", "http://ann:S3cr/et@proxy:3128");
  const auto outcome = exchange({.url = "https://192.0.2.1/"});
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->why.find("S3cr"), std::string::npos) << outcome.failure->why;
}

}  // namespace
}  // namespace rellama::http
