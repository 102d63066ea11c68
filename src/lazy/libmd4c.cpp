// The function of md4c that the program calls: only an answer rendered for a terminal loads it.

#include <md4c.h>

#include "lazy/shared_library.hpp"

extern "C" int md_parse(const MD_CHAR* text, MD_SIZE size, const MD_PARSER* parser, void* user) {
  static const rellama::lazy::SharedLibrary library(RELLAMA_LIBMD4C);
  static const auto call = library.find<decltype(md_parse)>("md_parse");
  return call(text, size, parser, user);
}
