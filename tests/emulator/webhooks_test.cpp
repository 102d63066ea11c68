#include "emulator/webhooks.hpp"

#include "emulator_fixture.hpp"
#include "support/raw_server.hpp"

namespace rellama::emulator::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::rellama::test::RawConnection;
using ::rellama::test::RawRequest;
using ::rellama::test::RawServer;
using ::rellama::test::reply;

/// A receiver of webhooks that answers with these statuses.
class Receiver : public RawServer {
 public:
  explicit Receiver(const std::vector<int>& statuses) {
    for (const int status : statuses) then(reply(status, ""));
  }

  [[nodiscard]] std::string hook() const { return url() + "/hook?key=1"; }

  std::vector<RawRequest> wait_for(std::size_t count) {
    EXPECT_TRUE(wait_for_requests(count));
    return requests();
  }
};

class EmulatorWebhooks : public EmulatorTest {
 protected:
  json create(const std::string& url, const json& further = json::object()) {
    json body = {{"input", {{"prompt", "hi"}}}, {"webhook", url}};
    body.update(further);
    return post("/v1/models/meta/llama-2-7b-chat/predictions", body).json();
  }
};

TEST_F(EmulatorWebhooks, the_start_and_the_result_are_reported_and_signed) {
  Receiver receiver({200, 200});
  start();
  const json prediction = create(receiver.hook());
  const auto requests = receiver.wait_for(2);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].line(), "POST /hook?key=1");
  EXPECT_EQ(json::parse(requests[0].body)["status"], "processing");
  EXPECT_EQ(json::parse(requests[1].body), fetch(prediction));
  EXPECT_EQ(get("/v1/webhooks/default/secret").json()["key"], webhook_secret());
  for (const RawRequest& request : requests) {
    EXPECT_EQ(request.header("content-type"), "application/json");
    EXPECT_EQ(request.header("webhook-signature"),
              webhook_signature(request.header("webhook-id"), request.header("webhook-timestamp"),
                                request.body));
  }
  EXPECT_NE(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
}

TEST_F(EmulatorWebhooks, only_the_events_asked_for_are_reported) {
  Receiver receiver({200, 200});
  start();
  create(receiver.hook(), {{"webhook_events_filter", {"completed"}}});
  create(receiver.hook(), {{"webhook_events_filter", {"completed"}}});
  for (const RawRequest& request : receiver.wait_for(2)) {
    EXPECT_EQ(json::parse(request.body)["status"], "succeeded");
  }
}

TEST_F(EmulatorWebhooks, output_is_reported_while_it_arrives) {
  Receiver receiver({200, 200, 200, 200});
  EmulatorOptions options;
  options.token_rate = 50;
  start(options);
  create(receiver.hook(), {{"webhook_events_filter", {"output"}}});
  const auto requests = receiver.wait_for(2);
  ASSERT_GE(requests.size(), 2U);
  const auto tokens = [&](std::size_t i) { return json::parse(requests[i].body)["output"].size(); };
  EXPECT_GT(tokens(0), 0U);
  EXPECT_GT(tokens(1), tokens(0));
}

TEST_F(EmulatorWebhooks, a_cancel_is_reported_at_once) {
  Receiver receiver({200});
  EmulatorOptions options;
  options.cold_boot = std::chrono::hours(1);
  start(options);
  const json prediction = create(receiver.hook(), {{"webhook_events_filter", {"completed"}}});
  post(path_of(prediction, "cancel"), nullptr);
  const auto requests = receiver.wait_for(1);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(json::parse(requests[0].body)["status"], "canceled");
}

TEST_F(EmulatorWebhooks, a_delivery_that_fails_is_repeated_under_its_id) {
  Receiver receiver({500, 200});
  start();
  create(receiver.hook(), {{"webhook_events_filter", {"completed"}}});
  const auto requests = receiver.wait_for(2);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
}

TEST_F(EmulatorWebhooks, an_emulator_that_stops_waits_for_no_receiver) {
  RawServer silent({[](RawConnection& connection) {
    if (connection.read_request()) connection.hold();
  }});
  start();
  create(silent.url());
  ASSERT_TRUE(silent.wait_for_requests(1));
  emulator().stop();
}

TEST(LoopbackUrl, only_urls_of_this_machine_are_accepted) {
  const auto url = parse_loopback_url("HTTP://localhost:8080/a?b#c");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "127.0.0.1");
  EXPECT_EQ(url->port, "8080");
  EXPECT_EQ(url->authority, "localhost:8080");
  EXPECT_EQ(url->target, "/a?b");
  EXPECT_EQ(parse_loopback_url("http://127.0.0.2")->port, "80");
  EXPECT_EQ(parse_loopback_url("http://[::1]:9")->host, "::1");
  for (const char* other :
       {"https://127.0.0.1/", "http://example.com/", "http://127.0.0.1.example.com/",
        "http://127.0.0.1:80@example.com/", "http://localhost.example.com", "http://[::2]/",
        "http://127.0.0.1:x/", "http://user@127.0.0.1/", "", "http://"}) {
    EXPECT_FALSE(parse_loopback_url(other)) << other;
  }
}

}  // namespace
}  // namespace rellama::emulator::test
