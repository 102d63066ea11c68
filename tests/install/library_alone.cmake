# Configures the library, by itself and as a part of another project, where nothing can be found that
# only the program needs. tests/install/CMakeLists.txt names the variables it needs.

# pkg-config knows no library here, and CMake is not allowed to look for these.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/no-packages)
set(ENV{PKG_CONFIG_LIBDIR} ${WORK}/no-packages)
unset(ENV{PKG_CONFIG_PATH})
set(options -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER})
foreach(package PkgConfig CLI11 spdlog GTest OpenSSL benchmark)
  list(APPEND options -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()

function(configure)
  execute_process(COMMAND ${CMAKE_COMMAND} ${options} ${ARGN}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
endfunction()

configure(-S ${RELLAMA_SOURCE} -B ${WORK}/alone -DRELLAMA_BUILD_PROGRAM=OFF)
file(STRINGS ${WORK}/alone/CMakeCache.txt found REGEX "^RELLAMA_(LIBEDIT|TOMLPLUSPLUS)")
if(found)
  message(FATAL_ERROR "the library looks for ${found}")
endif()

configure(-S ${SOURCE} -B ${WORK}/subproject -DRELLAMA_SOURCE=${RELLAMA_SOURCE})
file(READ ${WORK}/subproject/compile_commands.json commands)
if(commands MATCHES "-Werror")
  message(FATAL_ERROR "warnings are errors for a project that uses the library")
endif()
if(EXISTS ${WORK}/subproject/_deps/rellama-build/rellamaConfig.cmake)
  message(FATAL_ERROR "rellama installs itself with a project that uses the library")
endif()
