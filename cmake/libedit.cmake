# libedit, for the conversation. From its archives where there are such (Debian): the program is
# started far more often to ask than to talk, and would load three libraries each time.
find_path(RELLAMA_LIBEDIT_INCLUDE histedit.h REQUIRED)
find_library(RELLAMA_LIBEDIT NAMES libedit.a edit REQUIRED)
add_library(rellama_libedit INTERFACE)
target_include_directories(rellama_libedit SYSTEM INTERFACE ${RELLAMA_LIBEDIT_INCLUDE})
target_link_libraries(rellama_libedit INTERFACE ${RELLAMA_LIBEDIT})
if(RELLAMA_LIBEDIT MATCHES "\\.a$")
  # What the archive needs itself.
  find_library(RELLAMA_LIBTINFO NAMES libtinfo.a tinfo REQUIRED)
  find_library(RELLAMA_LIBBSD NAMES libbsd.a bsd REQUIRED)
  target_link_libraries(rellama_libedit INTERFACE ${RELLAMA_LIBTINFO} ${RELLAMA_LIBBSD})
endif()
