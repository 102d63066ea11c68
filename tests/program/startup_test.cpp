// What a start loads: libcurl and what is behind it only where something is fetched.

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class Startup : public ProgramTest {};

TEST_F(Startup, the_lazy_libraries_are_not_what_the_program_is_linked_with) {
  Launch traced = launch({"--version"});
  traced.environment["LD_TRACE_LOADED_OBJECTS"] = "1";
  const Outcome outcome = run(traced);
  EXPECT_TRUE(holds(outcome.out, "libc.so"));
  EXPECT_EQ(outcome.out.find("libcurl"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("libmicrohttpd"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("libmd4c"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("libutf8proc"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("libsqlite3"), std::string::npos) << outcome.out;
}

TEST_F(Startup, a_library_that_cannot_be_loaded_is_one_line_and_only_where_it_is_needed) {
  (void)file("libcurl.so.4", "not a library");
  Launch broken = launch({"hi"});
  broken.environment["LD_LIBRARY_PATH"] = home_.string();
  const Outcome outcome = run(broken);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(holds(outcome.err, "rellama: cannot load libcurl.so.4: ")) << outcome.err;
  EXPECT_TRUE(outcome.err.ends_with("install the library that rellama was built with\n"));
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(creates(), 0U);

  broken.arguments = {"--help"};
  EXPECT_EQ(run(broken).exit_code, 0);
}

TEST_F(Startup, what_renders_markdown_is_loaded_where_markdown_is_rendered) {
  (void)file("libmd4c.so.0", "not a library");
  Launch broken = launch({"-m", kEcho, "-q", "hi"});
  broken.environment["LD_LIBRARY_PATH"] = home_.string();
  EXPECT_EQ(run(broken).out, "hi\n");

  broken.on_terminal = true;
  const Outcome outcome = run(broken);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(holds(outcome.err, "cannot load libmd4c.so.0: ")) << outcome.err;
  EXPECT_EQ(creates(), 1U) << "nothing is sent whose answer cannot be shown";

  broken.arguments.insert(broken.arguments.end(), {"--markdown", "never"});
  EXPECT_EQ(run(broken).err, "hi\r\n");
}

TEST_F(Startup, a_history_that_cannot_be_loaded_costs_no_answer) {
  (void)file("libsqlite3.so.0", "not a library");
  Launch broken = launch({"-m", kEcho, "hi"});
  broken.environment["LD_LIBRARY_PATH"] = home_.string();
  const Outcome outcome = run(broken);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "hi\n");
  EXPECT_TRUE(holds(outcome.err, "warning: the answer is not kept: cannot load libsqlite3.so.0"))
      << outcome.err;
}

}  // namespace
}  // namespace rellama::test
