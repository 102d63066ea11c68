#pragma once

#include <microhttpd.h>

#include "emulator/reply.hpp"

namespace rellama::emulator {

/// How long a connection may be idle.
inline constexpr unsigned int kIdleSeconds = 60;

/// Answers the request that `connection` is at. Streams are read from the connection's own thread,
/// which waits for what they say next. MHD_NO ends the connection without an answer.
[[nodiscard]] MHD_Result send_answer(MHD_Connection* connection, Reply reply);

}  // namespace rellama::emulator
