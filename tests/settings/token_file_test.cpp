#include "settings/token_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "rellama/error.hpp"

namespace rellama::settings {
namespace {

namespace fs = std::filesystem;

class TokenFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rellama-token-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    path_ = directory_ / "token";
  }
  void TearDown() override { fs::remove_all(directory_); }

  void put(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path_) << text;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }

  [[nodiscard]] std::string refusal() const {
    try {
      (void)find_token(path_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unauthorized);
      return error.what();
    }
    return "not refused";
  }

  static mode_t mode_of(const fs::path& path) {
    struct stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0) << path;
    return about.st_mode & 07777;
  }

  fs::path directory_;
  fs::path path_;
};

TEST_F(TokenFile, a_written_token_is_found_again) {
  write_token(path_, ApiToken("r8_first"));
  write_token(path_, ApiToken("r8_second"));
  EXPECT_EQ(find_token(path_).value().reveal(), "r8_second");
}

TEST_F(TokenFile, a_token_may_be_written_as_other_programs_write_it) {
  for (const char* text :
       {"\xEF\xBB\xBFr8_same\r\n", "\"r8_same\"\n", "'r8_same'", "REPLICATE_API_TOKEN=r8_same\n",
        "export REPLICATE_API_TOKEN=\"r8_same\"\r\n", "  token = 'r8_same' \n",
        "\xEF\xBB\xBFREPLICATE_API_TOKEN='r8_same'\r\nOTHER=x\r\n"}) {
    put(text);
    EXPECT_EQ(find_token(path_).value().reveal(), "r8_same") << text;
  }
  put("MY_TOKEN=other-service\n");
  EXPECT_EQ(find_token(path_).value().reveal(), "other-service");
}

TEST_F(TokenFile, a_token_with_an_equals_sign_stays_whole) {
  for (const char* token : {"dGVzdA==", "abc=def", "A=", "eyJ.x=.y"}) {
    put(token);
    EXPECT_EQ(find_token(path_).value().reveal(), token);
  }
}

TEST_F(TokenFile, nothing_in_quotes_is_no_token) {
  for (const char* text :
       {"\"\"\n", "REPLICATE_API_TOKEN=\n", "API_TOKEN=''\n", "\xEF\xBB\xBF\n"}) {
    put(text);
    EXPECT_NE(refusal().find("its first line is empty"), std::string::npos) << text;
  }
}

TEST_F(TokenFile, only_its_owner_can_read_it) {
  const mode_t before = ::umask(0);
  const fs::path deep = directory_ / "new" / "rellama" / "token";
  write_token(deep, ApiToken("r8_secret"));
  ::umask(before);
  EXPECT_EQ(mode_of(deep), 0600U);
  EXPECT_EQ(mode_of(deep.parent_path()), 0700U);
  EXPECT_EQ(mode_of(deep.parent_path().parent_path()), 0700U);
}

TEST_F(TokenFile, writing_makes_an_open_file_safe_and_leaves_no_other_file) {
  put("r8_old\n", 0644);
  write_token(path_, ApiToken("r8_new"));
  EXPECT_EQ(mode_of(path_), 0600U);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1);
}

TEST_F(TokenFile, a_token_that_cannot_be_stored_leaves_nothing_behind) {
  fs::create_directory(path_);  // rename cannot replace a directory
  EXPECT_THROW(write_token(path_, ApiToken("r8_new")), Error);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1);
}

TEST_F(TokenFile, white_space_and_further_lines_are_not_part_of_the_token) {
  put(" \tr8_secret \r\nr8_other\n");
  EXPECT_EQ(find_token(path_).value().reveal(), "r8_secret");
  put("r8_secret");
  EXPECT_EQ(find_token(path_).value().reveal(), "r8_secret");
}

TEST_F(TokenFile, an_absent_file_has_no_token) {
  EXPECT_FALSE(find_token(path_).has_value());
  put("r8_secret\n");
  EXPECT_FALSE(find_token(path_ / "below_a_file").has_value());
}

TEST_F(TokenFile, a_file_that_others_can_read_is_refused_with_the_chmod_to_run) {
  for (const mode_t mode : {0640U, 0604U, 0644U, 0660U, 0620U}) {
    put("r8_secret\n", mode);
    EXPECT_NE(refusal().find("chmod 600 " + path_.string()), std::string::npos)
        << std::oct << mode << ": " << refusal();
  }
  put("r8_secret\n", 0400);
  EXPECT_TRUE(find_token(path_).has_value());
}

TEST_F(TokenFile, a_directory_is_refused) {
  ASSERT_EQ(::mkdir(path_.c_str(), 0700), 0);
  EXPECT_NE(refusal().find("regular file"), std::string::npos) << refusal();
}

TEST_F(TokenFile, a_fifo_is_refused_without_waiting_for_a_writer) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_NE(refusal().find("regular file"), std::string::npos) << refusal();
}

TEST_F(TokenFile, a_file_too_large_for_a_token_is_refused) {
  put(std::string(4097, 'x'));
  EXPECT_NE(refusal().find("too large"), std::string::npos) << refusal();
}

TEST_F(TokenFile, an_empty_first_line_is_refused_with_the_file_named) {
  for (const char* text : {"", "\n", " \nr8_secret\n"}) {
    put(text);
    EXPECT_NE(refusal().find(path_.string()), std::string::npos) << refusal();
  }
}

TEST_F(TokenFile, an_invalid_token_is_refused_without_being_shown) {
  put("r8_sec ret\n");
  try {
    (void)find_token(path_);
    FAIL() << "a token with a blank in it was taken";
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_NE(message.find(path_.string()), std::string::npos) << message;
    EXPECT_EQ(message.find("r8_sec"), std::string::npos) << message;
  }
}

TEST_F(TokenFile, removing_says_whether_there_was_one) {
  put("r8_secret\n");
  EXPECT_TRUE(remove_token(path_));
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_FALSE(remove_token(path_));
  fs::create_directory(path_);
  EXPECT_THROW(remove_token(path_), Error);
}

}  // namespace
}  // namespace rellama::settings
