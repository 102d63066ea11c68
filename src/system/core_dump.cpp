#include "system/core_dump.hpp"

#ifdef __linux__
#include <sys/prctl.h>
#else
#include <sys/resource.h>
#endif

namespace rellama::system {

// Not RLIMIT_CORE on Linux: the kernel ignores a limit of 0 if it pipes dumps to a program, as
// systemd-coredump and apport have it do (core(5)), and children inherit it.
void forbid_core_dumps() noexcept {
#ifdef __linux__
  ::prctl(PR_SET_DUMPABLE, 0);
#else
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#endif
}

}  // namespace rellama::system
