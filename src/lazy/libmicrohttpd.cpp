// The functions of GNU libmicrohttpd that httpd calls. The library is loaded by the first call.

#include <microhttpd.h>

#include <cstdarg>
#include <cstddef>
#include <cstdint>

#include "lazy/shared_library.hpp"

namespace {

template <class Function>
Function* find(const char* name) {
  static const rellama::lazy::SharedLibrary library(RELLAMA_LIBMICROHTTPD);
  return library.find<Function>(name);
}

}  // namespace

extern "C" {

MHD_Daemon* MHD_start_daemon(unsigned int flags, std::uint16_t port,
                             MHD_AcceptPolicyCallback accept, void* accept_with,
                             MHD_AccessHandlerCallback handle, void* handle_with, ...) {
  static const auto call = find<decltype(MHD_start_daemon_va)>("MHD_start_daemon_va");
  std::va_list options;
  va_start(options, handle_with);
  MHD_Daemon* daemon = call(flags, port, accept, accept_with, handle, handle_with, options);
  va_end(options);
  return daemon;
}

void MHD_stop_daemon(MHD_Daemon* daemon) {
  static const auto call = find<decltype(MHD_stop_daemon)>("MHD_stop_daemon");
  call(daemon);
}

MHD_Result MHD_is_feature_supported(MHD_FEATURE feature) {
  static const auto call = find<decltype(MHD_is_feature_supported)>("MHD_is_feature_supported");
  return call(feature);
}

void MHD_suspend_connection(MHD_Connection* connection) {
  static const auto call = find<decltype(MHD_suspend_connection)>("MHD_suspend_connection");
  call(connection);
}

void MHD_resume_connection(MHD_Connection* connection) {
  static const auto call = find<decltype(MHD_resume_connection)>("MHD_resume_connection");
  call(connection);
}

int MHD_get_connection_values(MHD_Connection* connection, MHD_ValueKind kind,
                              MHD_KeyValueIterator take, void* take_with) {
  static const auto call = find<decltype(MHD_get_connection_values)>("MHD_get_connection_values");
  return call(connection, kind, take, take_with);
}

// The information that httpd asks for takes no further argument.
const MHD_ConnectionInfo* MHD_get_connection_info(MHD_Connection* connection,
                                                  MHD_ConnectionInfoType type, ...) {
  static const auto call = find<decltype(MHD_get_connection_info)>("MHD_get_connection_info");
  return call(connection, type);
}

MHD_Response* MHD_create_response_from_buffer(std::size_t size, void* buffer,
                                              MHD_ResponseMemoryMode mode) {
  static const auto call =
      find<decltype(MHD_create_response_from_buffer)>("MHD_create_response_from_buffer");
  return call(size, buffer, mode);
}

MHD_Response* MHD_create_response_from_callback(std::uint64_t size, std::size_t block_size,
                                                MHD_ContentReaderCallback read, void* read_with,
                                                MHD_ContentReaderFreeCallback free) {
  static const auto call =
      find<decltype(MHD_create_response_from_callback)>("MHD_create_response_from_callback");
  return call(size, block_size, read, read_with, free);
}

MHD_Result MHD_add_response_header(MHD_Response* response, const char* name, const char* value) {
  static const auto call = find<decltype(MHD_add_response_header)>("MHD_add_response_header");
  return call(response, name, value);
}

MHD_Result MHD_queue_response(MHD_Connection* connection, unsigned int status,
                              MHD_Response* response) {
  static const auto call = find<decltype(MHD_queue_response)>("MHD_queue_response");
  return call(connection, status, response);
}

void MHD_destroy_response(MHD_Response* response) {
  static const auto call = find<decltype(MHD_destroy_response)>("MHD_destroy_response");
  call(response);
}

}  // extern "C"
