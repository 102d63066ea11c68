#include "web/run_order.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace rellama::web {
namespace {

RunOrder order_of(const std::string& body) {
  auto order = parse_run_order(body);
  const auto* refusal = std::get_if<Refusal>(&order);
  EXPECT_EQ(refusal, nullptr) << refusal->message;
  return refusal == nullptr ? std::get<RunOrder>(std::move(order)) : RunOrder{};
}

std::string param_of(const std::string& body) {
  const auto order = parse_run_order(body);
  const auto* refusal = std::get_if<Refusal>(&order);
  if (refusal == nullptr) return "(none)";
  EXPECT_EQ(refusal->status, 400);
  EXPECT_FALSE(refusal->message.empty());
  return refusal->param;
}

TEST(RunOrder, has_a_prompt_and_how_to_answer_it) {
  const RunOrder order = order_of(
      R"({"prompt":"Hi","model":"7b","system":"","parameters":{"temperature":0.5,"seed":null},
          "conversation":"12","parent":"a3","retry":null,"edit":true,"record":false,"single":true,
          "compare":true,"unknown":[1]})");
  EXPECT_EQ(order.prompt, "Hi");
  EXPECT_EQ(order.model, "7b");
  EXPECT_EQ(order.system, "");
  ASSERT_EQ(order.parameters.size(), 1U) << "null is as good as absent";
  EXPECT_EQ(order.parameters[0].first, "temperature");
  EXPECT_EQ(order.parameters[0].second.text, "0.5");
  EXPECT_EQ(order.conversation, (ConversationId{.in_memory = false, .number = 12}));
  EXPECT_EQ(order.parent, 3);
  EXPECT_EQ(order.retry, 0);
  EXPECT_FALSE(order.record);
  EXPECT_TRUE(order.single);
  EXPECT_TRUE(order.compare);
}

TEST(RunOrder, is_recorded_and_new_unless_it_says_otherwise) {
  const RunOrder order = order_of(R"({"prompt":"Hi"})");
  EXPECT_TRUE(order.record);
  EXPECT_FALSE(order.conversation);
  EXPECT_FALSE(order.system);
}

TEST(RunOrder, names_the_field_that_is_wrong) {
  EXPECT_EQ(param_of(R"({"prompt":1})"), "prompt");
  EXPECT_EQ(param_of(R"({"prompt":"x","model":[]})"), "model");
  EXPECT_EQ(param_of(R"({"prompt":"x","system":{}})"), "system");
  EXPECT_EQ(param_of(R"({"prompt":"x","parameters":[]})"), "parameters");
  EXPECT_EQ(param_of(R"({"prompt":"x","parameters":{"a=@/etc/passwd":1}})"), "parameters");
  EXPECT_EQ(param_of(R"({"prompt":"x","parameters":{"":1}})"), "parameters");
  EXPECT_EQ(param_of(R"({"prompt":"x","conversation":"x"})"), "conversation");
  EXPECT_EQ(param_of(R"({"prompt":"x","conversation":"1","parent":"u3"})"), "parent");
  EXPECT_EQ(param_of(R"({"prompt":"x","conversation":"1","retry":"3"})"), "retry");
  EXPECT_EQ(param_of(R"({"prompt":"x","parent":"a3"})"), "conversation");
  EXPECT_EQ(param_of(R"({"prompt":"x","record":"no"})"), "record");
}

TEST(RunOrder, what_is_no_object_is_refused) {
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{"), std::string("null"),
        std::string("\xff"), std::string(200'000, '[')}) {
    EXPECT_EQ(param_of(body), "");
  }
}

TEST(MessageId, are_read_as_they_are_written) {
  EXPECT_EQ(render_message_id(*parse_message_id("a12")), "a12");
  EXPECT_EQ(render_message_id(*parse_message_id("u1")), "u1");
  EXPECT_EQ(render_conversation_id(*parse_conversation_id("m7")), "m7");
  EXPECT_EQ(render_conversation_id(*parse_conversation_id("7")), "7");
  for (const char* text : {"", "a", "a0", "a-1", "x1", "1", "a1x", "a99999999999999999999"}) {
    EXPECT_FALSE(parse_message_id(text)) << text;
  }
  for (const char* text : {"", "m", "0", "-1", "1x", "mm1"}) {
    EXPECT_FALSE(parse_conversation_id(text)) << text;
  }
}

}  // namespace
}  // namespace rellama::web
