#pragma once

#include "measure.hpp"
#include "paced_server.hpp"

namespace rellama::bench {

/// How long tokens take through a program, from the server's send to a reader of its stdout.
struct TokenLatency {
  double median_us = 0;
  double p99_us = 0;
};

/// Runs a command that prints the tokens of the server's stream and times each token.
[[nodiscard]] TokenLatency measure_token_latency(const Command& command, const PacedServer& server,
                                                 int tokens);

}  // namespace rellama::bench
