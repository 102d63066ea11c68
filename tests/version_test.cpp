// The version is written in CMakeLists.txt. What else has to name it says the same.

#include "rellama/version.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace rellama::test {
namespace {

const std::string kVersion{version()};
const std::string kMinorVersion = kVersion.substr(0, kVersion.rfind('.'));

std::string text_of(const std::string& file) {
  std::ifstream stream(std::string(RELLAMA_SOURCE_DIR) + "/" + file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void expect_in(const std::string& file, const std::string& words) {
  EXPECT_NE(text_of(file).find(words), std::string::npos) << file << " lacks: " << words;
}

TEST(Version, is_the_same_for_package_managers) {
  expect_in("vcpkg.json", "\"version\": \"" + kVersion + "\"");
}

TEST(Version, has_a_section_in_the_changelog) {
  expect_in("CHANGELOG.md", "\n## [" + kVersion + "] - " RELLAMA_RELEASE_DATE "\n");
}

TEST(Version, is_what_other_projects_are_told_to_use) {
  expect_in("docs/library.md", "find_package(rellama " + kMinorVersion + " REQUIRED)");
  expect_in("docs/library.md", "GIT_TAG v" + kVersion + ")");
}

TEST(Version, is_what_the_readme_tells_users_to_install) {
  expect_in("README.md", "rellama-" + kVersion + "-linux-x86_64.tar.gz");
}

}  // namespace
}  // namespace rellama::test
