#include "wire/redact_url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama::wire {
namespace {

TEST(WithoutCredentials, a_url_without_a_password_is_shown_as_it_is) {
  for (const std::string url :
       {"https://api.replicate.com/v1", "http://localhost:5000", "proxy.example:3128",
        "http://[::1]:8080/x:y", "socks5h://proxy", "cog=http://localhost:5000", ""}) {
    EXPECT_EQ(without_credentials(url), url);
  }
}

TEST(WithoutCredentials, a_password_is_hidden_even_if_the_url_cannot_be_read) {
  EXPECT_EQ(without_credentials("http://ann:geheim@proxy:3128"), "http://…@proxy:3128");
  EXPECT_EQ(without_credentials("ann:geheim@proxy:3128"), "…@proxy:3128");
  EXPECT_EQ(without_credentials("http://ann:ge/he@im@proxy:3128"), "http://…@proxy:3128");
  EXPECT_EQ(without_credentials("http://ann:geheim%40proxy:3128"), "http://…");
  EXPECT_EQ(without_credentials("http://ann:geheim:proxy:3128"), "http://…");
  EXPECT_EQ(without_credentials("http://ann:geheim"), "http://…");
  EXPECT_EQ(without_credentials("http://ann:ge#heim"), "http://…");
  EXPECT_EQ(without_credentials("http:/ann:geheim@proxy"), "…@proxy");
  EXPECT_EQ(without_credentials("cog=http://ann:geheim@host"), "cog=http://…@host");
}

TEST(WithoutCredentials, a_query_is_hidden) {
  EXPECT_EQ(without_credentials("https://host/v1?key=geheim"), "https://host/v1?…");
  EXPECT_EQ(without_credentials("https://ann:geheim@host/v1?key=geheim"), "https://…@host/v1?…");
  EXPECT_EQ(without_credentials("https://host/v1?user=ann@host&key=geheim"), "https://…");
  EXPECT_EQ(without_credentials("https://host?"), "https://host?");
}

}  // namespace
}  // namespace rellama::wire
