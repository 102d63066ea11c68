#include "api/answer_writer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rellama::api {
namespace {

/// One event of a stream, read by the rules of the HTML standard and nothing of ours.
struct ReadEvent {
  std::string name;
  std::string data;
};

std::vector<ReadEvent> read_stream(const std::string& text) {
  std::vector<ReadEvent> events;
  ReadEvent event;
  bool any = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty()) {
      if (any) events.push_back(event);
      event = {};
      any = false;
    } else if (line.starts_with("data: ")) {
      event.data += line.substr(6);
      any = true;
    } else if (line.starts_with("event: ")) {
      event.name = line.substr(7);
    } else {
      EXPECT_TRUE(line.starts_with(":")) << "a stream has no other lines: " << line;
    }
  }
  EXPECT_FALSE(any) << "the last event is not complete";
  return events;
}

class ApiWriters : public testing::Test {
 protected:
  [[nodiscard]] static std::unique_ptr<AnswerWriter> writer(const std::string& path,
                                                            bool include_usage = false) {
    Order order;
    order.include_usage = include_usage;
    return make_writer(*find_endpoint(path), order);
  }
  [[nodiscard]] std::string stream(const std::string& path, bool include_usage = false) const {
    const auto answer = writer(path, include_usage);
    std::string text = answer->begin(head_);
    text += answer->add("He\"llo\n");
    text += answer->keep_alive();
    text += answer->add("world");
    return text + answer->end(end_);
  }

  AnswerHead head_{.id = "p1", .model = "meta/llama-2-70b-chat", .created = {}};
  AnswerEnd end_{.input_tokens = 3, .output_tokens = 2};
};

TEST_F(ApiWriters, a_chat_stream_has_a_role_text_a_finish_reason_and_done) {
  const std::string text = stream("/v1/chat/completions");
  EXPECT_NE(text.find("\n\n: keep-alive\n\n"), std::string::npos);
  auto events = read_stream(text);
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events.back().data, "[DONE]");
  events.pop_back();
  std::string answer;
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].name, "");
    const auto chunk = nlohmann::json::parse(events[i].data);
    EXPECT_EQ(chunk["object"], "chat.completion.chunk");
    EXPECT_EQ(chunk["id"], "p1");
    ASSERT_EQ(chunk["choices"].size(), 1U);
    const auto& choice = chunk["choices"][0];
    EXPECT_EQ(choice["index"], 0);
    EXPECT_EQ(choice["delta"].contains("role"), i == 0);
    answer += choice["delta"].value("content", "");
    EXPECT_EQ(choice["finish_reason"],
              i + 1 == events.size() ? nlohmann::json("stop") : nlohmann::json());
  }
  EXPECT_EQ(answer, "He\"llo\nworld");
}

TEST_F(ApiWriters, the_usage_is_a_chunk_of_its_own_if_it_was_asked_for) {
  const auto events = read_stream(stream("/v1/chat/completions", true));
  const auto usage = nlohmann::json::parse(events.at(events.size() - 2).data);
  EXPECT_TRUE(usage["choices"].empty());
  EXPECT_EQ(usage["usage"]["total_tokens"], 5);
}

TEST_F(ApiWriters, an_answer_that_has_all_its_tokens_ends_with_length) {
  end_.is_cut_short = true;
  for (const char* path : {"/v1/chat/completions", "/v1/completions"}) {
    const auto whole = nlohmann::json::parse(writer(path)->whole(head_, "Hi", end_));
    EXPECT_EQ(whole["choices"][0]["finish_reason"], "length");
  }
  EXPECT_EQ(nlohmann::json::parse(writer("/v1/messages")->whole(head_, "Hi", end_))["stop_reason"],
            "max_tokens");
  EXPECT_EQ(nlohmann::json::parse(writer("/api/chat")->whole(head_, "Hi", end_))["done_reason"],
            "length");
  const auto response = nlohmann::json::parse(writer("/v1/responses")->whole(head_, "Hi", end_));
  EXPECT_EQ(response["status"], "incomplete");
  EXPECT_EQ(response["incomplete_details"]["reason"], "max_output_tokens");
}

TEST_F(ApiWriters, a_failure_in_a_stream_is_an_error_and_never_a_bare_end) {
  const Failure failure{.status = 422, .message = "it broke", .code = "prediction_failed"};
  const auto chat = read_stream(writer("/v1/chat/completions")->fail(failure));
  ASSERT_EQ(chat.size(), 1U);
  EXPECT_EQ(nlohmann::json::parse(chat[0].data)["error"]["message"], "it broke");
  const auto message = read_stream(writer("/v1/messages")->fail(failure));
  EXPECT_EQ(message.at(0).name, "error");
  EXPECT_EQ(nlohmann::json::parse(message[0].data)["type"], "error");
  const auto response = read_stream(writer("/v1/responses")->fail(failure));
  EXPECT_EQ(nlohmann::json::parse(response.at(0).data)["response"]["error"]["message"], "it broke");
  const std::string line = writer("/api/generate")->fail(failure);
  EXPECT_EQ(nlohmann::json::parse(line)["error"], "it broke");
  EXPECT_TRUE(line.ends_with('\n'));
}

TEST_F(ApiWriters, a_response_stream_counts_its_events_and_ends_with_the_whole_response) {
  const auto events = read_stream(stream("/v1/responses"));
  std::string answer;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto data = nlohmann::json::parse(events[i].data);
    EXPECT_EQ(data["type"], events[i].name);
    EXPECT_EQ(data["sequence_number"], i);
    if (data["type"] == "response.output_text.delta") answer += data["delta"];
  }
  EXPECT_EQ(answer, "He\"llo\nworld");
  EXPECT_EQ(events.front().name, "response.created");
  const auto last = nlohmann::json::parse(events.back().data)["response"];
  EXPECT_EQ(last["status"], "completed");
  EXPECT_EQ(last["output"][0]["content"][0]["text"], answer);
  EXPECT_EQ(last["usage"]["output_tokens"], 2);
}

TEST_F(ApiWriters, an_anthropic_stream_has_its_events_and_pings) {
  std::vector<std::string> names;
  for (const auto& event : read_stream(stream("/v1/messages"))) {
    EXPECT_EQ(nlohmann::json::parse(event.data)["type"], event.name);
    names.push_back(event.name);
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"message_start", "content_block_start", "ping",
                                      "content_block_delta", "ping", "content_block_delta",
                                      "content_block_stop", "message_delta", "message_stop"}));
}

TEST_F(ApiWriters, ollama_gets_one_object_a_line_and_its_counts_in_the_last) {
  std::string text = stream("/api/chat");
  std::string answer;
  nlohmann::json last;
  while (!text.empty()) {
    EXPECT_FALSE(last.is_object() && last["done"]);
    last = nlohmann::json::parse(text.substr(0, text.find('\n')));
    text.erase(0, text.find('\n') + 1);
    answer += last["message"]["content"];
  }
  EXPECT_EQ(answer, "He\"llo\nworld");
  EXPECT_TRUE(last["done"]);
  EXPECT_EQ(last["done_reason"], "stop");
  EXPECT_EQ(last["eval_count"], 2);
  EXPECT_EQ(nlohmann::json::parse(writer("/api/generate")->whole(head_, "Hi", end_))["response"],
            "Hi");
}

TEST_F(ApiWriters, text_that_is_not_utf_8_does_not_break_a_stream) {
  const auto answer = writer("/v1/chat/completions");
  (void)answer->begin(head_);
  const auto events = read_stream(answer->add("a\xFFz"));
  EXPECT_EQ(nlohmann::json::parse(events.at(0).data)["choices"][0]["delta"]["content"],
            "a\xEF\xBF\xBDz");
}

TEST(ApiFailures, what_may_be_billed_has_a_status_that_no_client_repeats) {
  for (const ErrorKind kind :
       {ErrorKind::network, ErrorKind::server, ErrorKind::rate_limited, ErrorKind::internal,
        ErrorKind::prediction_failed, ErrorKind::canceled, ErrorKind::terminated}) {
    EXPECT_EQ(failure_of(Error(kind, {.failed = "x"}), true).status, 422);
  }
  EXPECT_EQ(failure_of(Error(ErrorKind::may_have_started, {.failed = "x"}), false).status, 422);
  EXPECT_EQ(failure_of(Error(ErrorKind::rate_limited, {.failed = "x"}), false).status, 429);
  EXPECT_EQ(failure_of(Error(ErrorKind::network, {.failed = "x"}), false).status, 502);
  EXPECT_EQ(failure_of(Error(ErrorKind::terminated, {.failed = "x"}), false).status, 422);
  EXPECT_EQ(failure_of(Error(ErrorKind::not_found, {.failed = "x"}), false).param, "model");
}

TEST(ApiFailures, a_message_says_what_to_do_but_not_with_options_of_the_command_line) {
  const auto message = [](const std::string& remedy) {
    return failure_of(Error(ErrorKind::invalid_input, {.failed = "x", .remedy = remedy}), false)
        .message;
  };
  EXPECT_EQ(message("leave it out"), "x; leave it out");
  EXPECT_EQ(message("its inputs are a, b (--no-validate sends it anyway)"),
            "x; its inputs are a, b");
  EXPECT_EQ(message("set it with -o a=VALUE"), "x");
}

}  // namespace
}  // namespace rellama::api
