# The program loads libcurl, libmicrohttpd, md4c, SQLite and utf8proc when it first calls them (src/lazy), so that a
# start that needs none does not pay for the forty libraries behind them. This needs ELF, `--as-needed`, a
# librellama.a and libraries that are shared; elsewhere they are linked as usual.

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

get_target_property(rellama_libcurl CURL::libcurl IMPORTED_LOCATION)
foreach(configuration RELEASE NONE)
  if(NOT rellama_libcurl)
    get_target_property(rellama_libcurl CURL::libcurl IMPORTED_LOCATION_${configuration})
  endif()
endforeach()
list(GET LIBMICROHTTPD_LINK_LIBRARIES 0 rellama_libmicrohttpd)
list(GET MD4C_LINK_LIBRARIES 0 rellama_libmd4c)
list(GET SQLITE3_LINK_LIBRARIES 0 rellama_libsqlite3)
list(GET UTF8PROC_LINK_LIBRARIES 0 rellama_libutf8proc)
rellama_soname(RELLAMA_LIBCURL "${rellama_libcurl}")
rellama_soname(RELLAMA_LIBMICROHTTPD "${rellama_libmicrohttpd}")
rellama_soname(RELLAMA_LIBMD4C "${rellama_libmd4c}")
rellama_soname(RELLAMA_LIBSQLITE3 "${rellama_libsqlite3}")
rellama_soname(RELLAMA_LIBUTF8PROC "${rellama_libutf8proc}")

set(RELLAMA_LAZY_LIBRARIES OFF)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SIZEOF_VOID_P EQUAL 8 AND NOT BUILD_SHARED_LIBS
   AND RELLAMA_LIBCURL AND RELLAMA_LIBMICROHTTPD AND RELLAMA_LIBMD4C AND RELLAMA_LIBSQLITE3
   AND RELLAMA_LIBUTF8PROC)
  set(RELLAMA_LAZY_LIBRARIES ON)
endif()
