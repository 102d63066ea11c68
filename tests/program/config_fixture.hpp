#pragma once

#include <sys/stat.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {

/// The program with a user's configuration.
class ConfigFixture : public ProgramTest {
 protected:
  using Variables = std::map<std::string, std::string>;

  [[nodiscard]] std::string path_of(const std::string& name) const {
    return (home_ / ".config" / "rellama" / name).string();
  }
  /// Writes a file in the configuration directory.
  std::string configure(const std::string& name, const std::string& content) const {
    const std::filesystem::path path = path_of(name);
    std::filesystem::create_directories(path.parent_path());
    (void)file(path.lexically_relative(home_).string(), content);
    ::chmod(path.c_str(), 0600);
    return path.string();
  }
  std::string configure(const std::string& content) const {
    return configure("config.toml", content);
  }

  [[nodiscard]] Outcome with(const Variables& variables, std::vector<std::string> arguments,
                             std::optional<std::string> input = {}) const {
    Launch changed = launch(std::move(arguments));
    for (const auto& [name, value] : variables) changed.environment[name] = value;
    changed.input = std::move(input);
    return run(changed);
  }
  /// An editor that is a shell script with the file as $1.
  [[nodiscard]] Variables editor(const std::string& script) const {
    const std::string path = file("editor", "#!/bin/sh\n" + script + "\n");
    ::chmod(path.c_str(), 0700);
    return {{"EDITOR", path}};
  }
  [[nodiscard]] static std::string content_of(const std::string& path) {
    std::string content;
    std::FILE* opened = std::fopen(path.c_str(), "rb");
    if (opened == nullptr) return "(no such file)";
    for (int c = std::fgetc(opened); c != EOF; c = std::fgetc(opened)) {
      content += static_cast<char>(c);
    }
    std::fclose(opened);
    return content;
  }
  [[nodiscard]] static mode_t mode_of(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0;
  }
};

}  // namespace rellama::test
