// TLS with a real server and generated certificates.

#include <gtest/gtest.h>

#include <string>

#include "program/program_test.hpp"
#include "support/certificates.hpp"
#include "support/expect_error.hpp"
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

TEST_F(Tls, each_variable_that_names_authorities_counts) {
  const TlsFront front(authority_.issue(Flaw::none), emulator_->port());
  std::filesystem::create_directory(home_ / "certificates");
  const std::string plain = file("certificates/ours.pem", authority_.pem());
  const std::string directory = (home_ / "certificates").string();
  const std::string other = file("other.pem", Authority().pem());
  const std::vector<std::map<std::string, std::string>> cases{
      {{"SSL_CERT_FILE", plain}},
      {{"SSL_CERT_FILE", directory}},
      {{"NIX_SSL_CERT_FILE", plain}},
      {{"NIX_SSL_CERT_FILE", other}, {"SSL_CERT_FILE", plain}},
      {{"SSL_CERT_DIR", directory}},
      {{"SSL_CERT_DIR", directory}, {"SSL_CERT_FILE", other}},
      {{"SSL_CERT_DIR", "/nonexistent"}, {"SSL_CERT_FILE", plain}},
      {{"CURL_CA_BUNDLE", plain}},
      {{"CURL_CA_BUNDLE", plain}, {"SSL_CERT_FILE", other}},
      {{"CURL_CA_BUNDLE", directory}},
  };
  const auto with = [&](const std::map<std::string, std::string>& variables) {
    Launch made = launch({"--base-url", front.url(), "-m", kEcho, "Hi"});
    for (const auto& [name, value] : variables) made.environment[name] = value;
    return run(made);
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Outcome outcome = with(cases[i]);
    EXPECT_EQ(outcome.out, "Hi\n") << i << ": " << outcome.err;
  }
  EXPECT_EQ(with({{"CURL_CA_BUNDLE", other}, {"SSL_CERT_FILE", plain}}).exit_code, 7);
}

TEST_F(Tls, authorities_can_be_a_directory_with_or_without_hashed_names) {
  const TlsFront front(authority_.issue(Flaw::none), emulator_->port());
  std::filesystem::create_directory(home_ / "certificates");
  (void)file("certificates/other.crt", Authority().pem());
  (void)file("certificates/ours.pem", authority_.pem());
  const std::string directory = (home_ / "certificates").string();
  EXPECT_EQ(ask(front, {"--cacert", directory}).exit_code, 0);
  ASSERT_EQ(shell("openssl rehash '" + directory + "'").exit_code, 0);
  EXPECT_EQ(ask(front, {"--cacert", directory}).exit_code, 0);
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  EXPECT_EQ(ask(front, {"--cacert", directory}).exit_code, 7) << "nobody is trusted";
}

TEST_F(Tls, what_holds_no_certificates_is_named) {
  const TlsFront front(authority_.issue(Flaw::none), emulator_->port());
  for (const std::string& path : {file("notes.txt", "no certificate"), std::string("/dev/null"),
                                  (home_ / "missing.pem").string()}) {
    const Outcome outcome = ask(front, {"--cacert", path});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_TRUE(holds(outcome.err, path));
    EXPECT_TRUE(holds(outcome.err, "--cacert"));
  }
  Launch empty = launch({"--base-url", front.url(), "-m", kEcho, "Hi"});
  empty.environment["SSL_CERT_DIR"] = "/nonexistent:/neither";
  EXPECT_TRUE(holds(run(empty).err, "give SSL_CERT_DIR"));
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
  const Outcome outcome = ask(front, {"--cacert", authority_file()});
  expect_refused(front, outcome, "127.0.0.1");
  EXPECT_TRUE(holds(outcome.err, "check the host name in the URL of the server"));
  EXPECT_EQ(outcome.err.find("--cacert"), std::string::npos);
}

TEST_F(Tls, an_expired_certificate_is_rejected) {
  const TlsFront front(authority_.issue(Flaw::expired), emulator_->port());
  const Outcome outcome = ask(front, {"--cacert", authority_file()});
  expect_refused(front, outcome, "expired");
  EXPECT_TRUE(holds(outcome.err, "check the clock"));
  EXPECT_EQ(outcome.err.find("--cacert"), std::string::npos);
}

}  // namespace
}  // namespace rellama::test
