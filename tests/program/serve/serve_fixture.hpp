#pragma once

#include <signal.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "program/program_test.hpp"
#include "support/raw_client.hpp"

namespace rellama::test {

/// `rellama serve`, as a browser or a program on the same machine would use it.
class ServeFixture : public ProgramTest {
 protected:
  using Json = nlohmann::json;
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// Starts the server on a free port and waits until it listens.
  void serve(std::vector<std::string> arguments = {},
             const std::map<std::string, std::string>& variables = {}) {
    arguments.insert(arguments.begin(), {"serve", "--port", "0"});
    Launch start = launch(std::move(arguments));
    for (const auto& [name, value] : variables) start.environment[name] = value;
    server_ = std::make_unique<Process>(start);
    ASSERT_TRUE(server_->read_until("\n")) << server_->wait().err;
    const std::string url = server_->output();  // serving http://127.0.0.1:8085/?key=…
    port_ = std::stoi(url.substr(url.find(':', url.find("//")) + 1));
    const auto key = url.find("?key=");
    key_ = key == std::string::npos ? "" : url.substr(key + 5, url.find('\n') - key - 5);
  }

  [[nodiscard]] Outcome stop(int signal = SIGTERM) {
    server_->send_signal(signal);
    return server_->wait();
  }

  /// Sends a request as it is, except for the line of the body's length, and reads the reply.
  [[nodiscard]] Answer send(const std::string& method, const std::string& target,
                            const Headers& headers, const std::string& body = "") const {
    RawClient client(port_);
    client.send(request(method, target, headers, body));
    return read_answer(client);
  }
  [[nodiscard]] static std::string request(const std::string& method, const std::string& target,
                                           const Headers& headers, const std::string& body) {
    std::string text = method + " " + target + " HTTP/1.1\r\nConnection: close\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    if (method != "GET") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + body;
  }
  [[nodiscard]] static Answer read_answer(RawClient& client) {
    std::string all;
    for (std::string part = client.receive(); !part.empty(); part = client.receive()) all += part;
    Answer answer;
    const std::size_t end = all.find("\r\n\r\n");
    if (end == std::string::npos) return answer;
    answer.head = all.substr(0, end + 2);
    answer.body = all.substr(end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    return answer;
  }

  /// What every request of the page has.
  [[nodiscard]] Headers own_headers() const {
    return {{"Host", "127.0.0.1:" + std::to_string(port_)},
            {"Cookie", "rellama_key_" + std::to_string(port_) + "=" + key_},
            {"Content-Type", "application/json"}};
  }
  [[nodiscard]] Answer get(const std::string& target) const {
    return send("GET", target, own_headers());
  }
  [[nodiscard]] Answer post(const std::string& target, const Json& body) const {
    return send("POST", target, own_headers(), body.dump());
  }

  /// What asks the same elsewhere: a "command" or "curl".
  [[nodiscard]] std::string equivalent(const std::string& form, const Json& order) const {
    return post("/ui/equivalent/" + form, order).json().value("text", "");
  }

  /// Starts a run and returns its reply.
  [[nodiscard]] Json start_run(Json order) const {
    if (!order.contains("model")) order["model"] = kEcho;
    const Answer answer = post("/ui/runs", order);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.status == 201 ? answer.json() : Json{{"run", ""}};
  }

  /// The event stream, from which runs are put together as the page does it.
  class Events {
   public:
    explicit Events(const ServeFixture& serve) : Events(serve, serve.own_headers()) {}
    Events(const ServeFixture& serve, const Headers& headers) : client_(serve.port_) {
      client_.send(request("GET", "/ui/events", headers, ""));
      (void)read_until([](const Json&) { return false; }, /*head_only=*/true);
    }

    /// Reads until the run looks as `is_wanted` says, and returns it.
    Json wait_for(const std::string& run, const std::function<bool(const Json&)>& is_wanted) {
      if (runs_.contains(run) && is_wanted(runs_[run])) return runs_[run];
      const bool found = read_until([&](const Json& event) {
        return event.value("run", "") == run && is_wanted(runs_[run]);
      });
      EXPECT_TRUE(found) << "the stream ended first: " << runs_.dump();
      return runs_[run];
    }
    Json wait_for_status(const std::string& run, const std::string& status) {
      return wait_for(run, [&](const Json& shown) { return shown["status"] == status; });
    }
    Json wait_for_end(const std::string& run) {
      return wait_for(run, [](const Json& shown) { return shown["done"] == true; });
    }
    /// Reads until something else is told, such as that the conversations changed.
    bool wait_for_news(const char* name) {
      return read_until([&](const Json& event) { return event.contains(name); });
    }

   private:
    bool read_until(const std::function<bool(const Json&)>& is_wanted, bool head_only = false) {
      while (true) {
        if (head_ && head_only) return true;
        for (auto event = take_event(); event; event = take_event()) {
          apply(*event);
          if (is_wanted(*event)) return true;
        }
        const std::string part = client_.receive();
        if (part.empty()) return false;
        bytes_ += part;
        decode();
      }
    }

    // Takes the chunks that are complete out of `bytes_`.
    void decode() {
      if (!head_) {
        const std::size_t end = bytes_.find("\r\n\r\n");
        if (end == std::string::npos) return;
        head_ = true;
        bytes_.erase(0, end + 4);
      }
      for (std::size_t line = bytes_.find("\r\n"); line != std::string::npos;
           line = bytes_.find("\r\n")) {
        const std::size_t size = std::stoul(bytes_.substr(0, line), nullptr, 16);
        if (bytes_.size() < line + 2 + size + 2) return;
        text_ += bytes_.substr(line + 2, size);
        bytes_.erase(0, line + 2 + size + 2);
      }
    }

    std::optional<Json> take_event() {
      while (true) {
        const std::size_t end = text_.find("\n\n");
        if (end == std::string::npos) return std::nullopt;
        const std::string event = text_.substr(0, end);
        text_.erase(0, end + 2);
        if (event.starts_with("data: ")) return Json::parse(event.substr(6));
      }
    }

    void apply(const Json& event) {
      if (!event.contains("run")) return;
      Json& run = runs_[event["run"].get<std::string>()];
      Json blocks = Json::array();
      for (std::size_t i = 0; i < event["keep"].get<std::size_t>(); ++i) {
        blocks.push_back(run["blocks"].at(i));
      }
      for (const Json& block : event["blocks"]) blocks.push_back(block);
      run.update(event);
      run["blocks"] = std::move(blocks);
    }

    RawClient client_;
    bool head_ = false;
    std::string bytes_;
    std::string text_;
    Json runs_ = Json::object();
  };

  std::unique_ptr<Process> server_;
  int port_ = 0;
  std::string key_;
};

/// All text of a list of blocks.
inline std::string text_in(const nlohmann::json& blocks) {
  std::string text;
  if (blocks.is_string()) return blocks.get<std::string>();
  if (blocks.is_array()) {
    for (const auto& part : blocks) text += text_in(part);
  }
  if (blocks.is_object()) {
    for (const char* name : {"c", "text", "head", "rows"}) {
      if (blocks.contains(name)) text += text_in(blocks[name]);
    }
  }
  return text;
}

}  // namespace rellama::test
