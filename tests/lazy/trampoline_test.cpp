#include <dlfcn.h>
#include <gtest/gtest.h>

#include "lazy/example.hpp"
#include "support/expect_error.hpp"

namespace rellama {
namespace {

// More of each kind than registers hold, in a variadic call, with a result in memory.
TEST(Trampoline, the_first_call_and_every_other_pass_all_arguments) {
  for (int call = 1; call <= 2; ++call) {
    const ExampleText result = example_format(
        "%d %d %d %d %d %d %d %d %d "
        "%.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f %s",
        1, 2, 3, 4, 5, 6, 7, 8, 9, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, "end");
    EXPECT_STREQ(result.text, "1 2 3 4 5 6 7 8 9 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 end");
  }
}

TEST(Trampoline, the_libraries_it_needs_are_loaded_too_except_those_that_are_missing) {
  (void)example_format("");
  EXPECT_NE(::dlopen(RELLAMA_NEEDED, RTLD_LAZY | RTLD_NOLOAD), nullptr);
}

TEST(Trampoline, a_library_without_one_of_its_functions_fails_at_the_first_call_of_any) {
  for (int call = 1; call <= 2; ++call) {
    const Error error = test::error_of([] { (void)example_present(); });
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_TRUE(test::holds(error.what(), "cannot load " RELLAMA_EXAMPLE ": "));
    EXPECT_TRUE(test::holds(error.what(), "example_absent"));
  }
}

}  // namespace
}  // namespace rellama
