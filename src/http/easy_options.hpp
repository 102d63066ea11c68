#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <new>
#include <type_traits>

namespace rellama::http {

/// What libcurl calls with the bytes of a head or a body.
using TakeBytes = std::size_t (*)(char* data, std::size_t size, std::size_t count, void* user);

template <CURLoption option, CURLoption... candidates>
inline constexpr bool is_one_of = ((option == candidates) || ...);

/// The type that libcurl reads for `option`. Numbers follow from the option; what a pointer points
/// to is listed here, and an option that is not cannot be set.
template <CURLoption option>
consteval auto option_type() {
  constexpr bool is_long = option < CURLOPTTYPE_OBJECTPOINT;
  constexpr bool is_offset = option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB;
  if constexpr (is_long || is_offset) {
    return std::type_identity<std::conditional_t<is_long, long, curl_off_t>>();
  } else if constexpr (is_one_of<option, CURLOPT_ACCEPT_ENCODING, CURLOPT_CAINFO, CURLOPT_CAPATH,
                                 CURLOPT_CUSTOMREQUEST, CURLOPT_POSTFIELDS, CURLOPT_PROTOCOLS_STR,
                                 CURLOPT_PROXY, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH,
                                 CURLOPT_URL, CURLOPT_USERAGENT>) {
    return std::type_identity<const char*>();
  } else if constexpr (option == CURLOPT_ERRORBUFFER) {
    return std::type_identity<char*>();
  } else if constexpr (option == CURLOPT_HTTPHEADER) {
    return std::type_identity<curl_slist*>();
  } else if constexpr (is_one_of<option, CURLOPT_HEADERFUNCTION, CURLOPT_WRITEFUNCTION>) {
    return std::type_identity<TakeBytes>();
  } else if constexpr (option == CURLOPT_PREREQFUNCTION) {
    return std::type_identity<int (*)(void*, char*, char*, int, int)>();
  } else if constexpr (is_one_of<option, CURLOPT_CAINFO_BLOB, CURLOPT_PROXY_CAINFO_BLOB>) {
    return std::type_identity<const curl_blob*>();
  } else if constexpr (is_one_of<option, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA, CURLOPT_PRIVATE,
                                 CURLOPT_WRITEDATA>) {
    return std::type_identity<void*>();
  }
}

/// curl_easy_setopt(), which takes anything: with this a `0` for a `0L`, or a std::string, is
/// converted or does not compile. An option that could not be stored might let a token pass through
/// a proxy, so that throws std::bad_alloc.
template <CURLoption option>
void set_option(CURL* handle, typename decltype(option_type<option>())::type value) {
  const CURLcode code = (curl_easy_setopt)(handle, option, value);  // it can be a macro
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
}

/// The type that libcurl reads for an option of a multi handle.
template <CURLMoption option>
consteval auto multi_option_type() {
  if constexpr (option < CURLOPTTYPE_OBJECTPOINT) {
    return std::type_identity<long>();
  } else if constexpr (option == CURLMOPT_SOCKETFUNCTION) {
    return std::type_identity<int (*)(CURL*, curl_socket_t, int, void*, void*)>();
  } else if constexpr (option == CURLMOPT_TIMERFUNCTION) {
    return std::type_identity<int (*)(CURLM*, long, void*)>();
  } else if constexpr (option == CURLMOPT_SOCKETDATA || option == CURLMOPT_TIMERDATA) {
    return std::type_identity<void*>();
  }
}

/// curl_multi_setopt(), likewise.
template <CURLMoption option>
void set_option(CURLM* handle,
                typename decltype(multi_option_type<option>())::type value) noexcept {
  (curl_multi_setopt)(handle, option, value);
}

/// The type that libcurl writes for `info`.
template <CURLINFO info>
consteval auto info_type() {
  if constexpr ((info & CURLINFO_TYPEMASK) == CURLINFO_STRING) {
    return std::type_identity<char*>();
  } else if constexpr ((info & CURLINFO_TYPEMASK) == CURLINFO_LONG) {
    return std::type_identity<long>();
  } else if constexpr ((info & CURLINFO_TYPEMASK) == CURLINFO_OFF_T) {
    return std::type_identity<curl_off_t>();
  }
}

/// curl_easy_getinfo(). 0 or a null pointer if libcurl does not know.
template <CURLINFO info>
[[nodiscard]] auto get_info(CURL* handle) noexcept {
  typename decltype(info_type<info>())::type value{};
  (curl_easy_getinfo)(handle, info, &value);
  return value;
}

}  // namespace rellama::http
