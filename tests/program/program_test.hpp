#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "emulator/emulator.hpp"
#include "support/process.hpp"

namespace rellama::test {

/// The built program, run as a user would, with an emulator in this process as its server.
class ProgramTest : public testing::Test {
 protected:
  ProgramTest() { start_emulator({}); }
  ~ProgramTest() override { std::filesystem::remove_all(home_); }

  /// Replaces the emulator.
  void start_emulator(const emulator::EmulatorOptions& options) {
    emulator_ = std::make_unique<emulator::Emulator>(options);
    emulator_->start();
  }
  void start_emulator_with(std::vector<std::string> faults) {
    emulator::EmulatorOptions options;
    options.faults = std::move(faults);
    start_emulator(std::move(options));
  }

  [[nodiscard]] Launch launch(std::vector<std::string> arguments) const {
    Launch launch{.program = RELLAMA_PROGRAM, .arguments = std::move(arguments)};
    launch.environment = {{"PATH", "/usr/bin:/bin"},
                          {"HOME", home_.string()},
                          {"LC_ALL", "C.UTF-8"},
                          {"TERM", "xterm"},
                          {"REPLICATE_API_TOKEN", "r8_test"},
                          {"REPLICATE_BASE_URL", emulator_->base_url()},
                          {"REPLICATE_POLL_INTERVAL", "0.01"}};
    // Sanitizer options apply to the program as well.
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
      if (const char* value = std::getenv(name)) launch.environment[name] = value;
    }
    return launch;
  }
  [[nodiscard]] Outcome rellama(std::vector<std::string> arguments) const {
    return run(launch(std::move(arguments)));
  }
  [[nodiscard]] Outcome rellama(std::vector<std::string> arguments, std::string input) const {
    Launch with_input = launch(std::move(arguments));
    with_input.input = std::move(input);
    return run(with_input);
  }
  /// `script` in a shell that finds `rellama` on its PATH.
  [[nodiscard]] Outcome shell(const std::string& script) const {
    Launch in_shell = launch({"-c", script});
    in_shell.program = "/bin/bash";
    in_shell.environment["PATH"] =
        std::filesystem::path(RELLAMA_PROGRAM).parent_path().string() + ":/usr/bin:/bin";
    return run(in_shell);
  }

  /// The number of requests to the emulator with this method and end of the path.
  [[nodiscard]] std::size_t count_requests(std::string_view method, std::string_view end) const {
    std::size_t count = 0;
    for (const auto& request : emulator_->requests()) {
      if (request.method == method && request.path.ends_with(end)) ++count;
    }
    return count;
  }
  [[nodiscard]] std::size_t creates() const { return count_requests("POST", "/predictions"); }
  [[nodiscard]] std::size_t cancels() const { return count_requests("POST", "/cancel"); }

  /// The number of requests for an event stream.
  [[nodiscard]] std::size_t streams() const {
    std::size_t count = 0;
    for (const auto& request : emulator_->requests()) {
      if (request.path.starts_with("/v1/streams/")) ++count;
    }
    return count;
  }

  /// The body of the last create request.
  [[nodiscard]] nlohmann::json last_create() const {
    nlohmann::json body;
    for (const auto& request : emulator_->requests()) {
      if (request.method == "POST" && request.path.ends_with("/predictions")) {
        body = nlohmann::json::parse(request.body);
      }
    }
    return body;
  }

  /// A file in the home directory.
  [[nodiscard]] std::string file(const std::string& name, const std::string& content) const {
    const auto path = home_ / name;
    std::FILE* file = std::fopen(path.c_str(), "wb");
    std::fwrite(content.data(), 1, content.size(), file);
    std::fclose(file);
    return path.string();
  }

  std::unique_ptr<emulator::Emulator> emulator_;
  std::filesystem::path home_ = make_home();

 private:
  static std::filesystem::path make_home() {
    std::string name = testing::TempDir() + "rellama-XXXXXX";
    return mkdtemp(name.data());
  }
};

/// An emulated model that answers with its exact prompt.
inline constexpr const char* kEcho = "rellama-demo/echo";

}  // namespace rellama::test
