// The functions of libcurl that the program calls. Loading libcurl and the thirty libraries behind
// it takes longer than all that `rellama --version` or a refused option has to do, so that the
// program is not linked with it: it loads it at the first call. A function that is missing here
// would link it again, which a test notices.

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include <cstdarg>

#include "lazy/shared_library.hpp"

// Macros in front of functions that take one more argument.
#undef curl_easy_setopt
#undef curl_easy_getinfo

namespace {

template <class Function>
Function* find(const char* name) {
  static const rellama::lazy::SharedLibrary library(RELLAMA_LIBCURL);
  return library.find<Function>(name);
}

}  // namespace

extern "C" {

CURLcode curl_global_init(long flags) {
  static const auto call = find<decltype(curl_global_init)>("curl_global_init");
  return call(flags);
}

curl_version_info_data* curl_version_info(CURLversion age) {
  static const auto call = find<decltype(curl_version_info)>("curl_version_info");
  return call(age);
}

CURL* curl_easy_init() {
  static const auto call = find<decltype(curl_easy_init)>("curl_easy_init");
  return call();
}

// The argument is a long, a pointer or a curl_off_t: each is passed as a pointer is where this file
// is used (LP64), and libcurl reads it by the option's own type.
CURLcode curl_easy_setopt(CURL* handle, CURLoption option, ...) {
  static const auto call = find<decltype(curl_easy_setopt)>("curl_easy_setopt");
  std::va_list arguments;
  va_start(arguments, option);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return call(handle, option, argument);
}

CURLcode curl_easy_getinfo(CURL* handle, CURLINFO info, ...) {
  static const auto call = find<decltype(curl_easy_getinfo)>("curl_easy_getinfo");
  std::va_list arguments;
  va_start(arguments, info);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return call(handle, info, argument);
}

const char* curl_easy_strerror(CURLcode code) {
  static const auto call = find<decltype(curl_easy_strerror)>("curl_easy_strerror");
  return call(code);
}

void curl_easy_cleanup(CURL* handle) {
  static const auto call = find<decltype(curl_easy_cleanup)>("curl_easy_cleanup");
  call(handle);
}

CURLM* curl_multi_init() {
  static const auto call = find<decltype(curl_multi_init)>("curl_multi_init");
  return call();
}

CURLMcode curl_multi_add_handle(CURLM* multi, CURL* easy) {
  static const auto call = find<decltype(curl_multi_add_handle)>("curl_multi_add_handle");
  return call(multi, easy);
}

CURLMcode curl_multi_remove_handle(CURLM* multi, CURL* easy) {
  static const auto call = find<decltype(curl_multi_remove_handle)>("curl_multi_remove_handle");
  return call(multi, easy);
}

CURLMcode curl_multi_perform(CURLM* multi, int* running) {
  static const auto call = find<decltype(curl_multi_perform)>("curl_multi_perform");
  return call(multi, running);
}

CURLMsg* curl_multi_info_read(CURLM* multi, int* queued) {
  static const auto call = find<decltype(curl_multi_info_read)>("curl_multi_info_read");
  return call(multi, queued);
}

CURLMcode curl_multi_poll(CURLM* multi, curl_waitfd* extra, unsigned int extra_count,
                          int milliseconds, int* ready) {
  static const auto call = find<decltype(curl_multi_poll)>("curl_multi_poll");
  return call(multi, extra, extra_count, milliseconds, ready);
}

CURLMcode curl_multi_wakeup(CURLM* multi) {
  static const auto call = find<decltype(curl_multi_wakeup)>("curl_multi_wakeup");
  return call(multi);
}

CURLMcode curl_multi_cleanup(CURLM* multi) {
  static const auto call = find<decltype(curl_multi_cleanup)>("curl_multi_cleanup");
  return call(multi);
}

curl_slist* curl_slist_append(curl_slist* list, const char* line) {
  static const auto call = find<decltype(curl_slist_append)>("curl_slist_append");
  return call(list, line);
}

void curl_slist_free_all(curl_slist* list) {
  static const auto call = find<decltype(curl_slist_free_all)>("curl_slist_free_all");
  call(list);
}

CURLU* curl_url() {
  static const auto call = find<decltype(curl_url)>("curl_url");
  return call();
}

CURLUcode curl_url_get(CURLU* url, CURLUPart part, char** text, unsigned int flags) {
  static const auto call = find<decltype(curl_url_get)>("curl_url_get");
  return call(url, part, text, flags);
}

CURLUcode curl_url_set(CURLU* url, CURLUPart part, const char* text, unsigned int flags) {
  static const auto call = find<decltype(curl_url_set)>("curl_url_set");
  return call(url, part, text, flags);
}

void curl_url_cleanup(CURLU* url) {
  static const auto call = find<decltype(curl_url_cleanup)>("curl_url_cleanup");
  call(url);
}

void curl_free(void* memory) {
  static const auto call = find<decltype(curl_free)>("curl_free");
  call(memory);
}

time_t curl_getdate(const char* text, const time_t* unused) {
  static const auto call = find<decltype(curl_getdate)>("curl_getdate");
  return call(text, unused);
}

}  // extern "C"
