# Writes the files of the page into a C++ table, as they are and compressed.
#   cmake -D OUTPUT=FILE -D "FILES=page.html;js/main.js" -D FOLDER=DIR -P embed_page.cmake
set(types ".html=text/html; charset=utf-8" ".css=text/css; charset=utf-8"
  ".js=text/javascript; charset=utf-8" ".svg=image/svg+xml")

# Sets `result` to the bytes of a file as the elements of an array.
function(bytes_of result file)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  set(${result} "${bytes}" PARENT_SCOPE)
endfunction()

find_program(GZIP gzip REQUIRED)
set(arrays "")
set(rows "")
set(number 0)
foreach(name IN LISTS FILES)
  set(file "${FOLDER}/${name}")
  cmake_path(GET file EXTENSION LAST_ONLY extension)
  set(type "")
  foreach(known IN LISTS types)
    if(known MATCHES "^\\${extension}=(.*)$")
      set(type "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  if(type STREQUAL "")
    message(FATAL_ERROR "${file}: embed_page.cmake does not know its media type")
  endif()
  set(path "/${name}")
  if(name STREQUAL "page.html")
    set(path "/")
  endif()
  file(SHA256 "${file}" digest)
  string(SUBSTRING "${digest}" 0 16 etag)
  bytes_of(plain "${file}")
  # -n: without a time, so that the same sources make the same program.
  execute_process(COMMAND ${GZIP} -9nc "${file}" OUTPUT_FILE "${OUTPUT}.gz"
    COMMAND_ERROR_IS_FATAL ANY)
  bytes_of(gzipped "${OUTPUT}.gz")
  file(REMOVE "${OUTPUT}.gz")
  string(APPEND arrays "constexpr char kPlain${number}[] = {${plain}};\n"
    "constexpr char kGzipped${number}[] = {${gzipped}};\n")
  string(APPEND rows "    {\"${path}\", \"${type}\", \"\\\"${etag}\\\"\",\n"
    "     {kPlain${number}, sizeof kPlain${number}},\n"
    "     {kGzipped${number}, sizeof kGzipped${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include \"web/page_files.hpp\"

namespace rellama::web {
namespace {

${arrays}
constexpr PageFile kFiles[] = {
${rows}};

}  // namespace

std::span<const PageFile> page_files() noexcept {
  return kFiles;
}

}  // namespace rellama::web
")
