#include "web/key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "files/scratch_directory.hpp"
#include "support/expect_error.hpp"

namespace rellama::web {
namespace {

using test::error_of;
using test::holds;

class KeyTest : public test::ScratchDirectory {
 protected:
  void write_key(const std::string& text, mode_t mode = 0600) const {
    write("key", text);
    ::chmod(at("key").c_str(), mode);
  }
};

TEST_F(KeyTest, a_key_is_made_once_and_is_private) {
  const std::string key = keep_key(at("state/key"), NewKey::if_missing);
  EXPECT_GE(key.size(), 32U);
  EXPECT_EQ(keep_key(at("state/key"), NewKey::if_missing), key);
  struct stat about {};
  ASSERT_EQ(::stat(at("state/key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(at("state").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0700U);
}

TEST_F(KeyTest, a_new_key_replaces_the_old_one) {
  const std::string key = keep_key(at("key"), NewKey::if_missing);
  const std::string other = keep_key(at("key"), NewKey::always);
  EXPECT_NE(other, key);
  EXPECT_EQ(keep_key(at("key"), NewKey::if_missing), other);
}

TEST_F(KeyTest, servers_that_start_at_once_have_the_same_key) {
  std::vector<std::string> keys(8);
  std::vector<std::thread> servers;
  for (std::string& key : keys) {
    servers.emplace_back([&key, this] { key = keep_key(at("key"), NewKey::if_missing); });
  }
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), 1U);
  EXPECT_EQ(names(), std::set<std::string>{"key"});
}

TEST_F(KeyTest, a_file_that_others_can_read_is_refused) {
  write_key("0123456789abcdef\n", 0640);
  const Error error = error_of([&] { (void)read_key(at("key")); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  EXPECT_TRUE(holds(error.what(), "chmod 600"));
}

TEST_F(KeyTest, a_symbolic_link_is_refused) {
  write_key("0123456789abcdef\n");
  std::filesystem::create_symlink(at("key"), at("link"));
  for (const NewKey how : {NewKey::if_missing, NewKey::always}) {
    EXPECT_TRUE(holds(error_of([&] { (void)keep_key(at("link"), how); }).what(), "symbolic link"));
  }
  EXPECT_TRUE(holds(error_of([&] { (void)read_key(at("link")); }).what(), "symbolic link"));
}

TEST_F(KeyTest, a_key_that_is_short_or_does_not_fit_a_cookie_is_refused) {
  for (const char* text : {"", "short\n", "0123456789abcde\n", "0123456789 abcdef\n",
                           "0123456789abcdef;x=y\n", "0123456789\"abcdef\n"}) {
    write_key(text);
    EXPECT_TRUE(holds(error_of([&] { (void)read_key(at("key")); }).what(), "16 to 256")) << text;
  }
  write_key("0123456789abcdef\r\nmore");
  EXPECT_EQ(read_key(at("key")), "0123456789abcdef");
  write_key(std::string(300, 'x'));
  EXPECT_TRUE(holds(error_of([&] { (void)read_key(at("key")); }).what(), "16 to 256"));
}

TEST_F(KeyTest, a_missing_file_is_named) {
  EXPECT_TRUE(holds(error_of([&] { (void)read_key(at("none")); }).what(), at("none").string()));
}

TEST(SameSecret, is_equality) {
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abd", "abc"));
  EXPECT_FALSE(same_secret("abcabc", "abc"));
  EXPECT_FALSE(same_secret("", "abc"));
  EXPECT_FALSE(same_secret("a", ""));
}

}  // namespace
}  // namespace rellama::web
