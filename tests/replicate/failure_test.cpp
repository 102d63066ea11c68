#include "replicate/failure.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/expect_error.hpp"

namespace rellama::replicate {
namespace {

using test::holds;
using Cause = http::Failure::Cause;

const Attempt kCreate{
    .failed = "cannot run meta/llama", .host = "api.example", .prediction_id = {}, .billed = true};
const Attempt kRead{.failed = "cannot read the prediction",
                    .host = "api.example",
                    .prediction_id = "abc",
                    .billed = false};

struct Case {
  int status;
  std::string body;
  ErrorKind kind;
  std::string words;
};

TEST(ErrorForResponse, each_status_has_its_kind_reason_and_remedy) {
  const std::vector<Case> cases{
      {401, R"({"title":"Unauthenticated","detail":"No token"})", ErrorKind::unauthorized,
       "rellama auth login"},
      {403, R"({"detail":"Not yours"})", ErrorKind::unauthorized, "Not yours"},
      {402, R"({"title":"Insufficient credit","detail":"Pay"})", ErrorKind::payment_required,
       "Insufficient credit: Pay"},
      {404, R"({"detail":"No such model","status":404})", ErrorKind::not_found, "No such model"},
      {404, "plain text\n", ErrorKind::not_found, "answered 404: plain text"},
      {400, "", ErrorKind::invalid_input, "answered 400"},
      {413, "", ErrorKind::invalid_input, "answered 413"},
      {422, R"({"title":"Invalid version or not permitted","detail":"No such version"})",
       ErrorKind::not_found, "check the version"},
      {422,
       R"({"title":"Input validation failed","detail":"- input.top_p: too big\n",
           "invalid_fields":[{"type":"number_lte","field":"input.top_p","description":"too big"}]})",
       ErrorKind::invalid_input, "top_p: too big"},
      {422,
       R"({"title":"Input validation failed","detail":"- version is required\n",
           "invalid_fields":[{"type":"required","field":"","description":"version is required"}]})",
       ErrorKind::invalid_input, "version is required"},
      {429, R"({"detail":"Throttled. Resets in ~30s."})", ErrorKind::rate_limited,
       "Resets in ~30s"},
      {500, "", ErrorKind::server, "answered 500"},
      {502, "<html>bad gateway</html>", ErrorKind::server, "an HTML page"},
      {418, "", ErrorKind::server, "answered 418"},
  };
  for (const auto& [status, body, kind, words] : cases) {
    const Error error = error_for(http::Response{status, {}, body}, kRead);
    EXPECT_EQ(error.kind(), kind) << status << " " << body;
    EXPECT_TRUE(holds(error.what(), words));
    EXPECT_TRUE(holds(error.what(), "cannot read the prediction: api.example answered"));
    EXPECT_EQ(error.parts().prediction_id, "abc");
  }
}

TEST(ErrorForResponse, a_create_that_ended_in_5xx_may_have_been_billed_and_says_so) {
  for (const int status : {500, 502, 503, 504}) {
    const Error error = error_for(http::Response{status, {}, ""}, kCreate);
    EXPECT_EQ(error.kind(), ErrorKind::may_have_started);
    EXPECT_TRUE(holds(error.what(), "may have been started and billed"));
  }
  EXPECT_FALSE(holds(error_for(http::Response{429, {}, ""}, kCreate).what(), "billed"));
  EXPECT_FALSE(holds(error_for(http::Response{500, {}, ""}, kRead).what(), "billed"));
}

TEST(ErrorForResponse, a_redirect_shows_its_target) {
  const Error error =
      error_for(http::Response{302, {{"location", "https://evil.org/"}}, "<html>"}, kRead);
  EXPECT_EQ(error.kind(), ErrorKind::server);
  EXPECT_TRUE(holds(error.what(), "redirects to 'https://evil.org/'"));
}

TEST(ErrorForFailure, a_lost_connection_is_a_network_error_with_libcurls_message) {
  const Error error = error_for(http::Failure{Cause::connection, false, "refused"}, kCreate);
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_TRUE(holds(error.what(), "cannot run meta/llama: api.example: refused"));
  EXPECT_TRUE(holds(error.what(), "check the network"));
  EXPECT_FALSE(holds(error.what(), "billed"));
}

TEST(ErrorForFailure, a_create_that_broke_after_it_was_sent_may_have_been_billed) {
  for (const Cause cause : {Cause::connection, Cause::timed_out, Cause::too_large}) {
    EXPECT_TRUE(holds(error_for(http::Failure{cause, true, "x"}, kCreate).what(),
                      "may have been started and billed"));
    EXPECT_FALSE(holds(error_for(http::Failure{cause, true, "x"}, kRead).what(), "billed"));
  }
}

TEST(ErrorForFailure, an_untrusted_certificate_has_its_own_remedy) {
  const Error error = error_for(http::Failure{Cause::certificate, false, "self signed"}, kRead);
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_TRUE(holds(error.what(), "--cacert"));
}

TEST(ErrorForFailure, an_endless_response_is_a_server_error) {
  EXPECT_EQ(error_for(http::Failure{Cause::too_large, true, "x"}, kRead).kind(), ErrorKind::server);
}

TEST(ErrorForUnreadable, says_that_the_response_is_not_from_the_api) {
  const Error page =
      error_for_unreadable({200, {}, "<html>Welcome</html>"}, "it is not JSON", kRead);
  EXPECT_EQ(page.kind(), ErrorKind::server);
  EXPECT_TRUE(holds(page.what(), "answered 200 with an HTML page"));
  EXPECT_TRUE(holds(page.what(), "--base-url"));
  const Error other = error_for_unreadable({201, {}, "{}"}, "the prediction has no id", kCreate);
  EXPECT_TRUE(holds(other.what(), "the prediction has no id"));
  EXPECT_TRUE(holds(other.what(), "may have been started and billed"));
}

}  // namespace
}  // namespace rellama::replicate
