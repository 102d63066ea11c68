// nginx in front of `rellama serve`, configured as docs/serve.md says.

#include <fstream>
#include <iterator>
#include <regex>

#include "program/serve/serve_fixture.hpp"
#include "support/expect_error.hpp"
#include "support/real_servers.hpp"

namespace rellama::test {
namespace {

class ServeProxy : public ServeFixture {
 protected:
  // The block for nginx on the page, without its certificate, on and to ports that are free.
  [[nodiscard]] std::string documented(int port) const {
    std::ifstream page(std::string(RELLAMA_SOURCE_DIR) + "/docs/serve.md");
    const std::string text{std::istreambuf_iterator<char>(page), {}};
    const std::string fence = "```nginx\n";
    const auto begin = text.find(fence) + fence.size();
    std::string block = text.substr(begin, text.find("```", begin) - begin);
    block = std::regex_replace(block, std::regex(" *ssl_[^\n]*\n"), "");
    block = std::regex_replace(block, std::regex("listen 443 ssl"),
                               "listen 127.0.0.1:" + std::to_string(port));
    return std::regex_replace(block, std::regex("127.0.0.1:8085"),
                              "127.0.0.1:" + std::to_string(port_));
  }

  [[nodiscard]] std::unique_ptr<RealServer> start_nginx() const {
    const std::string directory = home_.string();
    return std::make_unique<RealServer>(
        [this, directory](int port) {
          const std::string paths =
              "daemon off; master_process off; error_log stderr notice; pid " + directory +
              "/nginx.pid;";
          std::string temporary;
          for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            temporary += std::string(kind) + "_temp_path " + directory + "/" + kind + "; ";
          }
          return "nginx -e stderr -c " +
                 file("nginx.conf", paths + " events {} http { access_log off; " + temporary +
                                        documented(port) + "}");
        },
        "getrlimit");
  }
};

TEST_F(ServeProxy, nginx_passes_each_event_on_at_once) {
  emulator::EmulatorOptions options;
  options.token_rate = 20;
  start_emulator(options);
  serve({"--public-url", "https://chat.example.org"});
  const auto front = start_nginx();
  const int own_port = std::exchange(port_, front->port());
  const Headers headers{{"Host", "chat.example.org"},
                        {"Origin", "https://chat.example.org"},
                        {"Cookie", "rellama_key_" + std::to_string(own_port) + "=" + key_},
                        {"Content-Type", "application/json"}};
  const Answer started =
      send("POST", "/ui/runs", headers, R"({"prompt":"Why is the sky blue?","model":"7b"})");
  ASSERT_EQ(started.status, 201) << started.body;
  Events events(*this, headers);
  const std::string run = started.json()["run"];
  const Json shown = events.wait_for(run, [](const Json& now) { return now["text_length"] > 0; });
  EXPECT_EQ(shown["status"], "running") << "nothing was kept back until the end";
  EXPECT_EQ(send("POST", "/ui/runs/" + run + "/stop", headers, "{}").status, 202);
  EXPECT_EQ(events.wait_for_end(run)["status"], "canceled");
}

}  // namespace
}  // namespace rellama::test
