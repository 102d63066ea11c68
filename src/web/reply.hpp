#pragma once

#include <chrono>
#include <string>

#include "httpd/reply.hpp"
#include "rellama/error.hpp"

namespace rellama::web {

/// Why a request is not answered.
struct Refusal {
  int status = 400;
  std::string message;
  std::string remedy = {};
  std::string param = {};               ///< the field or parameter that is wrong
  std::chrono::seconds retry_after{0};  ///< when it may succeed; 0: unknown
};

/// The refusal for an error: its status is that of its kind.
[[nodiscard]] Refusal refusal_of(const Error& error);

/// Adds the headers that every reply has: what a browser may do with it.
void add_safety_headers(httpd::Headers& headers);

/// Adds more headers to a reply.
void add_headers(httpd::Reply& reply, const httpd::Headers& more);

/// A reply with a JSON body.
[[nodiscard]] httpd::Reply json_reply(int status, std::string body);

/// {"error":{"message":…,"remedy":…,"param":…}}
[[nodiscard]] httpd::Reply refuse(const Refusal& refusal);

/// A reply without a body.
[[nodiscard]] httpd::Reply empty_reply(int status);

}  // namespace rellama::web
