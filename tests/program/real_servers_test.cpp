// The program with servers that others wrote: nginx and nghttpx with HTTP/2 in front of the
// emulator, tinyproxy and nghttpx as proxies.

#include <signal.h>

#include <fstream>
#include <iterator>

#include "program/program_test.hpp"
#include "support/certificates.hpp"
#include "support/expect_error.hpp"
#include "support/real_servers.hpp"

namespace rellama::test {
namespace {

constexpr const char* kMayHaveStarted = "may have been started";

class RealServers : public ProgramTest {
 protected:
  [[nodiscard]] std::unique_ptr<RealServer> nginx(Buffering buffering = Buffering::off,
                                                  Flaw flaw = Flaw::none) const {
    return start_nginx(home_, authority_.issue(flaw), emulator_->port(), buffering);
  }
  [[nodiscard]] Launch to(const std::string& base_url, std::vector<std::string> arguments,
                          bool trusted = true) const {
    Launch made = launch(std::move(arguments));
    made.environment["REPLICATE_BASE_URL"] = base_url;
    if (trusted) made.environment["SSL_CERT_FILE"] = authority_file();
    return made;
  }
  [[nodiscard]] std::string authority_file() const { return file("ca.pem", authority_.pem()); }
  [[nodiscard]] static std::string proxy_url(const RealServer& proxy,
                                             const std::string& credentials = {}) {
    return "http://" + credentials + "localhost:" + std::to_string(proxy.port());
  }
  // What nginx wrote; it has to be stopped.
  [[nodiscard]] std::string requests_of_nginx() const {
    std::ifstream log(home_ / "nginx.log");
    return {std::istreambuf_iterator<char>(log), {}};
  }

  // A prompt through `proxy` that fails before anything reaches the server, and says why.
  void expect_failure(const RealServer& front, const std::vector<std::string>& options,
                      const std::string& why) const {
    std::vector<std::string> arguments{"-m", kEcho, "--retries", "0"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.emplace_back("Hello");
    const Outcome outcome = run(to(front.https_url(), arguments));
    EXPECT_EQ(outcome.exit_code, 7) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(holds(outcome.err, why));
    EXPECT_FALSE(holds(outcome.err, kMayHaveStarted));
    EXPECT_TRUE(emulator_->requests().empty());
  }

  Authority authority_;
};

TEST_F(RealServers, an_answer_streams_through_nginx_with_and_without_buffering) {
  for (const Buffering buffering : {Buffering::off, Buffering::on}) {
    start_emulator({});
    const auto front = nginx(buffering);
    const Outcome outcome = run(to(front->https_url(), {"-m", kEcho, "Hello through nginx"}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "Hello through nginx\n");
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(creates(), 1U);
    EXPECT_EQ(streams(), 1U);
    EXPECT_EQ(cancels(), 0U);
  }
}

TEST_F(RealServers, tokens_pass_nginx_as_they_are_made) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start_emulator(options);
  const auto front = nginx();
  Process process(to(front->https_url(), {"Why is the sky blue?"}));
  ASSERT_TRUE(process.read_until("sky"));
  process.send_signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_EQ(creates(), 1U);
  EXPECT_EQ(cancels(), 1U) << "the cancellation arrives too";
}

TEST_F(RealServers, a_detached_run_is_followed_and_canceled_over_http2) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start_emulator(options);
  const auto front = nginx();
  const Outcome detached = run(to(front->https_url(), {"--detach", "Why is the sky blue?"}));
  ASSERT_EQ(detached.exit_code, 0) << detached.err;
  const std::string id = detached.out.substr(0, detached.out.find('\n'));
  Process following(to(front->https_url(), {"predictions", "stream", id}));
  ASSERT_TRUE(following.read_until("sky"));
  EXPECT_EQ(run(to(front->https_url(), {"predictions", "cancel", id})).exit_code, 0);
  EXPECT_NE(following.wait().exit_code, 0) << "it was canceled";
  front->stop();
  const std::string requests = requests_of_nginx();
  EXPECT_TRUE(holds(requests, "HTTP/1.1 POST /v1/models/meta/llama-2-70b-chat/predictions"))
      << "a create never shares a connection";
  EXPECT_TRUE(holds(requests, "HTTP/2.0 GET /v1/streams/"));
  EXPECT_TRUE(holds(requests, "HTTP/2.0 POST /v1/predictions/" + id + "/cancel"));
  EXPECT_EQ(creates(), 1U);
}

TEST_F(RealServers, several_answers_share_http2_connections_and_each_is_created_once) {
  const auto nginx_front = nginx();
  const auto nghttpx_front = start_nghttpx(home_, authority_.issue(Flaw::none), emulator_->port());
  std::size_t created = 0;
  for (const RealServer* front : {nginx_front.get(), nghttpx_front.get()}) {
    const Outcome outcome = run(to(front->https_url(), {"compare", "-m", kEcho, "--sweep",
                                                        "seed=1,2,3,4,5", "--json", "Hi there"}));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const nlohmann::json comparison = nlohmann::json::parse(outcome.out);
    for (const auto& result : comparison["results"]) EXPECT_EQ(result["output"], "Hi there");
    EXPECT_EQ(comparison["results"].size(), 5U);
    EXPECT_EQ(creates() - created, 5U);
    created = creates();
  }
}

TEST_F(RealServers, an_answer_arrives_through_a_proxy) {
  const auto front = nginx();
  const auto open = start_tinyproxy(home_);
  const auto locked = start_tinyproxy(home_, "ann s3cret");
  const auto encrypted = start_tls_proxy(home_, authority_.issue(Flaw::none), open->port());
  const std::vector<std::string> proxies{proxy_url(*open), proxy_url(*locked, "ann:s3cret@"),
                                         encrypted->https_url()};
  for (const std::string& proxy : proxies) {
    const Outcome outcome = run(to(front->https_url(), {"-m", kEcho, "--proxy", proxy, "Hello"}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "Hello\n");
    EXPECT_EQ(outcome.err, "");
  }
  EXPECT_EQ(creates(), proxies.size());
}

TEST_F(RealServers, a_proxy_that_wants_a_password_says_so_at_once) {
  const auto front = nginx();
  const auto proxy = start_tinyproxy(home_, "ann s3cret");
  const auto encrypted = start_tls_proxy(home_, authority_.issue(Flaw::none), proxy->port());
  const std::string why = "the proxy wants a user name and a password";
  expect_failure(*front, {"--proxy", proxy_url(*proxy)}, why);
  expect_failure(*front, {"--proxy", proxy_url(*proxy, "ann:wr0ng@")}, why);
  expect_failure(*front, {"--proxy", encrypted->https_url()}, why);
}

TEST_F(RealServers, a_proxy_that_cannot_reach_the_server_is_asked_again_and_nothing_is_billed) {
  const auto proxy = start_tinyproxy(home_);
  const Outcome outcome = run(to("https://localhost:1", {"-m", kEcho, "--retries", "1", "--proxy",
                                                         proxy_url(*proxy), "Hello"}));
  EXPECT_EQ(outcome.exit_code, 7) << outcome.err;
  EXPECT_TRUE(holds(outcome.err, "the proxy cannot connect to it now"));
  EXPECT_TRUE(holds(outcome.err, "(1 of 1)"));
  EXPECT_FALSE(holds(outcome.err, kMayHaveStarted));
}

TEST_F(RealServers, certificates_are_checked_behind_a_proxy) {
  const auto proxy = start_tinyproxy(home_);
  for (const auto& [flaw, why] :
       {std::pair(Flaw::expired, "the certificate of the server must be renewed"),
        std::pair(Flaw::other_host, "check the host name in the URL of the server")}) {
    const auto front = nginx(Buffering::off, flaw);
    expect_failure(*front, {"--proxy", proxy_url(*proxy)}, why);
  }
  const auto front = nginx();
  expect_failure(*front,
                 {"--proxy", proxy_url(*proxy), "--cacert", file("other.pem", Authority().pem())},
                 "pass the CA certificate with --cacert");
}

TEST_F(RealServers, the_certificate_of_a_proxy_is_checked_too) {
  const auto front = nginx();
  const auto proxy = start_tinyproxy(home_);
  for (const auto& [flaw, why] :
       {std::pair(Flaw::expired, "the certificate of the proxy must be renewed"),
        std::pair(Flaw::other_host, "check the host name in the URL of the proxy")}) {
    const auto encrypted = start_tls_proxy(home_, authority_.issue(flaw), proxy->port());
    expect_failure(*front, {"--proxy", encrypted->https_url()}, why);
  }
  const auto encrypted = start_tls_proxy(home_, Authority().issue(Flaw::none), proxy->port());
  expect_failure(*front, {"--proxy", encrypted->https_url()},
                 "pass the CA certificate of the proxy with --cacert");
}

TEST_F(RealServers, the_wrong_scheme_is_named_as_the_cause) {
  const auto front = nginx();
  const Outcome http = run(to("http://localhost:" + std::to_string(front->port()), {"Hello"}));
  EXPECT_EQ(http.exit_code, 7) << http.err;
  EXPECT_TRUE(holds(http.err, "write https:// instead of http://"));
  const Outcome https =
      run(to("https://localhost:" + std::to_string(emulator_->port()), {"Hello"}));
  EXPECT_EQ(https.exit_code, 7) << https.err;
  EXPECT_TRUE(holds(https.err, "the port does not speak TLS"));
}

}  // namespace
}  // namespace rellama::test
