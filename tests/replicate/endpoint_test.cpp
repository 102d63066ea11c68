#include "replicate/endpoint.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"

namespace rellama::replicate {
namespace {

using Trust = Endpoint::Trust;

const Endpoint kReplicate("https://api.replicate.com/v1", false);

TEST(Endpoint, the_base_url_may_or_may_not_include_the_version) {
  for (const std::string base :
       {"https://api.replicate.com", "https://api.replicate.com/", "https://api.replicate.com/v1",
        "https://api.replicate.com/v1/", "https://api.replicate.com/v1//"}) {
    EXPECT_EQ(Endpoint(base, false).url_of("/account"), "https://api.replicate.com/v1/account")
        << base;
  }
}

TEST(Endpoint, a_gateway_may_have_a_path_of_its_own) {
  EXPECT_EQ(Endpoint("https://gate.org/llm/", false).url_of("/x"), "https://gate.org/llm/v1/x");
  EXPECT_EQ(Endpoint("https://gate.org/llm/v1", false).url_of("/x"), "https://gate.org/llm/v1/x");
  EXPECT_EQ(Endpoint("https://gate.org/notv1", false).url_of("/x"), "https://gate.org/notv1/v1/x");
}

TEST(Endpoint, cloudflares_gateway_has_no_version_in_its_path) {
  const std::string gateway = "https://gateway.ai.cloudflare.com/v1/account/gate/replicate";
  for (const std::string& base : {gateway, gateway + "/"}) {
    const Endpoint endpoint(base, false);
    EXPECT_EQ(endpoint.create_url(ModelVersion{"abc", ModelName{"meta", "llama"}}),
              gateway + "/predictions");
    EXPECT_EQ(endpoint.model_url({"meta", "llama"}), gateway + "/models/meta/llama");
  }
  EXPECT_EQ(Endpoint("https://gate.org/replicate/v1", false).url_of("/x"),
            "https://gate.org/replicate/v1/x");
  EXPECT_EQ(Endpoint("https://replicate", false).url_of("/x"), "https://replicate/v1/x");
  EXPECT_EQ(Endpoint("https://gate.org/notreplicate", false).url_of("/x"),
            "https://gate.org/notreplicate/v1/x");
}

TEST(Endpoint, each_kind_of_reference_has_its_own_create_url) {
  EXPECT_EQ(kReplicate.create_url(ModelName{"meta", "llama-2-70b-chat"}),
            "https://api.replicate.com/v1/models/meta/llama-2-70b-chat/predictions");
  EXPECT_EQ(kReplicate.create_url(ModelVersion{"abc", ModelName{"meta", "llama"}}),
            "https://api.replicate.com/v1/predictions");
  EXPECT_EQ(kReplicate.create_url(Deployment{"me", "chat"}),
            "https://api.replicate.com/v1/deployments/me/chat/predictions");
  EXPECT_EQ(kReplicate.model_url({"me", "chat"}), "https://api.replicate.com/v1/models/me/chat");
}

TEST(Endpoint, an_invalid_base_url_is_rejected_with_the_reason) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "not an http or https URL"},
      {"api.replicate.com", "not an http or https URL"},
      {"ftp://api.replicate.com", "not an http or https URL"},
      {"https://", "not an http or https URL"},
      {"https://me:word@api.replicate.com/v1", "user name or password"},
      {"https://api.replicate.com@evil.org/", "user name or password"},
      {"https://api.replicate.com/v1?x=1", "query"},
      {"http://api.replicate.com/v1", "plain http"},
      {"http://localhost.evil.org/v1", "plain http"},
      {"http://127.0.0.1.evil.org/v1", "plain http"},
      {"http://10.0.0.1/v1", "plain http"},
  };
  for (const auto& [base, words] : cases) {
    const Error error = test::error_of([&, b = base] { Endpoint(b, false); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << base;
    EXPECT_TRUE(test::holds(error.what(), words)) << base;
  }
}

TEST(Endpoint, the_error_for_a_base_url_does_not_show_its_password) {
  const Error error =
      test::error_of([] { Endpoint("https://me:sesame@api.replicate.com/v1", false); });
  EXPECT_FALSE(test::holds(error.what(), "sesame"));
}

TEST(Endpoint, a_fragment_in_the_base_url_is_rejected_like_a_query) {
  for (const std::string base :
       {"https://api.replicate.com/v1#part", "https://api.replicate.com/#", "https://h/v1?"}) {
    EXPECT_EQ(test::error_of([&] { Endpoint(base, false); }).kind(), ErrorKind::invalid_input)
        << base;
  }
}

TEST(Endpoint, plain_http_is_allowed_on_this_machine_or_with_allow_http) {
  for (const std::string base :
       {"http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000", "http://127.1:5000",
        "http://0x7f.1:5000", "http://2130706433"}) {
    EXPECT_NO_THROW(Endpoint(base, false)) << base;
  }
  EXPECT_NO_THROW(Endpoint("http://10.0.0.1/v1", true));
}

TEST(Endpoint, the_token_goes_to_replicate_over_tls_and_nowhere_else) {
  const std::vector<std::pair<std::string, Trust>> cases{
      {"https://api.replicate.com/v1/predictions/x", Trust::token},
      {"https://API.REPLICATE.COM/v1/", Trust::token},
      {"https://stream.replicate.com/v1/files/abc", Trust::token},
      {"https://streaming-api.svc.us.c.replicate.net/v1/predictions/x", Trust::token},
      {"https://foo.replicate.net:8443/", Trust::token},
      {"https://replicate.com/", Trust::token},
      {"https://evilreplicate.com/", Trust::no_token},
      {"https://evilreplicate.net/", Trust::no_token},
      {"https://replicate.com.evil.org/", Trust::no_token},
      {"https://replicate.community/", Trust::no_token},
      {"https://evil.org/replicate.com", Trust::no_token},
      {"https://evil.org#.replicate.com", Trust::no_token},
      {"https://evil.org?.replicate.com", Trust::no_token},
      {"https://replicate.delivery/x", Trust::no_token},
      {"https://api.replicate.com@evil.org/", Trust::refused},
      {"https://user:word@api.replicate.com/", Trust::refused},
      {"https://evil.org\\@stream.replicate.com/", Trust::refused},
      {"http://api.replicate.com/v1/predictions/x", Trust::refused},
      {"http://stream.replicate.com/", Trust::refused},
      {"http://evil.org/", Trust::refused},
      {"http://localhost.evil.org/", Trust::refused},
      {"http://127.0.0.1.evil.org/", Trust::refused},
      {"http://127.0.0.1:9/", Trust::no_token},
      {"http://localhost/", Trust::no_token},
      {"http://[::1]:9/", Trust::no_token},
      {"http://127.1/", Trust::no_token},
      {"http://0x7f.1/", Trust::no_token},
      {"ftp://api.replicate.com/", Trust::refused},
      {"file:///etc/passwd", Trust::refused},
      {"//api.replicate.com/", Trust::refused},
      {"/v1/predictions/x", Trust::refused},
      {"", Trust::refused},
      {"https://api.replicate.com/\r\nX: y", Trust::refused},
  };
  for (const auto& [url, trust] : cases) EXPECT_EQ(kReplicate.trust(url), trust) << url;
}

TEST(Endpoint, the_token_for_a_local_api_is_sent_only_to_its_port) {
  const Endpoint local("http://127.0.0.1:5000", false);
  EXPECT_EQ(local.trust("http://127.0.0.1:5000/stream"), Trust::token);
  EXPECT_EQ(local.trust("http://127.1:5000/stream"), Trust::token);
  EXPECT_EQ(local.trust("http://127.0.0.1:5001/stream"), Trust::no_token);
  EXPECT_EQ(local.trust("http://localhost:5000/stream"), Trust::no_token);
  EXPECT_EQ(local.trust("http://10.0.0.1:5000/stream"), Trust::refused);
}

TEST(Endpoint, with_allow_http_the_token_is_still_sent_only_to_the_apis_origin) {
  const Endpoint lax("http://10.0.0.1:5000", true);
  EXPECT_EQ(lax.trust("http://10.0.0.1:5000/x"), Trust::token);
  EXPECT_EQ(lax.trust("http://10.0.0.2:5000/x"), Trust::no_token);
  EXPECT_EQ(lax.trust("http://api.replicate.com/x"), Trust::no_token);
  EXPECT_EQ(lax.trust("http://u@10.0.0.1:5000/x"), Trust::refused);
}

TEST(Endpoint, only_the_exact_origin_is_its_own) {
  EXPECT_TRUE(kReplicate.is_own("https://api.replicate.com/v1/predictions?cursor=x"));
  EXPECT_TRUE(kReplicate.is_own("https://api.replicate.com:443/"));
  EXPECT_FALSE(kReplicate.is_own("http://api.replicate.com/v1/"));
  EXPECT_FALSE(kReplicate.is_own("https://api.replicate.com:444/v1/"));
  EXPECT_FALSE(kReplicate.is_own("https://stream.replicate.com/"));
  EXPECT_FALSE(kReplicate.is_own("https://me@api.replicate.com/"));
  EXPECT_FALSE(kReplicate.is_own(""));
}

TEST(Endpoint, a_replay_on_this_machine_stands_in_for_the_recorded_api_and_all_other_hosts) {
  const http::Headers says{{"rellama-replay-of", "https://api.replicate.com"}};
  Endpoint replay("http://127.0.0.1:5000/v1", false);
  EXPECT_EQ(replay.address_of("https://api.replicate.com/v1/x"), "https://api.replicate.com/v1/x");
  replay.learn({{"content-type", "text/plain"}});
  EXPECT_FALSE(replay.is_replay());
  replay.learn(says);
  EXPECT_TRUE(replay.is_replay());
  EXPECT_EQ(replay.address_of("https://api.replicate.com/v1/x?y#z"),
            "http://127.0.0.1:5000/v1/x?y#z");
  EXPECT_EQ(replay.address_of("https://replicate.delivery"), "http://127.0.0.1:5000/");
  EXPECT_EQ(replay.address_of("https://replicate.delivery?x"), "http://127.0.0.1:5000/?x");
  EXPECT_EQ(replay.address_of("http://127.0.0.1:5000/v1/x"), "http://127.0.0.1:5000/v1/x");
  EXPECT_TRUE(replay.is_own("https://api.replicate.com/v1/predictions?cursor=x"));
  EXPECT_FALSE(replay.is_own("https://stream.replicate.com/"));

  Endpoint real("https://api.replicate.com/v1", false);
  real.learn({{"rellama-replay-of", "https://evil.example"}});
  EXPECT_FALSE(real.is_replay());
  EXPECT_EQ(real.address_of("https://replicate.delivery/x"), "https://replicate.delivery/x");
}

Prediction prediction(std::string id, std::string get = {}, std::string cancel = {}) {
  Prediction made;
  made.id.value = std::move(id);
  made.get_url = std::move(get);
  made.cancel_url = std::move(cancel);
  return made;
}

TEST(Endpoint, urls_from_the_server_are_used_if_they_point_back_to_it) {
  const auto ours =
      prediction("x", "https://api.replicate.com/v1/p/x?a", "https://api.replicate.com/c");
  EXPECT_EQ(kReplicate.get_url(ours), "https://api.replicate.com/v1/p/x?a");
  EXPECT_EQ(kReplicate.cancel_url(ours), "https://api.replicate.com/c");
}

TEST(Endpoint, other_urls_are_replaced_by_ones_built_from_the_id) {
  for (const std::string other :
       {"", "https://evil.org/x", "http://api.replicate.com/v1/predictions/x",
        "https://api.replicate.com@evil.org/", "nonsense"}) {
    const auto theirs = prediction("x", other, other);
    EXPECT_EQ(kReplicate.get_url(theirs), "https://api.replicate.com/v1/predictions/x") << other;
    EXPECT_EQ(kReplicate.cancel_url(theirs), "https://api.replicate.com/v1/predictions/x/cancel");
  }
}

TEST(Endpoint, a_hostile_id_stays_in_its_path_segment) {
  const std::string base = "https://api.replicate.com/v1/predictions/";
  EXPECT_EQ(kReplicate.get_url(prediction("../account")), base + "%2E%2E%2Faccount");
  EXPECT_EQ(kReplicate.get_url(prediction("..")), base + "%2E%2E");
  EXPECT_EQ(kReplicate.get_url(prediction("a?b#c")), base + "a%3Fb%23c");
  EXPECT_EQ(kReplicate.get_url(prediction("a%2fb")), base + "a%252fb");
  EXPECT_EQ(kReplicate.get_url(prediction("a\r\nX: y")), base + "a%0D%0AX%3A%20y");
  EXPECT_EQ(kReplicate.get_url(prediction("@evil.org")), base + "%40evil%2Eorg");
  EXPECT_EQ(kReplicate.get_url(prediction("\xC3\xA9")), base + "%C3%A9");
  EXPECT_EQ(kReplicate.cancel_url(prediction("a/b")), base + "a%2Fb/cancel");
  EXPECT_EQ(kReplicate.get_url(prediction("dp-a_B~9")), base + "dp-a_B~9");
}

}  // namespace
}  // namespace rellama::replicate
