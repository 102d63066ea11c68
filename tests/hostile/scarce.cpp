// Loaded before the other libraries (LD_PRELOAD), makes one allocation or thread of a program fail,
// or all allocations from one on. Which one is in the environment:
//
//     RELLAMA_FAIL_NEW=N       the Nth by operator new, from 1: one of the program itself
//     RELLAMA_FAIL_MALLOC=N    the Nth by malloc(3) and its like: one of a library in C
//     RELLAMA_FAIL_ALL=N       the Nth by either, and all after it
//     RELLAMA_FAIL_THREAD=N    the Nth thread

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>

extern "C" {
void* __libc_malloc(std::size_t size);                     // NOLINT: glibc's names
void* __libc_calloc(std::size_t count, std::size_t size);  // NOLINT
void* __libc_realloc(void* pointer, std::size_t size);     // NOLINT
}

namespace {

class Countdown {
 public:
  explicit Countdown(const char* name) {
    if (const char* value = std::getenv(name)) at_ = std::strtol(value, nullptr, 10);
  }
  /// Whether the event that happens now is the one.
  bool is_now() { return at_ > 0 && ++count_ == at_; }
  /// Whether it is the one or a later one.
  bool has_come() { return at_ > 0 && ++count_ >= at_; }

 private:
  long at_ = 0;
  std::atomic<long> count_ = 0;
};

bool all_fail() {
  static Countdown all("RELLAMA_FAIL_ALL");
  return all.has_come();
}

bool malloc_fails() {
  static Countdown one("RELLAMA_FAIL_MALLOC");
  if (!one.is_now() && !all_fail()) return false;
  errno = ENOMEM;
  return true;
}

bool new_fails() {
  static Countdown one("RELLAMA_FAIL_NEW");
  return one.is_now() || all_fail();
}

}  // namespace

void* operator new(std::size_t size) {
  while (true) {
    void* const memory = new_fails() ? nullptr : __libc_malloc(size > 0 ? size : 1);
    if (memory != nullptr) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

extern "C" {

void* malloc(std::size_t size) {
  return malloc_fails() ? nullptr : __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  return malloc_fails() ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* pointer, std::size_t size) {
  return malloc_fails() ? nullptr : __libc_realloc(pointer, size);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) {
  static Countdown one("RELLAMA_FAIL_THREAD");
  if (one.is_now()) return EAGAIN;
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto real = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  return real(thread, attributes, start, argument);
}
}
