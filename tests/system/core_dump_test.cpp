#include "system/core_dump.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace rellama::system {
namespace {

bool leaves_core_dumps() {
#ifdef __linux__
  return ::prctl(PR_GET_DUMPABLE) != 0;
#else
  rlimit limit{};
  return ::getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 0;
#endif
}

// In a process of its own, because it cannot be undone.
TEST(CoreDump, a_process_that_holds_secrets_leaves_none) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    forbid_core_dumps();
    ::_exit(leaves_core_dumps() ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace rellama::system
