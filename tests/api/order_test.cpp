#include "api/order.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "support/expect_error.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

using rellama::test::error_of;
using rellama::test::holds;

class ApiOrders : public testing::Test {
 protected:
  [[nodiscard]] static const Endpoint& endpoint(const std::string& path) {
    return *find_endpoint(path);
  }
  [[nodiscard]] Order order(const std::string& path, const std::string& body) const {
    Order read = read_order(endpoint(path), body, offer_);
    check(read, !offer_.container.empty());
    return read;
  }
  [[nodiscard]] Order chat(const std::string& members) const {
    return order("/v1/chat/completions",
                 R"({"messages":[{"role":"user","content":"Hi"}],)" + members + "}");
  }
  /// The field that is refused.
  [[nodiscard]] std::string refused(const std::string& path, const std::string& body) const {
    std::optional<Order> read;
    const Error error = error_of([&] {
      read = read_order(endpoint(path), body, offer_);
      check(*read, !offer_.container.empty());
    });
    if (!read) return error.parts().input;
    return in_words_of_request(endpoint(path), *read, failure_of(error, false)).param;
  }
  [[nodiscard]] std::string refused_in_chat(const std::string& members) const {
    return refused("/v1/chat/completions",
                   R"({"messages":[{"role":"user","content":"Hi"}],)" + members + "}");
  }
  [[nodiscard]] static Json input_of(const Order& order) {
    return Json::parse(prepare_generate(ClientOptions{}, order.request).body)["input"];
  }

  Offer offer_;
};

TEST_F(ApiOrders, messages_become_the_transcript_of_the_model) {
  const Order read = order(
      "/v1/chat/completions",
      R"({"messages":[{"role":"developer","content":"Be brief."},)"
      R"({"role":"system","content":[{"type":"text","text":"Be "},{"type":"text","text":"kind."}]},)"
      R"({"role":"user","content":"One"},{"role":"assistant","content":"Two"},)"
      R"({"role":"assistant","content":null},{"role":"user","content":"Three"},)"
      R"({"role":"user","content":"Four"}]})");
  EXPECT_EQ(read.request.parameters.system_prompt, "Be brief.\n\nBe kind.");
  ASSERT_EQ(read.request.earlier.size(), 1U);
  EXPECT_EQ(read.request.earlier[0], (Turn{"One", "Two"}));
  EXPECT_EQ(read.request.prompt, "Three\n\nFour");
  const std::string prompt = input_of(read)["prompt"];
  EXPECT_TRUE(holds(prompt, "<<SYS>>\nBe brief.\n\nBe kind.\n<</SYS>>\n\nOne [/INST] Two </s>"));
  EXPECT_TRUE(prompt.ends_with("[INST] Three\n\nFour [/INST]"));
}

TEST_F(ApiOrders, an_assistant_message_at_the_end_is_continued) {
  const std::string messages =
      R"({"messages":[{"role":"user","content":"Count"},{"role":"assistant","content":"1, 2,"}])";
  const Order read = order("/v1/chat/completions", messages + "}");
  EXPECT_TRUE(std::string(input_of(read)["prompt"]).ends_with("Count [/INST] 1, 2,"));
  EXPECT_EQ(refused("/v1/chat/completions", R"({"messages":[{"role":"assistant","content":"x"}]})"),
            "messages");
}

TEST_F(ApiOrders, an_assistant_message_at_the_beginning_is_kept) {
  const Order read =
      order("/v1/chat/completions", R"({"messages":[{"role":"assistant","content":"Hello!"},)"
                                    R"({"role":"user","content":"Hi"}]})");
  EXPECT_TRUE(holds(std::string(input_of(read)["prompt"]), "[/INST] Hello! </s>"));
}

TEST_F(ApiOrders, a_field_that_is_wrong_is_named) {
  EXPECT_EQ(refused("/v1/chat/completions", "{}"), "messages");
  EXPECT_EQ(refused("/v1/chat/completions", R"({"messages":"Hi"})"), "messages");
  EXPECT_EQ(refused("/v1/chat/completions", R"({"messages":[{"role":"tool","content":"x"}]})"),
            "messages[0].role");
  EXPECT_EQ(refused("/v1/chat/completions",
                    R"({"messages":[{"role":"user","content":[{"type":"image_url"}]}]})"),
            "messages[0].content[0].type");
  EXPECT_EQ(refused("/v1/chat/completions",
                    R"({"messages":[{"role":"user","content":[{"type":"text"}]}]})"),
            "messages[0].content[0].text");
  EXPECT_EQ(
      refused("/v1/chat/completions", R"({"messages":[{"role":"assistant","tool_calls":[{}]}]})"),
      "messages[0].tool_calls");
  EXPECT_EQ(refused("/v1/chat/completions",
                    R"({"messages":[{"role":"user","content":"a\u0000"},)"
                    R"({"role":"assistant","content":"b"},{"role":"user","content":"c"}]})"),
            "messages[0].content");
  EXPECT_EQ(refused_in_chat(R"("prompt":"Hi")"), "prompt");
  EXPECT_EQ(refused_in_chat(R"("seed":1e999)"), "seed");
  EXPECT_EQ(refused_in_chat(R"("n":2)"), "n");
  EXPECT_EQ(refused_in_chat(R"("tools":[{"type":"function"}])"), "tools");
  EXPECT_EQ(refused_in_chat(R"("temperature":9)"), "temperature");
  EXPECT_EQ(refused_in_chat(R"("temperature":"hot")"), "temperature");
  EXPECT_EQ(refused_in_chat(R"("max_completion_tokens":0)"), "max_completion_tokens");
  EXPECT_EQ(refused_in_chat(R"("max_tokens":1,"max_completion_tokens":2)"),
            "max_completion_tokens");
  EXPECT_EQ(refused_in_chat(R"("stop":[""])"), "stop");
  EXPECT_EQ(refused_in_chat(R"("stream":1)"), "stream");
  EXPECT_EQ(refused_in_chat(R"("no_such_input":1)"), "no_such_input");
  EXPECT_EQ(refused_in_chat(R"("response_format":{"type":"json_object"})"), "response_format");
  EXPECT_EQ(refused("/v1/completions", R"({"prompt":["a","b"]})"), "prompt");
  EXPECT_EQ(refused("/v1/completions", R"({"prompt":" "})"), "prompt");
  EXPECT_EQ(refused("/v1/responses", R"({"input":"Hi","previous_response_id":"x"})"),
            "previous_response_id");
  EXPECT_EQ(refused("/api/chat", R"({"messages":[{"role":"user","content":"Hi"}],)"
                                 R"("options":{"temperature":9}})"),
            "options.temperature");
  EXPECT_EQ(refused("/v1/messages", R"({"messages":[{"role":"user","content":"Hi"}],)"
                                    R"("thinking":{"type":"enabled"}})"),
            "thinking");
}

TEST_F(ApiOrders, messages_have_the_names_of_the_request) {
  const Order set = chat(R"("max_completion_tokens":1)");
  const Order unset = chat(R"("n":1)");
  const auto message = [&](const Order& order, const char* text, const char* param) {
    const Failure failure{.message = text, .param = param};
    return in_words_of_request(endpoint("/v1/chat/completions"), order, failure).message;
  };
  EXPECT_EQ(message(set, "max_new_tokens 0 is too low", "max_new_tokens"),
            "max_completion_tokens 0 is too low");
  EXPECT_EQ(message(unset, "too long; lower max_new_tokens", "prompt"),
            "too long; lower max_tokens");
  EXPECT_EQ(message(set, "no input foo, only max_new_tokens", "foo"),
            "no input foo, only max_new_tokens");
}

TEST_F(ApiOrders, a_model_that_is_not_known_is_not_found) {
  const Error error = error_of([&] { (void)chat(R"("model":"gpt-4o")"); });
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_EQ(error.parts().input, "model");
  EXPECT_EQ(chat(R"("model":"13b")").model, "meta/llama-2-13b-chat");
  EXPECT_EQ(chat(R"("model":"some-one/else")").model, "some-one/else");
  EXPECT_EQ(chat(R"("model":null)").model, "meta/llama-2-70b-chat");
}

TEST_F(ApiOrders, parameters_have_openais_names_or_the_models_own) {
  const Json input = input_of(chat(R"("max_tokens":7,"temperature":0.3,"top_p":0.5,"seed":3,)"
                                   R"("top_k":4,"min_tokens":2,"user":"me","n":1,"tools":[],)"
                                   R"("presence_penalty":0,"logit_bias":{},"stop":null)"));
  EXPECT_EQ(input["max_tokens"], 7);
  EXPECT_EQ(input_of(chat(R"("max_tokens":7,"max_completion_tokens":7)"))["max_tokens"], 7);
  EXPECT_EQ(input["temperature"], 0.3);
  EXPECT_EQ(input["top_p"], 0.5);
  EXPECT_EQ(input["seed"], 3);
  EXPECT_EQ(input["top_k"], 4);
  EXPECT_EQ(input["min_tokens"], 2);
  EXPECT_FALSE(input.contains("user"));
}

TEST_F(ApiOrders, a_request_replaces_what_the_options_of_the_server_set) {
  offer_.request.parameters.temperature = 0.9;
  offer_.request.parameters.max_new_tokens = 5;
  offer_.request.parameters.system_prompt = "Server";
  const Json input = input_of(chat(R"("temperature":0.1)"));
  EXPECT_EQ(input["temperature"], 0.1);
  EXPECT_EQ(input["max_tokens"], 5);
  EXPECT_TRUE(holds(std::string(input["prompt"]), "Server"));
}

TEST_F(ApiOrders, temperature_0_becomes_the_lowest_that_the_model_accepts) {
  EXPECT_EQ(input_of(chat(R"("model":"meta/llama-2-70b-chat","temperature":0)"))["temperature"], 0);
  const std::string pinned =
      "meta/llama-2-70b-chat:02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3";
  EXPECT_EQ(input_of(chat(R"("model":")" + pinned + R"(","temperature":0)"))["temperature"], 0.01);
}

TEST_F(ApiOrders, stop_sequences_are_sent_unless_they_have_commas) {
  const Order read = chat(R"("stop":["a","b, c"])");
  EXPECT_EQ(read.stops, (std::vector<std::string>{"a", "b, c"}));
  EXPECT_EQ(input_of(read)["stop_sequences"], "a");
}

TEST_F(ApiOrders, a_container_has_one_model_whatever_it_is_called) {
  offer_.container = "container";
  const Order read = chat(R"("model":"gpt-4o")");
  EXPECT_EQ(read.model, "container");
}

TEST_F(ApiOrders, a_response_has_instructions_and_an_input) {
  const Order read = order("/v1/responses", R"({"input":"Hi","instructions":"Be brief.",)"
                                            R"("max_output_tokens":9,"store":true,"stream":true})");
  EXPECT_EQ(read.request.prompt, "Hi");
  EXPECT_EQ(read.request.parameters.system_prompt, "Be brief.");
  EXPECT_TRUE(read.stream);
  const Order list =
      order("/v1/responses", R"({"input":[{"role":"developer","content":"S"},{"type":"message",)"
                             R"("role":"user","content":[{"type":"input_text","text":"Hi"}]}]})");
  EXPECT_EQ(list.request.prompt, "Hi");
  EXPECT_EQ(list.request.parameters.system_prompt, "S");
}

TEST_F(ApiOrders, a_response_that_may_not_be_truncated_is_refused_if_it_is_too_long) {
  std::string items;
  for (int i = 0; i < 40; ++i) {
    items += R"({"role":"user","content":")" + std::string(600, 'a') +
             R"("},{"role":"assistant","content":"Yes."},)";
  }
  items = R"({"input":[)" + items + R"({"role":"user","content":"Hi"}])";
  EXPECT_EQ(refused("/v1/responses", items + R"(,"truncation":"disabled"})"), "input");
  EXPECT_EQ(order("/v1/responses", items + "}").request.prompt, "Hi");
}

TEST_F(ApiOrders, ollama_streams_unless_it_is_told_not_to) {
  const Order chat =
      order("/api/chat", R"({"model":"70b:latest","messages":[{"role":"user",)"
                         R"("content":"Hi"}],"options":{"num_predict":5,"num_ctx":9,)"
                         R"("stop":["x"]},"keep_alive":"5m"})");
  EXPECT_TRUE(chat.stream);
  EXPECT_EQ(chat.model, "meta/llama-2-70b-chat");
  EXPECT_EQ(input_of(chat)["max_tokens"], 5);
  EXPECT_EQ(chat.stops, std::vector<std::string>{"x"});
  const Order generate = order("/api/generate", R"({"prompt":"Hi","system":"S","stream":false,)"
                                                R"("options":{"num_predict":-1}})");
  EXPECT_FALSE(generate.stream);
  EXPECT_EQ(input_of(generate)["prompt"], "Hi");
  EXPECT_EQ(input_of(generate)["system_prompt"], "S");
  EXPECT_TRUE(order("/api/generate", R"({"model":"70b"})").only_loads);
  EXPECT_TRUE(order("/api/chat", R"({"model":"70b","messages":[]})").only_loads);
}

TEST_F(ApiOrders, an_anthropic_request_has_its_system_prompt_apart) {
  const Order read =
      order("/v1/messages", R"({"max_tokens":9,"system":[{"type":"text","text":"S",)"
                            R"("cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user",)"
                            R"("content":"Hi"}],"stop_sequences":["x"],"top_k":5})");
  EXPECT_EQ(read.request.parameters.system_prompt, "S");
  EXPECT_EQ(read.stops, std::vector<std::string>{"x"});
  EXPECT_EQ(input_of(read)["top_k"], 5);
}

TEST_F(ApiOrders, nothing_in_a_request_names_a_file) {
  const Json input = input_of(chat(R"("system_prompt":"@/etc/passwd")"));
  EXPECT_TRUE(holds(std::string(input["prompt"]), "@/etc/passwd"));
  for (const char* name : {"api_base", "base_url", "api_key", "proxy", "token", "endpoint"}) {
    EXPECT_EQ(refused_in_chat('"' + std::string(name) + R"(":"http://example.org")"), name);
  }
}

TEST(ApiPaths, clients_append_to_urls_that_have_a_part_of_the_path) {
  EXPECT_EQ(normal_path("/v1/v1/chat/completions/"), "/v1/chat/completions");
  EXPECT_EQ(normal_path("//v1//models/"), "/v1/models");
  EXPECT_EQ(normal_path("/"), "/");
  EXPECT_TRUE(is_api_path("/v1"));
  EXPECT_FALSE(is_api_path("/v10"));
  EXPECT_FALSE(is_api_path("/page.css"));
}

}  // namespace
}  // namespace rellama::api
