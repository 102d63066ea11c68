// What --dry-run prints. A shell runs the command, with a function in place of curl.

#include "run/dry_run.hpp"

#include <gtest/gtest.h>
#include <stdio.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "files/scratch_directory.hpp"
#include "support/expect_error.hpp"

namespace rellama::program {
namespace {

const std::string kBody = R"({"input":{"prompt":"It's $HOME \\ `id`"}})";

PreparedRequest request(bool needs_token = true) {
  return {.method = "POST",
          .url = "https://api.replicate.com/v1/predictions",
          .headers = {{"Content-Type", "application/json"}, {"Cancel-After", "60s"}},
          .body = kBody,
          .needs_token = needs_token};
}

class DryRunOutput : public test::ScratchDirectory {
 protected:
  /// The arguments that curl gets from `command`, one per line.
  std::string arguments_of(const std::string& command) {
    write("script", "REPLICATE_API_TOKEN=r8_secret\ncurl() { printf '%s\\n' \"$@\"; }\n" + command);
    const std::unique_ptr<FILE, int (*)(FILE*)> shell(
        popen(("sh " + at("script").string()).c_str(), "r"), pclose);
    std::string printed;
    std::array<char, 4096> chunk{};
    while (const std::size_t size = fread(chunk.data(), 1, chunk.size(), shell.get())) {
      printed.append(chunk.data(), size);
    }
    return printed;
  }
};

TEST_F(DryRunOutput, the_curl_command_sends_the_exact_request_and_takes_the_token_from_the_shell) {
  const std::string command = render_curl(request(), {});
  EXPECT_TRUE(test::holds(command, "$REPLICATE_API_TOKEN"));
  EXPECT_EQ(arguments_of(command),
            "--silent\n--show-error\n--request\nPOST\nhttps://api.replicate.com/v1/predictions\n"
            "--header\nAuthorization: Bearer r8_secret\n"
            "--header\nContent-Type: application/json\n--header\nCancel-After: 60s\n"
            "--data-raw\n" +
                kBody + "\n");
}

TEST_F(DryRunOutput, the_curl_command_uses_the_same_proxy_and_certificates) {
  ClientOptions client;
  client.ca_file = "/etc/our ca.pem";
  client.ca_directory = "/etc/our certificates";
  client.proxy = "http://proxy.example.com:3128";
  const std::string arguments = arguments_of(render_curl(request(), client));
  EXPECT_TRUE(test::holds(arguments, "--cacert\n/etc/our ca.pem\n"));
  EXPECT_TRUE(test::holds(arguments, "--capath\n/etc/our certificates\n"));
  EXPECT_TRUE(test::holds(arguments, "--proxy\nhttp://proxy.example.com:3128\n"));
}

TEST_F(DryRunOutput, json_has_the_exact_request_and_a_placeholder_for_the_token) {
  const auto printed = nlohmann::json::parse(render_request_json(request()));
  EXPECT_EQ(printed["method"], "POST");
  EXPECT_EQ(printed["url"], "https://api.replicate.com/v1/predictions");
  EXPECT_EQ(printed["headers"]["Authorization"], "Bearer $REPLICATE_API_TOKEN");
  EXPECT_EQ(printed["headers"]["Cancel-After"], "60s");
  EXPECT_EQ(printed["body"], nlohmann::json::parse(kBody));
}

TEST_F(DryRunOutput, a_request_that_needs_no_token_has_no_authorization) {
  const PreparedRequest to_container = request(/*needs_token=*/false);
  for (const std::string& printed :
       {render_curl(to_container, {}), render_request_json(to_container)}) {
    EXPECT_EQ(printed.find("Authorization"), std::string::npos) << printed;
    EXPECT_EQ(printed.find("TOKEN"), std::string::npos) << printed;
  }
}

}  // namespace
}  // namespace rellama::program
