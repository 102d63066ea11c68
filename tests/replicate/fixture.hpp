#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "rellama/client.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {

inline constexpr std::string_view kToken = "r8_unit_test";

/// Options for `server` with short delays.
inline ClientOptions options_for(const RawServer& server) {
  ClientOptions options;
  options.base_url = server.url();
  options.poll_interval = std::chrono::milliseconds(1);
  options.outage_limit = std::chrono::milliseconds(0);
  options.retries = 1;
  options.backoff = std::chrono::milliseconds(1);
  return options;
}

/// Reads a request and resets its connection instead of answering.
inline void read_and_reset(RawConnection& connection) {
  connection.read_request();
  connection.reset();
}

inline Client client_of(const RawServer& server) {
  return Client(ApiToken(kToken), options_for(server));
}

/// The JSON of a prediction with ID "p1". `more` has further fields, each preceded by a comma.
inline std::string prediction_json(const std::string& status, const std::string& more = {}) {
  return R"({"id":"p1","status":")" + status + "\"" + more + "}\n";
}

/// `,"output":…` for `prediction_json`. Of the characters that need escapes, only LF and CR work.
inline std::string output_json(const std::vector<std::string>& pieces) {
  std::string json = R"(,"output":[)";
  for (const std::string& piece : pieces) {
    if (json.back() != '[') json += ',';
    json += '"';
    for (const char c : piece) json += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
    json += '"';
  }
  return json + "]";
}

/// `,"urls":…` with a stream at `url`.
inline std::string stream_json(const std::string& url) {
  return R"(,"urls":{"stream":")" + url + "\"}";
}

inline const std::string kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    "Connection: close\r\n\r\n: hi\n\n";

/// Records the events it receives.
class RecordingSink : public EventSink {
 public:
  void created(const Prediction& prediction) override {
    log.push_back("created " + prediction.id.value);
  }
  void status_changed(Status status) override { log.push_back(std::string(render_status(status))); }
  void output(std::string_view fresh) override {
    text += fresh;
    pieces.emplace_back(fresh);
  }
  void done(const Prediction& prediction) override {
    log.push_back("done " + std::string(render_status(prediction.status)));
  }

  std::vector<std::string> log;
  std::vector<std::string> pieces;
  std::string text;
};

}  // namespace rellama::test
