# Where everything goes: the program, the library with its headers, and the two ways in which other
# builds find it (find_package(rellama) and pkg-config).
include(CMakePackageConfigHelpers)

install(TARGETS rellama_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS rellama EXPORT rellama-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/rellama DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(RELLAMA_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/rellama)
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

# Relative to the file itself, so that the installed tree may be moved.
file(RELATIVE_PATH RELLAMA_PC_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/rellama.pc.in ${CMAKE_CURRENT_BINARY_DIR}/rellama.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rellama.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
