#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "emulator/emulator.hpp"
#include "support/raw_client.hpp"

namespace rellama::emulator::test {

using ::rellama::test::Answer;
using ::rellama::test::exchange;
using ::rellama::test::RawClient;

inline constexpr const char* kPinned =
    "02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3";

struct Event {
  std::string name;
  std::string id;
  std::string data;
};

/// Parses the events of a stream with LF line ends, without comments.
inline std::vector<Event> parse_events(const std::string& body) {
  std::vector<Event> events;
  Event event;
  bool has_data = false;
  std::size_t at = 0;
  while (at < body.size()) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string line = body.substr(at, end - at);
    at = end + 1;
    const auto value = [&line](std::size_t size) {
      const std::string rest = line.substr(size);
      return rest.starts_with(' ') ? rest.substr(1) : rest;
    };
    if (line.starts_with("event:")) event.name = value(6);
    if (line.starts_with("id:")) event.id = value(3);
    if (line.starts_with("data:")) {
      if (has_data) event.data += '\n';
      event.data += value(5);
      has_data = true;
    }
    if (line.empty()) {
      if (has_data) events.push_back(event);
      event = {};
      has_data = false;
    }
  }
  return events;
}

inline std::string text_of(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    if (event.name == "output") text += event.data;
  }
  return text;
}

inline std::string text_of(const nlohmann::json& output) {
  std::string text;
  for (const auto& token : output) text += token.get<std::string>();
  return text;
}

/// An emulator, and functions that send requests to it.
class EmulatorTest : public ::testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  void start(const EmulatorOptions& options = {}) {
    emulator_.emplace(options);
    emulator_->start();
  }

  void start_with_fault(const std::string& fault) {
    EmulatorOptions options;
    options.faults = {fault};
    start(options);
  }

  Emulator& emulator() { return *emulator_; }

  Answer get(const std::string& target, Headers headers = {}) {
    headers.emplace_back("Authorization", "Bearer r8_test");
    return exchange(emulator_->port(), "GET", target, headers);
  }

  Answer post(const std::string& target, const nlohmann::json& body, Headers headers = {}) {
    headers.emplace_back("Authorization", "Bearer r8_test");
    headers.emplace_back("Content-Type", "application/json");
    return exchange(emulator_->port(), "POST", target, headers, body.is_null() ? "" : body.dump());
  }

  /// Creates a prediction at the official endpoint of a model.
  Answer ask(const std::string& model, const nlohmann::json& input, const Headers& headers = {}) {
    return post("/v1/models/" + model + "/predictions", {{"input", input}}, headers);
  }

  Answer run_version(const std::string& version, const nlohmann::json& input) {
    return post("/v1/predictions", {{"version", version}, {"input", input}});
  }

  /// Returns the path of one of a prediction's URLs.
  std::string path_of(const nlohmann::json& prediction, const std::string& which) {
    const auto url = prediction.at("urls").at(which).get<std::string>();
    const std::string origin = "http://127.0.0.1:" + std::to_string(emulator_->port());
    EXPECT_TRUE(url.starts_with(origin)) << url;
    return url.substr(origin.size());
  }

  /// Reads the stream without a token, as the official clients do.
  Answer stream(const nlohmann::json& prediction, const Headers& headers = {}) {
    return exchange(emulator_->port(), "GET", path_of(prediction, "stream"), headers);
  }

  nlohmann::json fetch(const nlohmann::json& prediction) {
    return get(path_of(prediction, "get")).json();
  }

  /// Returns the prompt as the model saw it, from the logs.
  static std::string seen(const nlohmann::json& prediction) {
    const auto logs = prediction.at("logs").get<std::string>();
    const std::string head = "Your formatted prompt is:\n";
    EXPECT_TRUE(logs.starts_with(head)) << logs;
    return logs.substr(head.size(), logs.size() - head.size() - 1);
  }

 private:
  std::optional<Emulator> emulator_;
};

}  // namespace rellama::emulator::test
