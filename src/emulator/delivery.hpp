#pragma once

#include <functional>

#include "emulator/reply.hpp"
#include "httpd/exchange.hpp"

namespace rellama::emulator {

/// Called with each reply as soon as it is known.
using ReplyObserver = std::function<void(const Reply&)>;

/// Sends a reply, now or as it becomes known, and ends the exchange as the reply says.
void deliver(Reply reply, const httpd::Exchange& exchange, const ReplyObserver& observer);

}  // namespace rellama::emulator
