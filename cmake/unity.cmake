# With CMAKE_UNITY_BUILD, as in script/test and script/fuzz, the files of one folder are compiled
# together: what they include is then read, and its inline functions and templates compiled, once a
# folder. Names in the unnamed namespaces of a folder therefore have to differ. script/lint checks
# that each file includes what it needs.

# rellama_unite_folders(TARGET)
function(rellama_unite_folders target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "${folder}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${group}")
  endforeach()
endfunction()
