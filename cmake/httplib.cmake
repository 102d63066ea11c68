# cpp-httplib comes with a CMake package, a pkg-config file or neither, depending on who packaged it.
# Whichever it is, the emulator links httplib::httplib.
find_package(httplib CONFIG QUIET)
if(NOT TARGET httplib::httplib)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
  add_library(httplib::httplib ALIAS PkgConfig::HTTPLIB)
endif()
