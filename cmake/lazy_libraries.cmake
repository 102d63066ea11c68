# The program loads libcurl and libmicrohttpd when it first calls them (src/lazy), so that a start
# that needs neither does not pay for the forty libraries behind them: decision 0016. This needs
# ELF, trampolines for the processor, a librellama.a and libraries that are shared; elsewhere the two
# are linked as usual.

# Sets `result` to the name a program would ask for, such as libcurl.so.4, or to nothing.
function(rellama_soname result path)
  set(soname "")
  if(EXISTS "${path}")
    file(REAL_PATH "${path}" file)
    if(file MATCHES "/(lib[a-z0-9]+\\.so\\.[0-9]+)[^/]*$")
      set(soname ${CMAKE_MATCH_1})
    endif()
  endif()
  set(${result} "${soname}" PARENT_SCOPE)
endfunction()

# Sets `result` to the names of the libraries that the one at `path` needs, separated by colons, or to
# nothing if there is no readelf.
function(rellama_needed result path)
  set(needed "")
  if(CMAKE_READELF)
    execute_process(
      COMMAND ${CMAKE_READELF} --dynamic ${path} OUTPUT_VARIABLE dynamic ERROR_QUIET)
    string(REGEX MATCHALL "\\(NEEDED\\)[^\n]+" needed "${dynamic}")
    list(TRANSFORM needed REPLACE ".*\\[(.+)\\].*" "\\1")
    list(JOIN needed ":" needed)
  endif()
  set(${result} "${needed}" PARENT_SCOPE)
endfunction()

get_target_property(rellama_libcurl CURL::libcurl IMPORTED_LOCATION)
foreach(configuration RELEASE NONE)
  if(NOT rellama_libcurl)
    get_target_property(rellama_libcurl CURL::libcurl IMPORTED_LOCATION_${configuration})
  endif()
endforeach()
list(GET LIBMICROHTTPD_LINK_LIBRARIES 0 rellama_libmicrohttpd)
rellama_soname(RELLAMA_LIBCURL "${rellama_libcurl}")
rellama_soname(RELLAMA_LIBMICROHTTPD "${rellama_libmicrohttpd}")

set(RELLAMA_LAZY_LIBRARIES OFF)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SIZEOF_VOID_P EQUAL 8
   AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|aarch64)$" AND NOT BUILD_SHARED_LIBS
   AND RELLAMA_LIBCURL AND RELLAMA_LIBMICROHTTPD)
  set(RELLAMA_LAZY_LIBRARIES ON)
  rellama_needed(RELLAMA_LIBCURL_NEEDED "${rellama_libcurl}")
  rellama_needed(RELLAMA_LIBMICROHTTPD_NEEDED "${rellama_libmicrohttpd}")
  enable_language(ASM)
endif()
