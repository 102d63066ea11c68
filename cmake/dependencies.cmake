# Everything rellama is built with, and from which version. script/install-packages has the names of
# Debian's packages.

# Libraries then bring what they are made of themselves.
if(RELLAMA_STATIC)
  set(PKG_CONFIG_ARGN --static)
endif()

# The library: other projects that link rellama need libcurl, and nothing else of this list.
find_package(CURL 7.85 REQUIRED)
if(RELLAMA_STATIC)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(RELLAMA_LIBCURL REQUIRED IMPORTED_TARGET libcurl)
  target_link_libraries(CURL::libcurl INTERFACE PkgConfig::RELLAMA_LIBCURL)
endif()
find_package(nlohmann_json 3.11 REQUIRED)
find_package(valijson REQUIRED)
# Headers only. The target is called one way by Debian's 1.0 and another way since.
add_library(rellama_json_schema INTERFACE)
target_link_libraries(rellama_json_schema INTERFACE
  $<IF:$<TARGET_EXISTS:ValiJSON::valijson>,ValiJSON::valijson,valijson>)

# The program.
if(RELLAMA_BUILD_PROGRAM)
  find_package(PkgConfig REQUIRED)
  find_package(Threads REQUIRED)
  find_package(CLI11 2.1 REQUIRED)
  find_package(spdlog 1.10 REQUIRED)
  pkg_check_modules(LIBMICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd>=0.9.75)
  pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3>=3.40)
  pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c>=0.4.8)
  pkg_check_modules(UTF8PROC REQUIRED libutf8proc>=2.2)
  # From its archive where there is one: the names of the shared libraries of two releases of Debian
  # differ, and one package is for both.
  find_library(RELLAMA_LIBUTF8PROC NAMES libutf8proc.a utf8proc REQUIRED
    HINTS ${UTF8PROC_LIBRARY_DIRS})
  add_library(rellama_utf8proc INTERFACE)
  target_include_directories(rellama_utf8proc SYSTEM INTERFACE ${UTF8PROC_INCLUDE_DIRS})
  target_link_libraries(rellama_utf8proc INTERFACE ${RELLAMA_LIBUTF8PROC})

  # Headers only: the shared library would cost every start of the program.
  find_path(RELLAMA_TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
  add_library(rellama_tomlplusplus INTERFACE)
  target_include_directories(rellama_tomlplusplus SYSTEM INTERFACE
    ${RELLAMA_TOMLPLUSPLUS_INCLUDE_DIR})

  # libmd, from its archive where there is one: only the emulator needs it.
  find_path(RELLAMA_LIBMD_INCLUDE sha2.h REQUIRED)
  find_library(RELLAMA_LIBMD NAMES libmd.a md REQUIRED)
  add_library(rellama_libmd INTERFACE)
  target_include_directories(rellama_libmd SYSTEM INTERFACE ${RELLAMA_LIBMD_INCLUDE})
  target_link_libraries(rellama_libmd INTERFACE ${RELLAMA_LIBMD})

  # libedit, from its archives where there are such (Debian): the program is started far more often
  # to ask than to chat, and would load three libraries each time.
  find_path(RELLAMA_LIBEDIT_INCLUDE histedit.h REQUIRED)
  find_library(RELLAMA_LIBEDIT NAMES libedit.a edit REQUIRED)
  add_library(rellama_libedit INTERFACE)
  target_include_directories(rellama_libedit SYSTEM INTERFACE ${RELLAMA_LIBEDIT_INCLUDE})
  target_link_libraries(rellama_libedit INTERFACE ${RELLAMA_LIBEDIT})
  if(RELLAMA_LIBEDIT MATCHES "\\.a$")
    # What the archive needs itself.
    find_library(RELLAMA_LIBTINFO NAMES libtinfo.a tinfo REQUIRED)
    target_link_libraries(rellama_libedit INTERFACE ${RELLAMA_LIBTINFO})
    # Debian's is built with libbsd, others have copies of its functions.
    find_library(RELLAMA_LIBBSD NAMES libbsd.a bsd)
    if(RELLAMA_LIBBSD)
      target_link_libraries(rellama_libedit INTERFACE ${RELLAMA_LIBBSD})
    endif()
  endif()
endif()

# The tests and the benchmarks.
if(RELLAMA_BUILD_TESTS)
  find_package(GTest REQUIRED)
  find_package(OpenSSL 3.0 REQUIRED)
  find_package(benchmark QUIET)  # bench/micro.cpp is left out without it
endif()
