// One history for the page and the terminal.

#include <filesystem>

#include "program/serve/serve_fixture.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class ServeHistory : public ServeFixture {
 protected:
  // The text of the answer of a turn: the echo model returns its whole prompt.
  [[nodiscard]] Json turn(const Json& order) {
    const Json started = start_run(order);
    EXPECT_EQ(Events(*this).wait_for_end(started["run"])["status"], "succeeded");
    return started;
  }
  [[nodiscard]] Json conversation(const std::string& id) const {
    return get("/ui/conversations/" + id).json();
  }
};

TEST_F(ServeHistory, a_conversation_of_the_page_goes_on_in_the_terminal) {
  serve();
  (void)turn(
      {{"prompt", "My name is Ann."}, {"model", "7b"}, {"parameters", {{"temperature", 0.25}}}});
  const Outcome chat = rellama({"chat", "-c"}, "What is my name?\n");
  EXPECT_EQ(chat.exit_code, 0) << chat.err;
  EXPECT_TRUE(holds(last_create().dump(), "My name is Ann."));
  EXPECT_EQ(last_create()["input"]["temperature"], 0.25) << "the settings go with it";
  const Json now = conversation("1");
  EXPECT_EQ(now["messages"].size(), 4U);
  EXPECT_EQ(now["messages"][2]["parent"], "a1");
}

TEST_F(ServeHistory, a_conversation_of_the_terminal_goes_on_in_the_page) {
  const Outcome chat = rellama({"chat", "-m", "7b", "-s", "Be brief"}, "My name is Ann.\n");
  EXPECT_EQ(chat.exit_code, 0) << chat.err;
  serve();
  const Json list = get("/ui/conversations").json()["conversations"];
  ASSERT_EQ(list.size(), 1U);
  const Json found = conversation(list[0]["id"]);
  EXPECT_EQ(found["system"], "Be brief");
  (void)turn({{"prompt", "What is my name?"},
              {"model", "7b"},
              {"conversation", list[0]["id"]},
              {"parent", found["current"]}});
  EXPECT_TRUE(holds(last_create().dump(), "My name is Ann."));
  EXPECT_TRUE(holds(rellama({"history", "show", "1"}).out, "What is my name?"));
}

TEST_F(ServeHistory, retry_and_edit_make_branches) {
  serve();
  (void)turn({{"prompt", "one"}, {"model", "7b"}});
  const Json again = turn({{"retry", "a1"}, {"conversation", "1"}, {"model", "7b"}});
  EXPECT_EQ(again["message"], "a2");
  (void)turn({{"prompt", "uno"}, {"conversation", "1"}, {"model", "7b"}, {"edit", true}});
  (void)turn({{"prompt", "two"}, {"conversation", "1"}, {"parent", "a2"}, {"model", "7b"}});
  std::string tree;
  const Json shown = conversation("1");
  for (const Json& message : shown["messages"]) {
    tree += message["id"].get<std::string>() + "<" +
            (message["parent"].is_null() ? "" : message["parent"].get<std::string>()) + " ";
  }
  EXPECT_EQ(tree, "u1< a1<u1 a2<u1 u3< a3<u3 u4<a2 a4<u4 ");
  EXPECT_EQ(shown["current"], "a4");
  EXPECT_EQ(post("/ui/conversations/1", {{"current", "a1"}}).status, 200);
  EXPECT_EQ(conversation("1")["current"], "a1");
}

TEST_F(ServeHistory, the_page_and_the_terminal_may_write_at_once) {
  emulator::EmulatorOptions options;
  options.token_rate = 200;
  start_emulator(options);
  serve();
  const Json first = turn({{"prompt", "start"}, {"model", "7b"}});
  std::vector<std::string> runs;
  for (int i = 0; i < 4; ++i) {
    runs.push_back(start_run({{"prompt", "page " + std::to_string(i)},
                              {"model", "7b"},
                              {"conversation", "1"},
                              {"parent", first["message"]}})["run"]);
  }
  const Outcome chat = rellama({"chat", "--session", "1"}, "terminal 1\nterminal 2\n");
  EXPECT_EQ(chat.exit_code, 0) << chat.err;
  Events events(*this);
  for (const std::string& run : runs) EXPECT_EQ(events.wait_for_end(run)["status"], "succeeded");
  const Json shown = conversation("1");
  std::size_t answers = 0;
  for (const Json& message : shown["messages"]) {
    if (message["role"] != "assistant") continue;
    ++answers;
    EXPECT_EQ(message["status"], "succeeded");
    EXPECT_FALSE(message["text"].get<std::string>().empty());
  }
  EXPECT_EQ(answers, 7U);
}

TEST_F(ServeHistory, conversations_are_found_renamed_exported_and_deleted) {
  serve();
  (void)turn({{"prompt", "the blue whale"}, {"model", "7b"}});
  (void)turn({{"prompt", "a red fox"}, {"model", "7b"}});
  const Json found = get("/ui/conversations?search=blue+whale").json()["conversations"];
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(holds(found[0]["snippet"], "blue whale"));
  EXPECT_EQ(post("/ui/conversations/1", {{"name", "Big animals"}}).status, 200);
  EXPECT_EQ(conversation("1")["name"], "Big animals");
  EXPECT_EQ(post("/ui/conversations/2", {{"name", "Big animals"}}).status, 400);
  EXPECT_EQ(post("/ui/conversations/2", {{"name", "12"}}).status, 400);
  EXPECT_EQ(rellama({"chat", "--session", "Big animals"}, "more\n").exit_code, 0);
  const Answer text = get("/ui/conversations/1/export?format=markdown");
  EXPECT_TRUE(holds(text.header("Content-Disposition"), "conversation-1.md"));
  EXPECT_TRUE(holds(text.body, "## You\n\nthe blue whale")) << text.body;
  EXPECT_TRUE(holds(text.body, "## You\n\nmore"));
  EXPECT_EQ(get("/ui/conversations/1/export?format=json").json()["name"], "Big animals");
  EXPECT_EQ(post("/ui/conversations/1/delete", Json::object()).status, 204);
  EXPECT_EQ(post("/ui/conversations/1/delete", Json::object()).status, 404);
  EXPECT_EQ(get("/ui/conversations/1").status, 404);
  EXPECT_EQ(get("/ui/conversations?limit=1").json()["conversations"].size(), 1U);
}

TEST_F(ServeHistory, deleting_a_conversation_stops_its_run) {
  emulator::EmulatorOptions options;
  options.token_rate = 5;
  start_emulator(options);
  serve();
  const std::string run = start_run({{"prompt", "Hi"}, {"model", "7b"}})["run"];
  Events events(*this);
  (void)events.wait_for_status(run, "running");
  EXPECT_EQ(post("/ui/conversations/1/delete", Json::object()).status, 204);
  EXPECT_EQ(events.wait_for_end(run)["status"], "canceled");
}

TEST_F(ServeHistory, nothing_is_recorded_with_n) {
  serve({"-n"});
  EXPECT_EQ(get("/ui/state").json()["recording"], false);
  const Json one = turn({{"prompt", "My name is Ann."}, {"model", "7b"}});
  EXPECT_EQ(one["conversation"], "m1");
  (void)turn({{"prompt", "What is my name?"},
              {"model", "7b"},
              {"conversation", "m1"},
              {"parent", one["message"]}});
  EXPECT_TRUE(holds(last_create().dump(), "My name is Ann."));
  EXPECT_EQ(conversation("m1")["messages"].size(), 4U);
  EXPECT_FALSE(std::filesystem::exists(home_ / ".local/share/rellama/history.db"));
}

TEST_F(ServeHistory, the_page_hears_of_what_the_terminal_writes) {
  serve();
  (void)turn({{"prompt", "Hi"}, {"model", "7b"}});
  Events events(*this);
  EXPECT_EQ(rellama({"-m", "7b", "from the terminal"}).exit_code, 0);
  EXPECT_TRUE(events.wait_for_news("conversations"));
}

TEST_F(ServeHistory, a_single_prompt_is_sent_as_it_is) {
  serve({"--single"});
  (void)turn({{"prompt", "Hi there"}, {"single", true}, {"model", "7b"}, {"system", ""}});
  const Json page = last_create()["input"];
  EXPECT_EQ(rellama({"-m", "7b", "-s", "", "Hi there"}).exit_code, 0);
  EXPECT_EQ(last_create()["input"], page);
}

}  // namespace
}  // namespace rellama::test
