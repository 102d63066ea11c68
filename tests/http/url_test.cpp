#include "http/url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama::http {
namespace {

// The URL, which the test takes for granted to be one.
Url url(const std::string& text) {
  const auto parsed = parse_url(text);
  if (!parsed) ADD_FAILURE() << text << " was not accepted as a URL";
  return parsed.value_or(Url{});
}

TEST(Url, is_split_into_its_parts) {
  const Url parsed = url("https://API.Replicate.com/v1/predictions?cursor=a%2Fb#part");
  EXPECT_EQ(parsed.scheme, "https");
  EXPECT_EQ(parsed.host, "api.replicate.com");
  EXPECT_EQ(parsed.port, 443);
  EXPECT_EQ(parsed.path, "/v1/predictions");
  EXPECT_EQ(parsed.query, "cursor=a%2Fb");
  EXPECT_FALSE(parsed.has_credentials);
}

TEST(Url, the_port_defaults_to_that_of_the_scheme) {
  EXPECT_EQ(url("http://h/").port, 80);
  EXPECT_EQ(url("https://h").port, 443);
  EXPECT_EQ(url("http://h:8080").port, 8080);
  EXPECT_EQ(url("http://[::1]:99/x").port, 99);
  EXPECT_EQ(url("http://h").path, "/");
}

TEST(Url, anything_but_an_http_url_is_rejected) {
  for (const std::string& bad :
       {std::string(), std::string("api.replicate.com"), std::string("/v1/predictions"),
        std::string("ftp://h/"), std::string("file:///etc/passwd"), std::string("http://"),
        std::string("javascript:alert(1)"), std::string("http://h:99999/"),
        std::string("http://h:x/"), std::string("http://a b/"), std::string("http://h/\r\nX: y"),
        std::string("data:text/plain,x")}) {
    EXPECT_FALSE(parse_url(bad)) << bad;
  }
}

TEST(Url, credentials_are_detected_and_never_mistaken_for_the_host) {
  const Url tricky = url("https://api.replicate.com@evil.org/v1");
  EXPECT_EQ(tricky.host, "evil.org");
  EXPECT_TRUE(tricky.has_credentials);
  EXPECT_TRUE(url("https://user:word@h/").has_credentials);
  EXPECT_TRUE(url("https://:word@h/").has_credentials);
  EXPECT_FALSE(url("https://h/@user").has_credentials);
  EXPECT_FALSE(url("https://h/?a=b@c").has_credentials);
}

TEST(Url, text_after_a_hash_or_backslash_is_not_the_host) {
  EXPECT_EQ(url("https://evil.org#@api.replicate.com/").host, "evil.org");
  EXPECT_EQ(url("https://evil.org?@api.replicate.com/").host, "evil.org");
  const auto backslash = parse_url("https://evil.org\\@api.replicate.com/");
  EXPECT_TRUE(!backslash || backslash->has_credentials || backslash->host != "api.replicate.com");
}

TEST(Url, the_same_origin_means_the_same_scheme_host_and_port) {
  const Url one = url("https://h.org/a");
  EXPECT_TRUE(one.same_origin(url("https://H.ORG:443/b?c")));
  EXPECT_FALSE(one.same_origin(url("http://h.org:443/a")));
  EXPECT_FALSE(one.same_origin(url("https://h.org:8443/a")));
  EXPECT_FALSE(one.same_origin(url("https://www.h.org/a")));
  EXPECT_FALSE(one.same_origin(url("https://h.org.evil.org/a")));
}

TEST(Url, every_spelling_of_this_machine_is_loopback) {
  for (const std::string host :
       {"localhost", "LOCALHOST", "127.0.0.1", "127.255.0.7", "127.1", "0x7f.1", "0x7f000001",
        "2130706433", "0177.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]"}) {
    EXPECT_TRUE(url("http://" + host + ":8080/").is_loopback()) << host;
  }
}

TEST(Url, no_other_machine_is_loopback) {
  for (const std::string host :
       {"localhost.evil.org", "evil.localhost.org", "mylocalhost", "127.0.0.1.evil.org",
        "127.evil.org", "128.0.0.1", "10.0.0.1", "0.0.0.0", "1270.0.0.1", "[::2]", "[fe80::1]",
        "[::ffff:10.0.0.1]", "replicate.com", "xn--localhost-9ya.org"}) {
    EXPECT_FALSE(url("http://" + host + "/").is_loopback()) << host;
  }
}

TEST(ResolveUrl, a_location_is_resolved_against_its_base) {
  const std::string base = "https://h.org/v1/a/b?q=1";
  EXPECT_EQ(resolve_url(base, "https://other.org/x"), "https://other.org/x");
  EXPECT_EQ(resolve_url(base, "/x?y=2"), "https://h.org/x?y=2");
  EXPECT_EQ(resolve_url(base, "c"), "https://h.org/v1/a/c");
  EXPECT_EQ(resolve_url(base, "../c"), "https://h.org/v1/c");
  EXPECT_EQ(resolve_url(base, "//evil.org/x"), "https://evil.org/x");
}

TEST(ResolveUrl, a_location_that_is_not_http_is_rejected) {
  EXPECT_EQ(resolve_url("https://h.org/", "ftp://h.org/x"), std::nullopt);
  EXPECT_EQ(resolve_url("https://h.org/", "file:///etc/passwd"), std::nullopt);
  EXPECT_EQ(resolve_url("no url", "/x"), std::nullopt);
}

}  // namespace
}  // namespace rellama::http
