# Where everything goes: the program, the library with its headers, and the two ways in which other
# builds find it (find_package(rellama) and pkg-config). The installed tree may be moved.
include(CMakePackageConfigHelpers)

set(RELLAMA_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/rellama)

if(RELLAMA_BUILD_PROGRAM)
  if(BUILD_SHARED_LIBS)
    # The program finds the library beside it, wherever both are.
    if(APPLE)
      set(RELLAMA_ORIGIN @loader_path)
    else()
      set(RELLAMA_ORIGIN $ORIGIN)
    endif()
    file(RELATIVE_PATH RELLAMA_BIN_TO_LIB ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set_target_properties(rellama_program PROPERTIES
      INSTALL_RPATH ${RELLAMA_ORIGIN}/${RELLAMA_BIN_TO_LIB})
  endif()

  install(TARGETS rellama_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(DIRECTORY ${RELLAMA_MAN_DIR}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
    FILES_MATCHING PATTERN "*.1")
  install(FILES ${RELLAMA_COMPLETION_DIR}/rellama.bash RENAME rellama
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${RELLAMA_COMPLETION_DIR}/rellama.zsh RENAME _rellama
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  install(FILES ${RELLAMA_COMPLETION_DIR}/rellama.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

install(TARGETS rellama EXPORT rellama-targets
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/rellama DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# find_package(rellama)
install(EXPORT rellama-targets
  FILE rellamaTargets.cmake
  NAMESPACE rellama::
  DESTINATION ${RELLAMA_CMAKE_DIR})
configure_package_config_file(cmake/rellamaConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/rellamaConfig.cmake
  INSTALL_DESTINATION ${RELLAMA_CMAKE_DIR})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/rellamaConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/rellamaConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/rellamaConfigVersion.cmake
  DESTINATION ${RELLAMA_CMAKE_DIR})

# pkg-config. Who links a static rellama links libcurl too, and `pkg-config --libs rellama` has to
# say so without --static, which would also ask for everything that libcurl itself is made of.
if(BUILD_SHARED_LIBS)
  set(RELLAMA_PC_REQUIRES Requires.private)
else()
  set(RELLAMA_PC_REQUIRES Requires)
endif()
file(RELATIVE_PATH RELLAMA_PC_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" RELLAMA_PC_PREFIX ${RELLAMA_PC_PREFIX})
set(RELLAMA_PC_LIBDIR "\${prefix}")
cmake_path(APPEND RELLAMA_PC_LIBDIR ${CMAKE_INSTALL_LIBDIR})
set(RELLAMA_PC_INCLUDEDIR "\${prefix}")
cmake_path(APPEND RELLAMA_PC_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR})
configure_file(cmake/rellama.pc.in ${CMAKE_CURRENT_BINARY_DIR}/rellama.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rellama.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
