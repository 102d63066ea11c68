// Loads a library when one of its functions is first called: see trampoline.inc.

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rellama/error.hpp"

namespace {

// The tables that trampoline.inc lays out.
struct Function {
  std::atomic<void*> address;
  const char* name;
};
struct Library {
  const char* soname;
  const char* needed;
  Function* functions;
  Function* functions_end;
};
static_assert(sizeof(Function) == 2 * sizeof(void*));

[[noreturn]] void throw_missing(const Library& library) {
  const char* why = ::dlerror();
  throw rellama::Error(
      rellama::ErrorKind::internal,
      rellama::ErrorParts{.failed = "cannot load " + std::string(library.soname),
                          .why = why == nullptr ? "" : why,
                          .remedy = "install the library that rellama was built with"});
}

void* open_library(const char* soname) {
  return ::dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
}

// Opens the libraries that another one is linked with, before that one. Loaded together, each of
// them looks for every name in all of them; loaded on its own, only in those it needs itself
// (decision 0016). One that is missing is skipped: if the other library does need it, its own
// loading fails.
void open_needed(std::string_view sonames) {
  while (!sonames.empty()) {
    const std::size_t end = std::min(sonames.find(':'), sonames.size());
    (void)open_library(std::string(sonames.substr(0, end)).c_str());
    sonames.remove_prefix(std::min(end + 1, sonames.size()));
  }
}

}  // namespace

/// Called by the trampolines of `library`. All its functions are looked up at once: if one is
/// missing, the first call says so, and no later one can fail in the middle of a callback. Threads
/// that come here at the same time store the same addresses. The library stays loaded.
extern "C" void rellama_lazy_load_library(const Library* library);

extern "C" void rellama_lazy_load_library(const Library* library) {
  open_needed(library->needed);
  void* const handle = open_library(library->soname);
  if (handle == nullptr) throw_missing(*library);
  const std::span functions(library->functions, library->functions_end);
  std::vector<void*> addresses;
  addresses.reserve(functions.size());
  for (const Function& function : functions) {
    void* const address = ::dlsym(handle, function.name);
    if (address == nullptr) throw_missing(*library);
    addresses.push_back(address);
  }
  for (std::size_t i = 0; i < functions.size(); ++i) {
    functions[i].address.store(addresses[i], std::memory_order_release);
  }
}
