#include "http/authorities.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace rellama::http {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class HashedCopy : public testing::Test {
 protected:
  HashedCopy() {
    std::string name = testing::TempDir() + "rellama-XXXXXX";
    folder_ = mkdtemp(name.data());
    add("bundle.pem");
  }
  ~HashedCopy() override { fs::remove_all(folder_); }

  void add(const std::string& name) { std::ofstream(folder_ / name) << "a certificate\n"; }
  void date_bundle(std::chrono::seconds from_folder) {
    fs::last_write_time(folder_ / "bundle.pem", fs::last_write_time(folder_) + from_folder);
  }
  [[nodiscard]] bool is_copy() const {
    return is_hashed_copy(folder_.string(), (folder_ / "bundle.pem").string());
  }

  fs::path folder_;
};

TEST_F(HashedCopy, a_folder_of_hashed_names_as_new_as_the_bundle_is_one) {
  add("1a2b3c4d.0");
  date_bundle(0s);
  EXPECT_TRUE(is_copy());
  date_bundle(-60s);
  EXPECT_TRUE(is_copy());
}

TEST_F(HashedCopy, one_that_the_bundle_has_outgrown_is_none) {
  add("1a2b3c4d.0");
  date_bundle(60s);
  EXPECT_FALSE(is_copy());
}

TEST_F(HashedCopy, one_with_other_names_only_is_none) {
  for (const char* name : {"Root_CA.pem", "1a2b3c4d", "1a2b3c4d.", "1A2B3C4D.0", "1a2b3c4d.r0"}) {
    add(name);
  }
  date_bundle(-60s);
  EXPECT_FALSE(is_copy());
}

TEST_F(HashedCopy, what_is_not_there_is_none) {
  EXPECT_FALSE(is_hashed_copy("/no/such/folder", (folder_ / "bundle.pem").string()));
  EXPECT_FALSE(is_hashed_copy(folder_.string(), "/no/such/bundle.pem"));
  EXPECT_FALSE(is_hashed_copy("", ""));
}

}  // namespace
}  // namespace rellama::http
