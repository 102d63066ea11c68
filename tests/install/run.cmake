# Installs the build into an empty place, moves it elsewhere, builds the consumer against it in both
# ways in which other people do that, and runs what came out. tests/install/CMakeLists.txt names the
# variables it needs.

# Runs a command and leaves what it printed in `output`.
function(run)
  execute_process(COMMAND ${ARGN}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(run_and_expect expected)
  run(${ARGN})
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "${ARGN}\nprinted:\n${output}\nexpected:\n${expected}")
  endif()
endfunction()

set(answer "rellama ${VERSION} asks meta/llama-2-70b-chat\nand hears: network (row 0)\nand hears: network (row 1)")
set(prefix ${WORK}/moved)
set(ENV{LD_LIBRARY_PATH} ${prefix}/${LIBDIR})  # for the consumers, where the library is shared

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/installed)
file(RENAME ${WORK}/installed ${prefix})

run_and_expect("rellama ${VERSION}"
  ${CMAKE_COMMAND} -E env --unset=LD_LIBRARY_PATH ${prefix}/${BINDIR}/rellama --version)

run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/cmake -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug
  -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS} -DCMAKE_PREFIX_PATH=${prefix})
run(${CMAKE_COMMAND} --build ${WORK}/cmake)
run_and_expect("${answer}" ${WORK}/cmake/consumer)

set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
run(${PKG_CONFIG} --cflags --libs rellama)
separate_arguments(options UNIX_COMMAND "${output}")
file(MAKE_DIRECTORY ${WORK}/pkg-config)
run(${COMPILER} -std=c++20 ${FLAGS} ${SOURCE}/main.cpp ${options} -o ${WORK}/pkg-config/consumer)
run_and_expect("${answer}" ${WORK}/pkg-config/consumer)
