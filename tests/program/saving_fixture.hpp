#pragma once

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "program/program_test.hpp"
#include "support/raw_server.hpp"

namespace rellama::test {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

constexpr const char* kPainter = "rellama-demo/painter";

class Saving : public ProgramTest {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return (home_ / name).string(); }

  /// The file's content, or "(none)" if there is no such file.
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(home_ / name, std::ios::binary);
    if (!file) return "(none)";
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] Names names(const std::string& directory = "") const {
    Names names;
    for (const auto& entry : fs::directory_iterator(home_ / directory)) {
      const std::string name = entry.path().filename().string();
      if (name != ".cache" && name != ".local") names.insert(name);
    }
    return names;
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(home_ / name, std::ios::binary) << content;
  }
  /// Saves the answer to `name`, and expects nothing on stdout.
  [[nodiscard]] Outcome save(std::vector<std::string> arguments, const std::string& name) const {
    arguments.insert(arguments.end(), {"-O", path(name)});
    Outcome outcome = rellama(std::move(arguments));
    EXPECT_EQ(outcome.out, "");
    return outcome;
  }
  /// A run of an unknown model with this output, as JSON.
  [[nodiscard]] Outcome answered(const std::string& output, std::vector<std::string> arguments,
                                 RawServer& api) const {
    api.then(reply(201, R"({"id":"p1","status":"succeeded","output":)" + output + "}"));
    Launch with = launch(std::move(arguments));
    with.environment["REPLICATE_BASE_URL"] = api.url();
    with.arguments.insert(with.arguments.end(),
                          {"-m", "deployments/some/one", "--retries", "0", "Hi"});
    return run(with);
  }
  [[nodiscard]] std::size_t file_requests() const {
    const auto requests = emulator_->requests();
    return static_cast<std::size_t>(
        std::count_if(requests.begin(), requests.end(),
                      [](const auto& request) { return request.path.starts_with("/files/"); }));
  }
};

}  // namespace rellama::test
