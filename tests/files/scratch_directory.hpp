#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace rellama::test {

/// A new directory for each test, removed with it.
class ScratchDirectory : public testing::Test {
 protected:
  ScratchDirectory() {
    std::string name = testing::TempDir() + "rellama-XXXXXX";
    directory_ = mkdtemp(name.data());
  }
  ~ScratchDirectory() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::filesystem::path at(const std::string& name) const {
    return directory_ / name;
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(at(name), std::ios::binary) << content;
  }
  /// "(none)" if there is no such file.
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(at(name), std::ios::binary);
    if (!file) return "(none)";
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// The names of all files in it.
  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  std::filesystem::path directory_;
};

}  // namespace rellama::test
