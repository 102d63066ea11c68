#include "lazy/shared_library.hpp"

#include <dlfcn.h>

#include <string>

#include "rellama/error.hpp"

namespace rellama::lazy {
namespace {

[[noreturn]] void throw_missing(const char* library) {
  const char* why = ::dlerror();
  throw Error(ErrorKind::internal,
              ErrorParts{.failed = "cannot load " + std::string(library),
                         .why = why == nullptr ? "" : why,
                         .remedy = "install the library that rellama was built with"});
}

}  // namespace

SharedLibrary::SharedLibrary(const char* name)
    : name_(name), handle_(::dlopen(name, RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ == nullptr) throw_missing(name_);
}

void* SharedLibrary::find_address(const char* name) const {
  void* address = ::dlsym(handle_, name);
  if (address == nullptr) throw_missing(name_);
  return address;
}

}  // namespace rellama::lazy
