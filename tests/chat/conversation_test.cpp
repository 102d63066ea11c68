#include "chat/conversation.hpp"

#include <gtest/gtest.h>

namespace rellama::chat {
namespace {

using Numbers = std::vector<Conversation::Number>;

Exchange exchange(const std::string& name) {
  return {.message = name + "?", .answer = name + "!"};
}

TEST(Conversation, exchanges_form_a_path) {
  Conversation conversation;
  EXPECT_TRUE(conversation.turns().empty());
  conversation.add(exchange("a"));
  conversation.add(exchange("b"));
  EXPECT_EQ(conversation.turns(), (std::vector<Turn>{{"a?", "a!"}, {"b?", "b!"}}));
  EXPECT_EQ(conversation.path(), (Numbers{1, 2}));
}

TEST(Conversation, asking_again_starts_a_branch_and_keeps_the_old_one) {
  Conversation conversation;
  conversation.add(exchange("a"));
  conversation.add(exchange("b"));
  conversation.go_before(2);
  conversation.add(exchange("c"));
  EXPECT_EQ(conversation.path(), (Numbers{1, 3}));
  EXPECT_EQ(conversation.branches(), (Numbers{2, 3}));
  conversation.go_to(2);
  EXPECT_EQ(conversation.path(), (Numbers{1, 2}));
  EXPECT_EQ(conversation.depth(2), 2U);
}

TEST(Conversation, undo_goes_back_to_the_beginning_and_no_further) {
  Conversation conversation;
  conversation.add(exchange("a"));
  EXPECT_TRUE(conversation.undo());
  EXPECT_EQ(conversation.current(), 0U);
  EXPECT_FALSE(conversation.undo());
  conversation.add(exchange("b"));
  EXPECT_EQ(conversation.branches(), (Numbers{1, 2}));
}

TEST(Conversation, renders_as_a_document) {
  Conversation conversation;
  conversation.add(exchange("a"));
  conversation.add({.message = "b?", .answer = " \ncut", .is_complete = false});
  EXPECT_EQ(render_markdown(conversation),
            "## You\n\na?\n\n## Llama\n\na!\n\n## You\n\nb?\n\n## Llama\n\ncut …\n");
}

}  // namespace
}  // namespace rellama::chat
