// Clients that mean harm, or behave as if they did.

#include <fstream>

#include "program/serve/serve_fixture.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {
namespace {

class ServeGuard : public ServeFixture {
 protected:
  [[nodiscard]] std::string all_files() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path());
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  [[nodiscard]] Headers with(Headers more) const {
    Headers headers = own_headers();
    for (const auto& changed : more) {
      std::erase_if(headers, [&](const auto& header) { return header.first == changed.first; });
      if (!changed.second.empty()) headers.push_back(changed);
    }
    return headers;
  }
  [[nodiscard]] int run_with(const Headers& more) const {
    return send("POST", "/ui/runs", with(more), R"({"prompt":"Hi","model":"7b"})").status;
  }
  void expect_alive() const { EXPECT_EQ(get("/ui/state").status, 200); }
};

TEST_F(ServeGuard, requests_from_elsewhere_start_nothing) {
  serve();
  EXPECT_EQ(run_with({{"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(run_with({{"Origin", "null"}}), 403);
  EXPECT_EQ(run_with({{"Host", "evil.example:" + std::to_string(port_)}}), 421);
  EXPECT_EQ(run_with({{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(run_with({{"Cookie", ""}}), 401);
  EXPECT_EQ(run_with({{"Cookie", "rellama_key_" + std::to_string(port_) + "=wrong"}}), 401);
  EXPECT_EQ(run_with({{"Content-Type", "text/plain"}}), 415);
  EXPECT_EQ(creates(), 0U);
  EXPECT_EQ(run_with({{"Origin", "http://127.0.0.1:" + std::to_string(port_)}}), 201);
}

TEST_F(ServeGuard, every_route_is_guarded) {
  serve();
  for (const char* path : {"/", "/ui/state", "/ui/events", "/ui/conversations", "/ui/model?ref=7b",
                           "/page.html", "/none", "/ui/runs/x", "*", "/../etc/passwd"}) {
    EXPECT_EQ(send("GET", path, with({{"Cookie", ""}})).status, 401) << path;
    EXPECT_EQ(send("GET", path, with({{"Host", "evil.example"}})).status, 421) << path;
    EXPECT_EQ(send("GET", path, with({{"Origin", "https://evil.example"}})).status, 403) << path;
  }
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"}) {
    EXPECT_EQ(send(method, "/ui/state", with({{"Cookie", ""}}), "{}").status, 401) << method;
  }
  EXPECT_EQ(send("DELETE", "/ui/state", own_headers(), "{}").status, 405);
}

TEST_F(ServeGuard, without_a_key_hosts_and_origins_are_still_checked) {
  serve({"--no-key"});
  EXPECT_EQ(key_, "");
  EXPECT_EQ(run_with({{"Cookie", ""}, {"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(run_with({{"Cookie", ""}, {"Host", "evil.example"}}), 421);
  EXPECT_EQ(run_with({{"Cookie", ""}}), 201);
  EXPECT_TRUE(holds(stop().err, "without a key"));
}

TEST_F(ServeGuard, a_public_url_is_accepted_as_host_and_origin) {
  serve({"--public-url", "https://chat.example.org"});
  EXPECT_EQ(run_with({{"Host", "chat.example.org"}, {"Origin", "https://chat.example.org"}}), 201);
  const Answer moved = send("GET", "/?key=" + key_, {{"Host", "chat.example.org"}});
  EXPECT_TRUE(moved.header("Set-Cookie").ends_with("; Secure"));
}

TEST_F(ServeGuard, the_token_never_leaves) {
  serve({"-vv", "--log-file", (home_ / "log").string()});
  Events events(*this);
  const std::string run = start_run({{"prompt", "Hi"}, {"model", "7b"}})["run"];
  std::string seen = events.wait_for_end(run).dump() + get("/ui/state").body +
                     get("/ui/conversations/1").body + get("/ui/model?ref=rellama-demo/echo").body +
                     post("/ui/equivalent/curl", {{"prompt", "Hi"}, {"model", "7b"}}).body;
  const Outcome outcome = stop();
  seen += outcome.out + outcome.err;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home_)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    seen += std::string{std::istreambuf_iterator<char>(file), {}};
  }
  EXPECT_EQ(seen.find("r8_test"), std::string::npos);
}

// The page reads a model before it shows its inputs. A program that only starts runs does not.
TEST_F(ServeGuard, a_secret_input_is_sent_but_not_recorded) {
  const std::string secret = "sk-Geheim0123";
  const std::string openapi =
      R"({"components":{"schemas":{"Input":{"type":"object","properties":{)"
      R"("prompt":{"type":"string"},"style":{"type":"string"},)"
      R"("pass":{"type":"string","x-cog-secret":true}}},"Output":{"type":"string"}}}})";
  const std::string model = R"({"owner":"acme","name":"thing","latest_version":{"id":")" +
                            std::string(64, '5') + R"(","openapi_schema":)" + openapi + "}}";
  const std::string failed = R"({"id":"p1","status":"failed","error":"no"})";
  const Json order{{"prompt", "Hi"},
                   {"model", "acme/thing"},
                   {"parameters", {{"pass", secret}, {"style", "plain"}}}};
  for (const bool is_container : {false, true}) {
    for (const bool reads_model : {true, false}) {
      std::filesystem::remove_all(home_ / ".cache");
      const int created = is_container ? 200 : 201;
      RawServer server({reply(200, is_container ? openapi : model), reply(created, failed),
                        reply(created, failed)});
      if (is_container) {
        serve({"--endpoint", "cog=" + server.url()});
      } else {
        serve({}, {{"REPLICATE_BASE_URL", server.url()}});
      }
      if (reads_model) (void)get("/ui/model?ref=acme/thing");
      Events events(*this);
      (void)events.wait_for_end(start_run(order)["run"]);
      const std::string command = equivalent("command", order);
      EXPECT_FALSE(holds(command, secret)) << command;
      EXPECT_EQ(holds(command, "plain"), reads_model || !is_container) << command;
      (void)stop();
      EXPECT_TRUE(holds(server.requests().back().body, secret)) << "it must be sent";
      EXPECT_FALSE(holds(all_files(), secret));
    }
  }
}

TEST_F(ServeGuard, a_body_of_100_mb_is_refused_and_not_kept) {
  serve();
  RawClient client(port_);
  constexpr std::size_t kSize = 100'000'000;
  std::string head = "POST /ui/runs HTTP/1.1\r\nConnection: close\r\n";
  for (const auto& [name, value] : own_headers()) head += name + ": " + value + "\r\n";
  client.send(head + "Content-Length: " + std::to_string(kSize) + "\r\n\r\n");
  const std::string piece(1'000'000, 'x');
  for (std::size_t sent = 0; sent < kSize; sent += piece.size()) client.send(piece);
  EXPECT_EQ(read_answer(client).status, 413);
  expect_alive();
  std::ifstream status("/proc/" + std::to_string(server_->pid()) + "/status");
  const std::string text{std::istreambuf_iterator<char>(status), {}};
  const auto at = text.find("VmHWM:");
  if (at != std::string::npos) {
    EXPECT_LT(std::stol(text.substr(at + 6)), 300'000);
  }
}

TEST_F(ServeGuard, ten_thousand_headers_are_refused) {
  serve();
  Headers many = own_headers();
  for (int i = 0; i < 10'000; ++i) many.emplace_back("X-" + std::to_string(i), "y");
  const int status = send("GET", "/ui/state", many).status;
  EXPECT_TRUE(status == 431 || status == 0) << status;
  expect_alive();
}

TEST_F(ServeGuard, slow_and_silent_senders_keep_nobody_waiting) {
  serve();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<RawClient>(port_));
    clients.back()->send("POST /ui/runs HTTP/1.1\r\nHo");
  }
  expect_alive();
  for (auto& client : clients) client->send("s");
  expect_alive();
}

TEST_F(ServeGuard, what_is_no_http_does_no_harm) {
  serve();
  for (const std::string& bytes :
       {std::string("\r\n\r\n"), std::string("GET"), std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string(100'000, 'A'), std::string("\0\1\2\3", 4),
        std::string("\x16\x03\x01\x02\x00\x01"),
        std::string("POST /ui/runs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        std::string(
            "POST /ui/runs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        std::string("GET /%00%ff?%zz=%&key=%00 HTTP/1.1\r\nHost: x\r\n\r\n")}) {
    RawClient client(port_);
    client.send(bytes);
    client.close();
  }
  expect_alive();
}

TEST_F(ServeGuard, a_reader_that_closes_half_of_its_connection_is_forgotten) {
  serve();
  { Events gone(*this); }
  Events events(*this);
  EXPECT_EQ(events.wait_for_end(start_run({{"prompt", "Hi"}, {"model", "7b"}})["run"])["status"],
            "succeeded");
}

TEST_F(ServeGuard, malformed_json_does_no_harm) {
  serve();
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("[[[["), std::string(500'000, '['),
        std::string("{\"prompt\":\"\\ud800\"}"), std::string("{\"prompt\":\"\xff\xfe\"}")}) {
    for (const char* path : {"/ui/runs", "/ui/equivalent/curl"}) {
      EXPECT_EQ(send("POST", path, own_headers(), body).status, 400) << path << body.substr(0, 20);
    }
  }
  EXPECT_EQ(creates(), 0U);
  expect_alive();
}

}  // namespace
}  // namespace rellama::test
