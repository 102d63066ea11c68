#include "web/guard.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/expect_error.hpp"

namespace rellama::web {
namespace {

using test::error_of;

constexpr const char* kKey = "0123456789abcdef0123";

httpd::Request get(const std::string& path, httpd::Headers headers) {
  return {.method = "GET",
          .target = path,
          .path = path,
          .query = {},
          .headers = std::move(headers),
          .body = {}};
}

class GuardTest : public testing::Test {
 protected:
  static GuardOptions options() {
    GuardOptions options;
    options.port = 8085;
    options.key = kKey;
    options.public_urls = {PublicUrl::parse("https://Chat.Example.org/")};
    options.one_time_key = "one-time-key-of-20-ch";
    return options;
  }

  /// The status of the reply; 0 if the request may be answered.
  int status(const httpd::Request& request) const {
    const auto reply = guard_.answer(request);
    return reply ? reply->status : 0;
  }
  int status_of(httpd::Headers headers) const {
    headers.emplace_back("x-api-key", kKey);
    return status(get("/ui/state", std::move(headers)));
  }

  Guard guard_{options()};
};

TEST_F(GuardTest, a_key_is_accepted_in_three_places) {
  const httpd::Headers host{{"Host", "127.0.0.1:8085"}};
  const auto with = [&](const std::string& name, const std::string& value) {
    httpd::Headers headers = host;
    headers.emplace_back(name, value);
    return status(get("/ui/state", headers));
  };
  EXPECT_EQ(with("X-Api-Key", kKey), 0);
  EXPECT_EQ(with("authorization", std::string("bearer ") + kKey), 0);
  EXPECT_EQ(with("Cookie", std::string("a=b; rellama_key_8085=") + kKey + "; c=d"), 0);
  EXPECT_EQ(status(get("/ui/state", host)), 401);
  EXPECT_EQ(with("X-Api-Key", "0123456789abcdef0124"), 401);
  EXPECT_EQ(with("X-Api-Key", ""), 401);
  EXPECT_EQ(with("X-Api-Key", std::string(kKey) + kKey), 401);
  EXPECT_EQ(with("Authorization", std::string("Basic ") + kKey), 401);
  EXPECT_EQ(with("Cookie", std::string("rellama_key_8086=") + kKey), 401);
  EXPECT_EQ(with("Cookie", "rellama_key_8085"), 401);
}

TEST_F(GuardTest, only_known_hosts_are_answered) {
  for (const char* host :
       {"127.0.0.1:8085", "localhost:8085", "LOCALHOST:8085", "[::1]:8085", "chat.example.org"}) {
    EXPECT_EQ(status_of({{"Host", host}}), 0) << host;
  }
  for (const char* host : {"evil.example", "evil.example:8085", "localhost", "127.0.0.1:8086",
                           "localhost:8085.evil.example", "chat.example.org:8085", ""}) {
    EXPECT_EQ(status_of({{"Host", host}}), 421) << host;
  }
  EXPECT_EQ(status_of({}), 421);
  EXPECT_EQ(status_of({{"Host", "localhost:8085"}, {"Host", "evil.example"}}), 421);
}

TEST_F(GuardTest, only_known_origins_are_answered) {
  const auto from = [this](const std::string& origin) {
    return status_of({{"Host", "localhost:8085"}, {"Origin", origin}});
  };
  EXPECT_EQ(from("http://localhost:8085"), 0);
  EXPECT_EQ(from("https://chat.example.org"), 0);
  for (const char* origin : {"https://evil.example", "null", "", "http://localhost:3000",
                             "https://localhost:8085", "http://chat.example.org"}) {
    EXPECT_EQ(from(origin), 403) << origin;
  }
}

// A name that was made to resolve to this machine is equal to its own Origin.
TEST_F(GuardTest, an_origin_that_equals_an_unknown_host_does_not_help) {
  EXPECT_EQ(status_of({{"Host", "evil.example:8085"}, {"Origin", "http://evil.example:8085"}}),
            421);
}

TEST_F(GuardTest, what_other_sites_load_is_refused) {
  const auto from = [this](const char* site, const char* mode) {
    return status_of(
        {{"Host", "localhost:8085"}, {"Sec-Fetch-Site", site}, {"Sec-Fetch-Mode", mode}});
  };
  EXPECT_EQ(from("same-origin", "cors"), 0);
  EXPECT_EQ(from("none", "navigate"), 0);
  EXPECT_EQ(from("cross-site", "no-cors"), 403);
  EXPECT_EQ(from("cross-site", "navigate"), 403);
  EXPECT_EQ(from("same-site", "no-cors"), 403);
}

TEST_F(GuardTest, clients_that_are_no_browsers_send_a_mode_without_a_site) {
  EXPECT_EQ(status_of({{"Host", "localhost:8085"}, {"Sec-Fetch-Mode", "cors"}}), 0);
}

TEST_F(GuardTest, the_key_moves_from_the_url_into_a_cookie) {
  httpd::Request request = get("/", {{"Host", "localhost:8085"}});
  request.query.emplace("key", kKey);
  const auto reply = guard_.answer(request);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 303);
  std::string cookie;
  for (const auto& [name, value] : reply->headers) {
    if (name == "Set-Cookie") cookie = value;
    if (name == "Location") {
      EXPECT_EQ(value, "/");
    }
  }
  EXPECT_EQ(cookie, std::string("rellama_key_8085=") + kKey +
                        "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
  request.path = "/ui/state";
  EXPECT_EQ(status(request), 401) << "only the page itself takes it";
  request.path = "/";
  request.query.emplace("key", "wrong");
  EXPECT_EQ(status(request), 401);
}

TEST_F(GuardTest, a_public_url_with_tls_makes_the_cookie_secure) {
  httpd::Request request = get("/", {{"Host", "chat.example.org"}});
  request.query.emplace("key", kKey);
  const auto reply = guard_.answer(request);
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->headers.back().second.ends_with("; Secure"));
}

TEST_F(GuardTest, a_one_time_key_works_once) {
  httpd::Request request = get("/", {{"Host", "localhost:8085"}});
  request.query.emplace("key", options().one_time_key);
  EXPECT_EQ(status(request), 303);
  EXPECT_EQ(status(request), 401);
  EXPECT_EQ(status(get("/", {{"Host", "localhost:8085"}, {"x-api-key", options().one_time_key}})),
            401);
}

// The browser sends the cookie only once the page itself asks.
TEST_F(GuardTest, a_link_on_another_site_opens_the_page) {
  const httpd::Headers link{{"Host", "localhost:8085"},
                            {"Accept", "text/html"},
                            {"Sec-Fetch-Site", "cross-site"},
                            {"Sec-Fetch-Mode", "navigate"}};
  const auto reply = guard_.answer(get("/", link));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_NE(reply->body.find("url=/"), std::string::npos);
  EXPECT_EQ(status(get("/ui/state", link)), 403);
}

TEST_F(GuardTest, whoever_opens_the_page_without_a_key_is_told_what_to_do) {
  const auto reply = guard_.answer(get("/", {{"Host", "localhost:8085"}, {"Accept", "text/html"}}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 401);
  EXPECT_NE(reply->body.find("rellama serve"), std::string::npos);
}

TEST_F(GuardTest, a_body_has_to_be_json) {
  const auto post = [this](httpd::Headers headers) {
    headers.emplace_back("Host", "localhost:8085");
    headers.emplace_back("x-api-key", kKey);
    httpd::Request request = get("/ui/runs", std::move(headers));
    request.method = "POST";
    return status(request);
  };
  EXPECT_EQ(post({{"Content-Type", "application/json"}}), 0);
  EXPECT_EQ(post({{"Content-Type", "Application/JSON; charset=utf-8"}}), 0);
  EXPECT_EQ(post({{"Content-Type", "text/plain"}}), 415);
  EXPECT_EQ(post({{"Content-Type", "application/x-www-form-urlencoded"}}), 415);
  EXPECT_EQ(post({{"Content-Type", "text/plain;application/json"}}), 415);
  EXPECT_EQ(post({{"Content-Type", "application/json"}, {"Content-Type", "text/plain"}}), 415);
  EXPECT_EQ(post({}), 415);
}

TEST(PublicUrl, is_the_root_of_a_server) {
  const PublicUrl url = PublicUrl::parse("https://Chat.example.org:443/");
  EXPECT_EQ(url.host, "chat.example.org");
  EXPECT_EQ(url.origin, "https://chat.example.org");
  EXPECT_TRUE(url.is_https);
  EXPECT_EQ(PublicUrl::parse("http://box:8080").host, "box:8080");
  for (const char* text : {"chat.example.org", "ftp://x", "https://", "https://x/path",
                           "https://user@x", "https://x?y", "https:// x", ""}) {
    EXPECT_EQ(error_of([&] { (void)PublicUrl::parse(text); }).kind(), ErrorKind::invalid_input)
        << text;
  }
}

TEST(Loopback, is_this_machine_only) {
  for (const char* host : {"127.0.0.1", "127.8.9.1", "::1", "localhost"})
    EXPECT_TRUE(is_loopback(host));
  for (const char* host : {"0.0.0.0", "::", "192.168.1.2", "127.evil.example", "example.org", ""}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace rellama::web
