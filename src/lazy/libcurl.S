// The functions of libcurl that the program calls. One that is missing here links the program with
// libcurl, which a test notices (tests/program/startup_test.cpp).
#include "lazy/trampoline.inc"

lazy_library RELLAMA_LIBCURL, RELLAMA_LIBCURL_NEEDED, "http", \
  "Connecting to Replicate and to containers", "required"
lazy_function curl_easy_cleanup
lazy_function curl_easy_getinfo
lazy_function curl_easy_init
lazy_function curl_easy_pause
lazy_function curl_easy_setopt
lazy_function curl_easy_strerror
lazy_function curl_free
lazy_function curl_getdate
lazy_function curl_global_init
lazy_function curl_multi_add_handle
lazy_function curl_multi_cleanup
lazy_function curl_multi_info_read
lazy_function curl_multi_init
lazy_function curl_multi_remove_handle
lazy_function curl_multi_setopt
lazy_function curl_multi_socket_action
lazy_function curl_slist_append
lazy_function curl_slist_free_all
lazy_function curl_url
lazy_function curl_url_cleanup
lazy_function curl_url_get
lazy_function curl_url_set
lazy_function curl_version_info
lazy_library_end
