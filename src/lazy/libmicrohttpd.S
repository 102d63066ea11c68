// The functions of GNU libmicrohttpd that the program calls. One that is missing here links the
// program with libmicrohttpd, which a test notices (tests/program/startup_test.cpp).
#include "lazy/trampoline.inc"

lazy_library RELLAMA_LIBMICROHTTPD, RELLAMA_LIBMICROHTTPD_NEEDED, "server", \
  "The emulator and --demo", "recommended"
lazy_function MHD_add_response_header
lazy_function MHD_create_response_from_buffer
lazy_function MHD_create_response_from_callback
lazy_function MHD_destroy_response
lazy_function MHD_get_connection_info
lazy_function MHD_get_connection_values
lazy_function MHD_is_feature_supported
lazy_function MHD_queue_response
lazy_function MHD_resume_connection
lazy_function MHD_start_daemon
lazy_function MHD_stop_daemon
lazy_function MHD_suspend_connection
lazy_library_end
