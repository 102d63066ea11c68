#pragma once

#include <array>
#include <string>

#include "http/handle.hpp"
#include "http/transfer.hpp"

namespace rellama::http {

/// The state that libcurl's callbacks write to. libcurl stores its address, so it must not move.
struct Transfer::State {
  explicit State(const Request& request);

  void set_options(const Request& request);
  static std::size_t take_header(char* data, std::size_t size, std::size_t count,
                                 void* user) noexcept;
  static std::size_t take_bytes(char* data, std::size_t size, std::size_t count,
                                void* user) noexcept;

  EasyHandle easy;
  HeaderList header_list;
  std::string body_to_send;

  int status = 0;
  Headers headers;
  std::size_t header_bytes = 0;
  bool head_complete = false;
  bool head_reported = false;
  std::string bytes;
  const char* too_large = nullptr;  // the error message if a size limit was exceeded

  bool finished = false;
  CURLcode result = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> error_text{};
};

}  // namespace rellama::http
