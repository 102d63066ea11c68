// A model of which every token says when it was sent, in Replicate's protocol and in OpenAI's, with
// the same delays: for bench/run --api. The first token comes half a second after the request that
// starts the prediction.
//   rellama_bench_upstream TOKENS MICROSECONDS

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "httpd/server.hpp"

namespace rellama::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirst{500};

struct Pace {
  int tokens;
  std::chrono::microseconds interval;
};

/// How a protocol wraps a token.
struct Wrapping {
  std::string before;
  std::string after;
  std::string end;
};

const Wrapping kReplicate{"event: output\ndata: ", "\n\n", "event: done\ndata: {}\n\n"};
const Wrapping kOpenAi{
    R"(data: {"id":"x","object":"chat.completion.chunk","created":0,"model":"x",)"
    R"("choices":[{"index":0,"delta":{"content":")",
    "\"},\"finish_reason\":null}]}\n\n",
    R"(data: {"id":"x","object":"chat.completion.chunk","created":0,"model":"x",)"
    R"("choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
    "\n\ndata: [DONE]\n\n"};

std::string token() {
  char text[32];
  std::snprintf(text, sizeof text, "<%018lld>",
                static_cast<long long>(Clock::now().time_since_epoch().count()));
  return text;
}

// `started`: when the prediction was.
void stream(const httpd::Exchange& exchange, const Pace& pace, const Wrapping& wrapping,
            Clock::time_point started) {
  exchange.begin({.headers = {{"Content-Type", "text/event-stream"}}});
  struct State {
    Clock::time_point next;
    int sent = 0;
  };
  const auto state = std::make_shared<State>(State{.next = started + kFirst});
  exchange.on_ready([exchange, pace, &wrapping, state] {
    for (; state->next <= Clock::now(); state->next += pace.interval) {
      if (state->sent++ == pace.tokens) {
        exchange.send(wrapping.end);
        return exchange.finish();
      }
      exchange.send(wrapping.before + token() + wrapping.after);
    }
    exchange.wake_at(state->next);
  });
}

httpd::Reply prediction(const std::string& base, const std::string& id, bool is_new) {
  const std::string status = is_new ? "starting" : "succeeded";
  return {.status = is_new ? 201 : 200,
          .headers = {{"Content-Type", "application/json"}},
          .body = R"({"id":")" + id + R"(","status":")" + status +
                  R"(","output":null,"metrics":{"input_token_count":9,"output_token_count":9},)"
                  R"("urls":{"get":")" +
                  base + "/v1/predictions/" + id + R"(","stream":")" + base + "/stream/" + id +
                  R"("}})"};
}

void serve(const Pace& pace) {
  std::string base;
  httpd::Server server({}, [&](const httpd::Request& request, const httpd::Exchange& exchange) {
    const auto now = Clock::now();
    const std::string& path = request.path;
    if (path.ends_with("/chat/completions")) return stream(exchange, pace, kOpenAi, now);
    // The ID of a prediction is when it was started.
    const std::string id = request.method == "POST" ? std::to_string(now.time_since_epoch().count())
                                                    : path.substr(path.rfind('/') + 1);
    if (!path.starts_with("/stream/")) {
      return exchange.reply(prediction(base, id, request.method == "POST"));
    }
    stream(exchange, pace, kReplicate, Clock::time_point(Clock::duration(std::stoll(id))));
  });
  server.start();
  base = "http://127.0.0.1:" + std::to_string(server.port());
  std::printf("listening on %s\n", base.c_str());
  std::fflush(stdout);
  std::this_thread::sleep_for(std::chrono::hours(1));
}

}  // namespace
}  // namespace rellama::bench

int main(int count, char** words) {
  if (count != 3) return 2;
  rellama::bench::serve(
      {.tokens = std::atoi(words[1]), .interval = std::chrono::microseconds(std::atoi(words[2]))});
  return 0;
}
