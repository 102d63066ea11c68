#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "program/serve/serve_fixture.hpp"

namespace rellama::test {

/// `rellama serve`, as a program that speaks OpenAI's protocol would use it.
class ApiFixture : public ServeFixture {
 protected:
  /// Replaces the emulator by one whose models boot for as long.
  void start_booting_emulator(std::chrono::milliseconds time) {
    emulator::EmulatorOptions options;
    options.cold_boot = time;
    start_emulator(options);
  }

  [[nodiscard]] Headers api_headers(const Headers& more = {}) const {
    Headers headers{{"Host", "127.0.0.1:" + std::to_string(port_)},
                    {"Authorization", "Bearer " + key_},
                    {"Content-Type", "application/json"}};
    for (const auto& [name, value] : more) {
      std::erase_if(headers, [&](const auto& header) { return header.first == name; });
      if (!value.empty()) headers.emplace_back(name, value);
    }
    return headers;
  }

  /// Sends a request of the API, and reads its reply.
  [[nodiscard]] Answer ask(const std::string& path, const std::string& body,
                           const Headers& more = {}) const {
    Answer answer = send("POST", path, api_headers(more), body);
    if (answer.header("Transfer-Encoding") == "chunked") decode_chunks(answer);
    return answer;
  }
  [[nodiscard]] Answer look(const std::string& path) const {
    return send("GET", path, api_headers());
  }
  /// The bytes of a request.
  [[nodiscard]] std::string api_request(const std::string& path, const std::string& body) const {
    return request("POST", path, api_headers(), body);
  }

  /// Waits for the emulator to have been asked for as many cancels.
  void wait_for_cancels(std::size_t count) const {
    while (cancels() < count) std::this_thread::yield();
  }
};

inline constexpr const char* kChatPath = "/v1/chat/completions";

/// The body of a chat, with more members.
inline std::string chat_body(const std::string& members = "") {
  return R"({"messages":[{"role":"user","content":"Why is the sky blue?"}])" +
         (members.empty() ? "" : "," + members) + "}";
}

}  // namespace rellama::test
