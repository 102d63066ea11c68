#include "system/private_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>

#include "support/expect_error.hpp"

namespace rellama::system {
namespace {

namespace fs = std::filesystem;

class PrivateFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "rellama-file-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  static std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0) << path;
    return about.st_mode & 07777;
  }

  fs::path directory_;
};

TEST_F(PrivateFile, only_its_owner_can_read_it_and_its_new_directories) {
  const fs::path path = directory_ / "a" / "b" / "file";
  system::write_private_file(path, std::string(300'000, 'x') + "\n");
  EXPECT_EQ(text_of(path).size(), 300'001U);
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(mode_of(path.parent_path()), 0700U);
  EXPECT_EQ(mode_of(directory_ / "a"), 0700U);
}

TEST_F(PrivateFile, replaces_the_old_one_and_leaves_nothing_else) {
  const fs::path path = directory_ / "file";
  system::write_private_file(path, "old");
  system::write_private_file(path, "");
  EXPECT_EQ(text_of(path), "");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1);
}

TEST_F(PrivateFile, a_failed_write_is_reported_with_its_reason) {
  std::ofstream(directory_ / "file") << "no directory";
  const Error error =
      test::error_of([&] { system::write_private_file(directory_ / "file" / "below", "x"); });
  EXPECT_EQ(error.kind(), ErrorKind::internal);
  EXPECT_TRUE(test::holds(error.what(), "cannot write "));
  EXPECT_FALSE(error.parts().why.empty());
}

}  // namespace
}  // namespace rellama::system
