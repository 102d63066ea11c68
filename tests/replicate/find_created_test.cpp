// If the response to a create is lost, the prediction is found again or an error is reported.

#include "replicate/find_created.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "replicate/fixture.hpp"
#include "support/expect_error.hpp"
#include "support/raw_server.hpp"
#include "wire/iso_time.hpp"

namespace rellama {
namespace {

using namespace std::string_literals;
using test::error_of;
using test::RawConnection;
using test::RawServer;
using test::reply;

const ModelRef kSearched = ModelName{"meta", "llama-2-70b-chat"};
const Input kSearchedInput{{"prompt", "Hi"s}, {"top_p", 1.0}, {"top_k", std::int64_t{50}}};

const test::RawScript kLost = [](RawConnection& connection) { connection.read_request(); };

std::string seconds_from_now(int seconds) {
  return wire::render_iso_time(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
}

struct Listed {
  std::string id = "p1";
  std::string model = "meta/llama-2-70b-chat";
  std::string version = "hidden";
  std::string input =
      R"({"top_k":50,"prompt":"Hi","top_p":1})";  // different order, and an integer for 1.0
  std::string created_at = seconds_from_now(0);
  std::string completed_at = "";
};

std::string page(const std::vector<Listed>& listed, const std::string& next = "null") {
  std::string results;
  for (const Listed& item : listed) {
    results += std::string(results.empty() ? "" : ",") + R"({"id":")" + item.id + R"(","model":")" +
               item.model + R"(","version":")" + item.version +
               R"(","status":"processing","input":)" + item.input + R"(,"created_at":")" +
               item.created_at + R"(","completed_at":")" + item.completed_at + R"("})";
  }
  return R"({"previous":null,"next":)" + next + R"(,"results":[)" + results + "]}";
}

Prediction create(RawServer& server, const ModelRef& model = kSearched,
                  const StopToken& stop = {}) {
  return test::client_of(server).create(model, kSearchedInput, {}, stop);
}

TEST(FindCreated, the_only_matching_prediction_is_used) {
  RawServer server(
      {kLost, reply(200, page({{.id = "other", .input = R"({"prompt":"Ho"})"}, {.id = "mine"}}))});
  EXPECT_EQ(create(server).id.value, "mine");
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_TRUE(server.lines()[1].starts_with("GET /v1/predictions?created_after="));
}

TEST(FindCreated, a_prediction_that_is_known_otherwise_is_not_used) {
  RawServer server({kLost, reply(200, page({{.id = "old"}, {.id = "mine"}}))});
  ClientOptions options = test::options_for(server);
  std::vector<std::string> asked;
  options.is_known = [&](const PredictionId& id) {
    asked.push_back(id.value);
    return id.value == "old";
  };
  Client client(ApiToken(test::kToken), options);
  EXPECT_EQ(client.create(kSearched, kSearchedInput).id.value, "mine");
  EXPECT_EQ(asked, (std::vector<std::string>{"old", "mine"}));
}

TEST(FindCreated, it_is_also_found_after_a_gateway_error) {
  for (const int status : {500, 502, 503, 504}) {
    RawServer server({reply(status, ""), reply(200, page({{.id = "mine"}}))});
    EXPECT_EQ(create(server).id.value, "mine") << status;
  }
}

TEST(FindCreated, a_prediction_that_appears_late_is_found) {
  RawServer server({kLost, reply(200, page({})), reply(200, page({{.id = "mine"}}))});
  EXPECT_EQ(create(server).id.value, "mine");
}

TEST(FindCreated, an_internal_model_name_matches_an_official_model) {
  RawServer server({kLost, reply(200, page({{.model = "replicate/lifeboat-70b"}}))});
  EXPECT_EQ(create(server).id.value, "p1");
}

TEST(FindCreated, a_version_is_recognized_by_its_id) {
  const ModelRef model = ModelVersion{std::string(64, 'a'), ModelName{"me", "mine"}};
  RawServer server({kLost, reply(200, page({{.id = "other"},
                                            {.id = "mine", .version = std::string(64, 'a')}}))});
  EXPECT_EQ(create(server, model).id.value, "mine");
}

TEST(FindCreated, predictions_that_do_not_match_or_are_ambiguous_are_not_used) {
  const std::vector<std::vector<Listed>> lists{
      {},
      {{}, {.id = "p2"}},                   // two match
      {{.model = "meta/llama-2-7b-chat"}},  // another model
      {{.input = R"({"prompt":"Hi"})"}},    // another input
      {{.input = R"({"prompt":"Hi","top_p":1,"top_k":50,"seed":1})"}},
      {{.input = "null"}},                      // removed
      {{.created_at = seconds_from_now(-30)}},  // created before the request
      {{.created_at = ""}}};
  for (std::size_t i = 0; i < lists.size(); ++i) {
    RawServer server({kLost});
    for (int search = 0; search < 3; ++search) server.then(reply(200, page(lists[i])));
    const Error error = error_of([&] { create(server); });
    EXPECT_EQ(error.kind(), ErrorKind::may_have_started) << "list " << i;
    EXPECT_EQ(server.count("POST /v1/models/meta/llama-2-70b-chat/predictions"), 1);
  }
}

TEST(FindCreated, the_servers_clock_is_used_if_it_sends_its_time) {
  const std::string date = "Date: Mon, 01 Jan 2024 00:00:10 GMT";
  const std::string list = page({{.id = "old", .created_at = "2023-12-31T23:59:50Z"},
                                 {.id = "mine", .created_at = "2024-01-01T00:00:09.5Z"}});
  RawServer server({kLost, reply(200, page({}), {date}), reply(200, list, {date})});
  EXPECT_EQ(create(server).id.value, "mine");
  EXPECT_TRUE(server.lines()[2].starts_with("GET /v1/predictions?created_after=2024-01-01T00:00:0"))
      << server.lines()[2];
}

TEST(FindCreated, a_run_that_had_ended_before_the_request_is_not_used) {
  const std::string recent = seconds_from_now(-1);
  const std::string date = "Date: Mon, 01 Jan 2024 00:00:10 GMT";
  struct Ended {
    std::string date;
    Listed run;
  };
  const std::vector<Ended> cases{
      {"", {.created_at = recent, .completed_at = recent}},
      // By a clock that differs from ours, the request may have been sent up to a second later.
      {date, {.created_at = "2024-01-01T00:00:09.1Z", .completed_at = "2024-01-01T00:00:10.2Z"}}};
  for (const Ended& ended : cases) {
    RawServer server({kLost});
    for (int search = 0; search < 6; ++search) {
      const std::string list = page({ended.run});
      server.then(ended.date.empty() ? reply(200, list) : reply(200, list, {ended.date}));
    }
    EXPECT_EQ(error_of([&] { create(server); }).kind(), ErrorKind::may_have_started)
        << ended.run.completed_at;
  }
}

TEST(FindCreated, a_run_that_ended_after_the_request_is_used) {
  RawServer server({kLost, reply(200, page({{.completed_at = seconds_from_now(1)}}))});
  EXPECT_EQ(create(server).id.value, "p1");
}

TEST(FindCreated, the_next_page_is_read_too_but_not_from_another_host) {
  RawServer server({kLost});
  server.then(reply(200, page({{.id = "other", .input = "{}"}},
                              "\"" + server.url() + "/v1/predictions?cursor=2\"")));
  server.then(reply(200, page({{.id = "mine"}}, "\"http://127.0.0.1:1/v1/predictions?cursor=3\"")));
  EXPECT_EQ(create(server).id.value, "mine");
}

TEST(FindCreated, an_unreadable_list_does_not_change_the_error) {
  RawServer server({kLost, reply(401, "")});
  const Error error = error_of([&] { create(server); });
  EXPECT_EQ(error.kind(), ErrorKind::may_have_started);
}

TEST(FindCreated, a_rejected_create_is_not_searched_for) {
  RawServer server({reply(422, R"({"detail":"no"})")});
  error_of([&] { create(server); });
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(FindCreated, after_a_stop_without_a_response_it_is_found_so_that_it_can_be_canceled) {
  StopSource source;
  RawServer server({[&source](RawConnection& connection) {
                      connection.read_request();
                      source.request(ErrorKind::interrupted);
                    },
                    reply(200, page({{.id = "mine"}}))});
  EXPECT_EQ(create(server, kSearched, source.token()).id.value, "mine");
}

}  // namespace
}  // namespace rellama
