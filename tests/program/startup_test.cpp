// Which libraries are loaded: libcurl and its dependencies only to fetch something.

#include <fstream>
#include <sstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class Startup : public ProgramTest {};

TEST_F(Startup, the_program_is_not_linked_with_the_lazy_libraries) {
  Launch traced = launch({"--version"});
  traced.environment["LD_TRACE_LOADED_OBJECTS"] = "1";
  const Outcome outcome = run(traced);
  EXPECT_TRUE(holds(outcome.out, "libc.so"));
  EXPECT_EQ(outcome.out.find("libcurl"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("libmicrohttpd"), std::string::npos) << outcome.out;
}

TEST_F(Startup, packaging_tools_are_told_what_the_program_loads) {
  std::ifstream program(RELLAMA_PROGRAM, std::ios::binary);
  std::ostringstream bytes;
  bytes << program.rdbuf();
  const std::string text = bytes.str();
  EXPECT_NE(text.find(R"([{"soname":[")" RELLAMA_LIBCURL R"("],"feature":"http",)"),
            std::string::npos);
  EXPECT_NE(text.find(R"([{"soname":[")" RELLAMA_LIBMICROHTTPD R"("],"feature":"server",)"),
            std::string::npos);
}

TEST_F(Startup, a_missing_library_is_one_line_and_only_if_it_is_needed) {
  (void)file(RELLAMA_LIBCURL, "not a library");
  Launch broken = launch({"hi"});
  broken.environment["LD_LIBRARY_PATH"] = home_.string();
  const Outcome outcome = run(broken);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(holds(outcome.err, "rellama: cannot load " RELLAMA_LIBCURL ": ")) << outcome.err;
  EXPECT_TRUE(outcome.err.ends_with("install the library that rellama was built with\n"));
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(creates(), 0U);

  broken.arguments = {"--help"};
  EXPECT_EQ(run(broken).exit_code, 0);
}

TEST_F(Startup, only_what_serves_needs_the_library_that_serves) {
  (void)file(RELLAMA_LIBMICROHTTPD, "not a library");
  Launch broken = launch({"-m", kEcho, "hi"});
  broken.environment["LD_LIBRARY_PATH"] = home_.string();
  EXPECT_EQ(run(broken).out, "hi\n");

  for (const char* serves : {"--demo", "emulator"}) {
    broken.arguments = {serves};
    if (broken.arguments.front() == "--demo") broken.arguments.emplace_back("hi");
    const Outcome outcome = run(broken);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_TRUE(outcome.err.starts_with("rellama: cannot load " RELLAMA_LIBMICROHTTPD ": "))
        << outcome.err;
    EXPECT_TRUE(outcome.err.ends_with("install the library that rellama was built with\n"))
        << outcome.err;
  }
}

}  // namespace
}  // namespace rellama::test
