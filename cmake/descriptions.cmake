# Man pages and completions: the program itself writes them, from the definitions it runs with.
set(RELLAMA_MAN_DIR ${CMAKE_CURRENT_BINARY_DIR}/man)
set(RELLAMA_COMPLETION_DIR ${CMAKE_CURRENT_BINARY_DIR}/completion)
file(MAKE_DIRECTORY ${RELLAMA_MAN_DIR} ${RELLAMA_COMPLETION_DIR})
add_custom_command(
  OUTPUT ${RELLAMA_MAN_DIR}/rellama.1 ${RELLAMA_COMPLETION_DIR}/rellama.bash
         ${RELLAMA_COMPLETION_DIR}/rellama.zsh ${RELLAMA_COMPLETION_DIR}/rellama.fish
  COMMAND rellama_program __man ${RELLAMA_MAN_DIR}
  COMMAND rellama_program completion bash > ${RELLAMA_COMPLETION_DIR}/rellama.bash
  COMMAND rellama_program completion zsh > ${RELLAMA_COMPLETION_DIR}/rellama.zsh
  COMMAND rellama_program completion fish > ${RELLAMA_COMPLETION_DIR}/rellama.fish
  DEPENDS rellama_program
  COMMENT "Writing man pages and completions"
  VERBATIM)
add_custom_target(rellama_descriptions ALL DEPENDS ${RELLAMA_MAN_DIR}/rellama.1)
