#include "system/heap.hpp"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace rellama::system {

// Otherwise each thread has a heap of its own, and each text longer than 128 KiB is mapped anew when
// it grows: the kernel clears every page again, which is most of what a long answer costs.
void keep_one_heap() noexcept {
#ifdef __GLIBC__
  constexpr int kLargest = 32 << 20;  // bytes, the most that glibc accepts
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, kLargest);
  ::mallopt(M_TRIM_THRESHOLD, kLargest);
#endif
}

}  // namespace rellama::system
