// TLS with a real server and generated certificates.

#include <gtest/gtest.h>

#include <string>

#include "program/program_test.hpp"
#include "support/certificates.hpp"
#include "support/tls_front.hpp"

namespace rellama::test {
namespace {

class Tls : public ProgramTest {
 protected:
  [[nodiscard]] Outcome ask(const TlsFront& front, std::vector<std::string> options = {}) const {
    std::vector<std::string> arguments{"--base-url", front.url(), "--retries", "0", "-m", kEcho};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.emplace_back("Hello over TLS");
    return rellama(arguments);
  }
  [[nodiscard]] std::string authority_file() const { return file("ca.pem", authority_.pem()); }

  // Nothing may be sent to a server that cannot prove its identity.
  void expect_refused(const TlsFront& front, const Outcome& outcome, const std::string& why) const {
    EXPECT_EQ(outcome.exit_code, 7) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find(why), std::string::npos) << outcome.err;
    EXPECT_TRUE(emulator_->requests().empty());
    EXPECT_EQ(front.connections(), 1);
  }

  Authority authority_;
};

TEST_F(Tls, an_authority_given_by_the_user_is_trusted) {
  const TlsFront front(authority_.issue(Flaw::none), emulator_->port());
  const Outcome outcome = ask(front, {"--cacert", authority_file()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "Hello over TLS\n");
  EXPECT_EQ(count_requests("GET", "/cancel"), 0U);
  bool streamed = false;
  for (const auto& request : emulator_->requests()) {
    streamed = streamed || request.path.starts_with("/v1/streams/");
    EXPECT_TRUE(request.authorized) << request.path;
  }
  EXPECT_TRUE(streamed) << "the stream must be followed over TLS too";
}

TEST_F(Tls, an_authority_from_the_environment_is_trusted) {
  const TlsFront front(authority_.issue(Flaw::none), emulator_->port());
  Launch with_file = launch({"--base-url", front.url(), "-m", kEcho, "Hi"});
  with_file.environment["SSL_CERT_FILE"] = authority_file();
  EXPECT_EQ(run(with_file).out, "Hi\n");
}

TEST_F(Tls, an_unknown_authority_is_rejected_with_advice) {
  const TlsFront front(authority_.issue(Flaw::none), emulator_->port());
  expect_refused(front, ask(front), "--cacert");
}

TEST_F(Tls, an_authority_other_than_the_given_one_is_rejected) {
  const TlsFront front(Authority().issue(Flaw::none), emulator_->port());
  expect_refused(front, ask(front, {"--cacert", authority_file()}), "certificate");
}

TEST_F(Tls, a_certificate_for_another_host_is_rejected) {
  const TlsFront front(authority_.issue(Flaw::other_host), emulator_->port());
  expect_refused(front, ask(front, {"--cacert", authority_file()}), "127.0.0.1");
}

TEST_F(Tls, an_expired_certificate_is_rejected) {
  const TlsFront front(authority_.issue(Flaw::expired), emulator_->port());
  expect_refused(front, ask(front, {"--cacert", authority_file()}), "expired");
}

}  // namespace
}  // namespace rellama::test
