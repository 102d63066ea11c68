#include <thread>

#include "program/serve/api_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class ServeApi : public ApiFixture {};

/// The data of an event stream, read line by line.
std::vector<std::string> data_of(const std::string& stream) {
  std::vector<std::string> data;
  std::string rest = stream;
  while (!rest.empty()) {
    const std::string line = rest.substr(0, rest.find('\n'));
    rest.erase(0, line.size() + 1);
    EXPECT_TRUE(line.empty() || line.starts_with("data: ") || line == ": keep-alive") << line;
    if (line.starts_with("data: ")) data.push_back(line.substr(6));
  }
  return data;
}

TEST_F(ServeApi, a_chat_is_answered_as_a_whole) {
  serve();
  const Answer answer = ask(kChatPath, chat_body());
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json json = answer.json();
  EXPECT_TRUE(holds(json["choices"][0]["message"]["content"], "sky is blue"));
  EXPECT_EQ(json["choices"][0]["finish_reason"], "stop");
  EXPECT_GT(json["usage"]["completion_tokens"], 10);
  EXPECT_EQ(answer.header("x-request-id"), json["id"]);
  EXPECT_TRUE(holds(std::string(last_create()["input"]["prompt"]), "[INST]"));
}

TEST_F(ServeApi, a_chat_is_streamed) {
  serve();
  const Answer answer = ask(kChatPath, chat_body(R"("stream":true)"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(answer.header("Content-Encoding"), "");
  auto data = data_of(answer.body);
  ASSERT_GT(data.size(), 3U);
  EXPECT_EQ(data.back(), "[DONE]");
  data.pop_back();
  std::string text;
  for (const std::string& each : data) {
    const Json choice = Json::parse(each)["choices"][0];
    text += choice["delta"].value("content", "");
    EXPECT_EQ(choice["finish_reason"].is_null(), &each != &data.back());
  }
  EXPECT_TRUE(holds(text, "sky is blue"));
  EXPECT_EQ(answer.header("x-request-id"), Json::parse(data.front())["id"]);
}

TEST_F(ServeApi, paths_may_have_more_slashes_and_models_have_slashes) {
  serve();
  EXPECT_EQ(ask("/v1/v1/chat/completions/", chat_body()).status, 200);
  EXPECT_EQ(look("/v1/models/").json()["object"], "list");
  EXPECT_EQ(look("/v1/models/meta/llama-2-70b-chat").json()["id"], "meta/llama-2-70b-chat");
  EXPECT_EQ(look("/v1/models/meta%2Fllama-2-70b-chat").status, 200);
  EXPECT_EQ(look("/v1/models/no/such-model").status, 404);
  EXPECT_EQ(look("/v1/embeddings").status, 404);
  EXPECT_EQ(look(kChatPath).status, 405);
  EXPECT_EQ(look(kChatPath).header("Allow"), "POST");
  EXPECT_EQ(send("DELETE", "/v1/models",
                 {{"Host", "127.0.0.1:" + std::to_string(port_)}, {"x-api-key", key_}})
                .header("Allow"),
            "GET");
  EXPECT_EQ(send("PUT", "/ui/runs", own_headers()).header("Allow"), "POST");
}

// Llama 2 begins nearly every answer with a blank, which belongs to the word.
TEST_F(ServeApi, an_answer_has_no_blanks_in_front_but_a_completion_keeps_them) {
  serve({"-m", kEcho});
  const std::string prompt = R"({"prompt":" \n Hi ","stream":false})";
  EXPECT_EQ(ask("/api/generate", prompt).json()["response"], "Hi ");
  EXPECT_EQ(ask("/v1/completions", prompt).json()["choices"][0]["text"], " \n Hi ");
  const auto data = data_of(ask("/v1/completions", R"({"prompt":" Hi","stream":true})").body);
  EXPECT_EQ(Json::parse(data.front())["choices"][0]["text"].get<std::string>().front(), ' ');
}

TEST_F(ServeApi, a_body_that_is_too_long_is_refused_in_the_format_of_the_protocol) {
  serve({"--allow-origin", "https://chat.example"});
  const std::string body((std::size_t{1} << 20) + 1, ' ');
  const Answer openai = ask(kChatPath, body, {{"Origin", "https://chat.example"}});
  EXPECT_EQ(openai.status, 413);
  EXPECT_EQ(openai.json()["error"]["type"], "invalid_request_error");
  EXPECT_EQ(openai.header("Access-Control-Allow-Origin"), "https://chat.example");
  EXPECT_EQ(ask("/v1/messages", body).json()["error"]["type"], "request_too_large");
  EXPECT_TRUE(ask("/api/chat", body).json()["error"].is_string());
  EXPECT_TRUE(ask("/ui/runs", body).json()["error"]["message"].is_string());
  EXPECT_EQ(ask(kChatPath, body, {{"Authorization", ""}}).status, 401);
}

TEST_F(ServeApi, errors_have_the_format_of_the_protocol) {
  serve();
  const Json openai = ask(kChatPath, chat_body(R"("n":2)")).json()["error"];
  EXPECT_EQ(openai["param"], "n");
  EXPECT_EQ(openai["type"], "invalid_request_error");
  EXPECT_TRUE(ask("/api/chat", R"({"messages":1})").json()["error"].is_string());
  EXPECT_EQ(ask("/v1/messages", R"({"messages":1})").json()["error"]["type"],
            "invalid_request_error");
  const Answer no_key = ask("/api/chat", "{}", {{"Authorization", ""}});
  EXPECT_EQ(no_key.status, 401);
  EXPECT_TRUE(no_key.json()["error"].is_string());
  const Answer text = ask(kChatPath, chat_body(), {{"Content-Type", "text/plain"}});
  EXPECT_EQ(text.status, 415);
  EXPECT_TRUE(text.json()["error"]["message"].is_string());
  EXPECT_EQ(creates(), 0U);
}

TEST_F(ServeApi, the_key_is_taken_from_either_header) {
  serve();
  EXPECT_EQ(ask(kChatPath, chat_body(), {{"Authorization", ""}, {"x-api-key", key_}}).status, 200);
  EXPECT_EQ(ask(kChatPath, chat_body(), {{"Authorization", ""}, {"x-api-key", "no"}}).status, 401);
  EXPECT_EQ(ask(kChatPath, chat_body(), {{"Authorization", "Bearer no"}}).status, 401);
}

TEST_F(ServeApi, pages_of_sites_that_are_allowed_use_the_api_and_nothing_else) {
  serve({"--allow-origin", "https://chat.example"});
  const Headers asks{{"Host", "127.0.0.1:" + std::to_string(port_)},
                     {"Origin", "https://chat.example"},
                     {"Sec-Fetch-Site", "cross-site"},
                     {"Access-Control-Request-Method", "POST"},
                     {"Access-Control-Request-Headers", "authorization,x-stainless-os"}};
  const Answer preflight = send("OPTIONS", kChatPath, asks);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "https://chat.example");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Headers"), "authorization,x-stainless-os");
  const Headers from{{"Origin", "https://chat.example"}, {"Sec-Fetch-Site", "cross-site"}};
  const Answer answer = ask(kChatPath, chat_body(), from);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://chat.example");
  EXPECT_EQ(ask(kChatPath, chat_body(R"("stream":true)"), from).header("Vary"), "Origin");

  Headers with_cookie = from;
  with_cookie.emplace_back("Authorization", "");
  with_cookie.emplace_back("Cookie", "rellama_key_" + std::to_string(port_) + "=" + key_);
  const Answer refused = ask(kChatPath, chat_body(), with_cookie);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "https://chat.example");

  EXPECT_EQ(send("GET", "/ui/state", api_headers(from)).status, 403);
  EXPECT_EQ(send("OPTIONS", "/ui/state", asks).status, 403);
  EXPECT_EQ(ask(kChatPath, chat_body(), {{"Origin", "https://other.example"}}).status, 403);
}

TEST_F(ServeApi, no_other_site_is_allowed_by_default_or_by_a_star) {
  serve();
  EXPECT_EQ(ask(kChatPath, chat_body(), {{"Origin", "https://chat.example"}}).status, 403);
  EXPECT_EQ(ask(kChatPath, chat_body(), {{"Sec-Fetch-Mode", "cors"}}).status, 200);
  const Outcome star = rellama({"serve", "-n", "--port", "0", "--allow-origin", "*"});
  EXPECT_EQ(star.exit_code, 2);
  EXPECT_TRUE(holds(star.err, "--allow-origin *"));
}

TEST_F(ServeApi, what_was_made_and_failed_is_422) {
  start_emulator_with({"predict:failed@3"});
  serve();
  const Answer whole = ask(kChatPath, chat_body());
  EXPECT_EQ(whole.status, 422);
  EXPECT_NE(whole.header("x-request-id"), "");
  const auto data = data_of(ask(kChatPath, chat_body(R"("stream":true)")).body);
  EXPECT_TRUE(Json::parse(data.back()).contains("error"));
  EXPECT_EQ(creates(), 2U);
}

TEST_F(ServeApi, what_may_have_been_made_is_422) {
  start_emulator_with({"create:lost", "list:500"});
  serve();
  EXPECT_EQ(ask(kChatPath, chat_body()).status, 422);
}

TEST_F(ServeApi, what_was_not_made_has_its_own_status_before_a_stream_begins) {
  start_emulator_with({"create:402"});
  serve();
  const Answer answer = ask(kChatPath, chat_body(R"("stream":true)"));
  EXPECT_EQ(answer.status, 402);
  EXPECT_EQ(answer.json()["error"]["type"], "insufficient_quota");
}

TEST_F(ServeApi, a_client_that_leaves_has_its_prediction_canceled) {
  start_booting_emulator(std::chrono::hours(1));
  serve();
  std::size_t gone = 0;
  for (const char* members : {"", R"("stream":true)"}) {
    RawClient client(port_);
    client.send(api_request(kChatPath, chat_body(members)));
    while (creates() <= gone) std::this_thread::yield();
    client.close();
    wait_for_cancels(++gone);
  }
}

TEST_F(ServeApi, a_client_that_leaves_before_its_turn_costs_nothing) {
  start_booting_emulator(std::chrono::hours(1));
  serve({"--max-concurrent", "1"});
  RawClient first(port_);
  first.send(api_request(kChatPath, chat_body()));
  while (creates() < 1) std::this_thread::yield();
  {
    RawClient second(port_);
    second.send(api_request(kChatPath, chat_body()));
  }
  first.close();
  wait_for_cancels(1);
  EXPECT_EQ(stop().exit_code, 143);
  EXPECT_EQ(creates(), 1U);
}

TEST_F(ServeApi, the_same_request_of_clients_that_are_there_is_made_twice) {
  start_booting_emulator(std::chrono::milliseconds(300));
  serve();
  RawClient first(port_);
  RawClient second(port_);
  for (RawClient* client : {&first, &second}) client->send(api_request(kChatPath, chat_body()));
  const Answer one = read_answer(first);
  const Answer two = read_answer(second);
  EXPECT_EQ(one.status, 200);
  EXPECT_NE(one.json()["id"], two.json()["id"]);
  EXPECT_EQ(creates(), 2U);
}

TEST_F(ServeApi, a_stop_of_the_server_ends_streams_with_an_error) {
  start_booting_emulator(std::chrono::hours(1));
  serve();
  RawClient client(port_);
  client.send(api_request(kChatPath, chat_body(R"("stream":true)")));
  std::string seen = client.receive_until("\"role\":\"assistant\"");
  server_->send_signal(SIGTERM);
  for (std::string part = client.receive(); !part.empty(); part = client.receive()) seen += part;
  EXPECT_TRUE(holds(seen, R"(data: {"error":)"));
  EXPECT_FALSE(seen.find("[DONE]") != std::string::npos);
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(ServeApi, limits_are_told_with_the_time_to_wait) {
  serve({"--max-predictions-per-hour", "1"});
  EXPECT_EQ(ask("/api/generate", R"({"prompt":"Hi","stream":false})").status, 200);
  const Answer answer = ask(kChatPath, chat_body());
  EXPECT_EQ(answer.status, 429);
  EXPECT_GT(std::stoi("0" + answer.header("Retry-After")), 0);
  EXPECT_EQ(creates(), 1U);
}

TEST_F(ServeApi, a_container_answers_whatever_the_model_is_called) {
  emulator::EmulatorOptions container;
  container.dialect = emulator::DialectName::cog;
  start_emulator(container);
  serve({"--endpoint", "cog=" + emulator_->base_url()});
  EXPECT_EQ(look("/v1/models").json()["data"][0]["id"], "container");
  const Answer answer = ask(kChatPath, chat_body(R"("model":"gpt-4o","max_tokens":5)"));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["model"], "container");
  const Answer refused = ask(kChatPath, chat_body(R"("temperature":9)"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.json()["error"]["param"], "temperature");
}

TEST_F(ServeApi, ten_thousand_malformed_bodies_do_no_harm) {
  serve();
  RawClient client(port_);
  std::string body = chat_body(R"("model":"70b","stop":["a"],"stream":false)");
  std::uint32_t random = 1;
  for (int i = 0; i < 10'000; ++i) {
    std::string damaged = body.substr(0, body.size() - 1);  // never a whole request
    for (int change = 0; change < 3; ++change) {
      random = random * 1664525 + 1013904223;
      damaged[(random >> 8U) % damaged.size()] = static_cast<char>(random >> 24U);
    }
    std::string bytes =
        "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: " + std::to_string(damaged.size()) +
        "\r\n";
    for (const auto& [name, value] : api_headers()) bytes += name + ": " + value + "\r\n";
    client.send(bytes + "\r\n" + damaged);
    ASSERT_TRUE(holds(client.receive_until("}}"), " 400 ")) << damaged;
  }
  EXPECT_EQ(ask(kChatPath, chat_body()).status, 200);
}

}  // namespace
}  // namespace rellama::test
