# Installs the build into an empty place, builds the consumer against it in both ways in which other
# people do that, and runs it.
#
#   cmake -DBUILD=… -DSOURCE=… -DWORK=… -DCOMPILER=… -DFLAGS=… -DPKG_CONFIG=… -P run.cmake

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_version text)
  if(NOT text MATCHES "rellama [0-9]+\\.[0-9]+\\.[0-9]+")
    message(FATAL_ERROR "expected the version, got: ${text}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/consumer)
file(COPY_FILE ${SOURCE}/consumer.cpp ${WORK}/consumer/consumer.cpp)
file(COPY_FILE ${SOURCE}/consumer.cmake ${WORK}/consumer/CMakeLists.txt)
separate_arguments(FLAG_LIST UNIX_COMMAND "${FLAGS}")

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/first)
# Nothing may depend on where it was installed to.
file(RENAME ${WORK}/first ${WORK}/prefix)
run(${WORK}/prefix/bin/rellama --version)
expect_version("${output}")

run(${CMAKE_COMMAND} -S ${WORK}/consumer -B ${WORK}/cmake-build -DCMAKE_BUILD_TYPE=Debug
  -DCMAKE_CXX_COMPILER=${COMPILER} "-DCMAKE_CXX_FLAGS=${FLAGS}" -DCMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build ${WORK}/cmake-build)
run(${WORK}/cmake-build/consumer)
expect_version("${output}")

file(GLOB_RECURSE pc ${WORK}/prefix/rellama.pc)
cmake_path(GET pc PARENT_PATH pc_directory)
run(${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${pc_directory}
  ${PKG_CONFIG} --static --cflags --libs rellama)
# The private dependencies of libcurl itself are in its shared library already.
string(REGEX MATCH "-I[^ ]+" include "${output}")
string(REGEX MATCH "-L[^ ]+" directory "${output}")
run(${COMPILER} -std=c++20 ${FLAG_LIST} ${include} ${WORK}/consumer/consumer.cpp
  ${directory} -lrellama -lcurl -o ${WORK}/pkg-config-consumer)
run(${WORK}/pkg-config-consumer)
expect_version("${output}")
