// The functions of utf8proc that the program calls: only text beyond ASCII that is laid out on a
// terminal needs them.

#include <utf8proc.h>

#include "lazy/shared_library.hpp"

namespace {

template <class Function>
Function* find(const char* name) {
  static const rellama::lazy::SharedLibrary library(RELLAMA_LIBUTF8PROC);
  return library.find<Function>(name);
}

}  // namespace

extern "C" {

utf8proc_ssize_t utf8proc_iterate(const utf8proc_uint8_t* text, utf8proc_ssize_t size,
                                  utf8proc_int32_t* code) {
  static const auto call = find<decltype(utf8proc_iterate)>("utf8proc_iterate");
  return call(text, size, code);
}

int utf8proc_charwidth(utf8proc_int32_t code) {
  static const auto call = find<decltype(utf8proc_charwidth)>("utf8proc_charwidth");
  return call(code);
}

utf8proc_bool utf8proc_grapheme_break_stateful(utf8proc_int32_t before, utf8proc_int32_t after,
                                               utf8proc_int32_t* state) {
  static const auto call =
      find<decltype(utf8proc_grapheme_break_stateful)>("utf8proc_grapheme_break_stateful");
  return call(before, after, state);
}

}  // extern "C"
