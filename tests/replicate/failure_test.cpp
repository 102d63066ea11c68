#include "replicate/failure.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
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

TEST(ErrorForResponse, a_page_that_refuses_is_not_from_the_api_and_says_nothing_of_the_token) {
  for (const int status : {401, 403}) {
    const Error error =
        error_for(http::Response{status, {}, "<!DOCTYPE html>Attention Required!"}, kCreate);
    EXPECT_EQ(error.kind(), ErrorKind::server);
    EXPECT_TRUE(holds(error.what(), "something in front of it refused the request"));
    EXPECT_FALSE(holds(error.what(), "rellama auth login"));
    EXPECT_FALSE(holds(error.what(), "billed"));
  }
  const Error missing = error_for(http::Response{404, {}, "<html>Not Found"}, kRead);
  EXPECT_EQ(missing.kind(), ErrorKind::not_found);
  EXPECT_TRUE(holds(missing.what(), "--base-url"));
}

TEST(ErrorForResponse, a_gateway_that_refuses_is_not_taken_for_replicate) {
  for (const char* body :
       {R"({"result":null,"success":false,"errors":[{"code":10000,"message":"No key"}]})",
        R"({"success":false,"result":[],"error":[{"code":2009,"message":"No key"}]})",
        R"({"name":"AiGatewayError","internalCode":2009,"message":"No key"})"}) {
    const Error error = error_for(http::Response{401, {}, body}, kCreate);
    EXPECT_EQ(error.kind(), ErrorKind::unauthorized);
    EXPECT_TRUE(holds(error.what(), "answered 401: No key; "));
    EXPECT_TRUE(holds(error.what(), "RELLAMA_GATEWAY_HEADER"));
    EXPECT_FALSE(holds(error.what(), "rellama auth login"));
  }
}

TEST(ErrorForResponse, http_to_a_port_for_https_says_so) {
  for (const char* body :
       {"<html><title>400 The plain HTTP request was sent to HTTPS port</title>",
        "Client sent an HTTP request to an HTTPS server.\n",
        "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"}) {
    const Error error = error_for(http::Response{400, {}, body}, kCreate);
    EXPECT_EQ(error.kind(), ErrorKind::network);
    EXPECT_TRUE(holds(error.what(), "write https://"));
  }
}

TEST(ErrorForResponse, a_request_that_is_too_large_says_what_to_do) {
  EXPECT_TRUE(
      holds(error_for(http::Response{413, {}, "<html>"}, kCreate).what(), "shorten the prompt"));
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

TEST(ErrorForFailure, each_cause_has_its_own_remedy) {
  const std::vector<std::pair<Cause, std::string>> cases{
      {Cause::unknown_authority, "--cacert"},
      {Cause::certificate_expired, "the certificate of the server must be renewed"},
      {Cause::certificate_host, "check the host name in the URL of the server"},
      {Cause::no_tls, "check the scheme and the port"},
      {Cause::tls, "write https://"},
      {Cause::proxy_credentials, "put the right user name and password for the proxy into its URL"},
      {Cause::proxy, "check that the proxy allows"},
  };
  for (const auto& [cause, remedy] : cases) {
    const Error error = error_for({.cause = cause, .why = "x"}, kCreate);
    EXPECT_EQ(error.kind(), ErrorKind::network) << remedy;
    EXPECT_TRUE(holds(error.what(), remedy));
    EXPECT_FALSE(holds(error.what(), "billed"));
  }
  EXPECT_EQ(error_for({.cause = Cause::authorities, .why = "x"}, kRead).kind(),
            ErrorKind::invalid_input);
}

TEST(ErrorForFailure, a_proxy_with_a_bad_certificate_is_not_taken_for_the_server) {
  const std::vector<std::pair<Cause, std::string>> cases{
      {Cause::unknown_authority, "pass the CA certificate of the proxy with --cacert"},
      {Cause::certificate_expired, "the certificate of the proxy must be renewed"},
      {Cause::certificate_host, "check the host name in the URL of the proxy"},
      {Cause::no_tls, "write http:// instead of https:// in the URL of the proxy"},
  };
  for (const auto& [cause, remedy] : cases) {
    const http::Failure failure{.cause = cause, .why = "x", .at_proxy = true};
    EXPECT_TRUE(holds(error_for(failure, kCreate).what(), remedy));
  }
}

TEST(ErrorForFailure, a_lack_of_memory_is_no_fault_of_the_network_unless_a_create_was_sent) {
  const Error unsent = error_for(http::Failure{Cause::no_memory, false, http::kNoMemory}, kCreate);
  EXPECT_EQ(unsent.kind(), ErrorKind::internal);
  EXPECT_TRUE(holds(unsent.what(), "out of memory")) << unsent.what();
  const Error sent = error_for(http::Failure{Cause::no_memory, true, http::kNoMemory}, kCreate);
  EXPECT_EQ(sent.kind(), ErrorKind::may_have_started);
  const Error read = error_for(http::Failure{Cause::no_memory, true, http::kNoMemory}, kRead);
  EXPECT_EQ(read.kind(), ErrorKind::internal);
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
