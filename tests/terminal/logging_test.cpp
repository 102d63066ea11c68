#include "terminal/logging.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cctype>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

#include "rellama/error.hpp"
#include "support/buffer_streams.hpp"

namespace rellama::terminal {
namespace {

namespace fs = std::filesystem;
using tests::BufferOutput;

class Logging : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    std::string name = (fs::temp_directory_path() / "rellama-log-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    path_ = directory_ / "rellama.log";
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] std::string file() const {
    std::stringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

  // Replaces digits, to make times equal. The logged lines have no other digits.
  [[nodiscard]] std::string file_with_digits_zeroed() const {
    std::string text = file();
    for (char& c : text) {
      if (std::isdigit(static_cast<unsigned char>(c)) != 0) c = '0';
    }
    return text;
  }

  static void log_one_of_each(const LogFunction& log) {
    log(LogLevel::debug, "detail");
    log(LogLevel::info, "step");
    log(LogLevel::warning, "care");
  }

  fs::path directory_;
  fs::path path_;
  BufferOutput err_;
};

TEST_F(Logging, without_logging_the_function_is_empty) {
  EXPECT_FALSE(make_log({}, err_));
}

TEST_F(Logging, one_v_shows_what_happens_and_two_every_detail) {
  log_one_of_each(make_log({.verbosity = Verbosity::info}, err_));
  EXPECT_EQ(err_.text(), "rellama: step\nrellama: care\n");
  BufferOutput more;
  log_one_of_each(make_log({.verbosity = Verbosity::debug}, more));
  EXPECT_EQ(more.text(), "rellama: detail\nrellama: step\nrellama: care\n");
}

TEST_F(Logging, a_file_gets_everything_with_time_and_level) {
  log_one_of_each(make_log({.file = path_}, err_));
  EXPECT_EQ(file_with_digits_zeroed(),
            "0000-00-00T00:00:00.000+00:00 debug detail\n"
            "0000-00-00T00:00:00.000+00:00 info step\n"
            "0000-00-00T00:00:00.000+00:00 warning care\n");
  EXPECT_EQ(err_.text(), "");
}

TEST_F(Logging, a_new_file_is_private_and_an_old_one_is_appended_to) {
  const mode_t before = ::umask(0);
  make_log({.file = path_}, err_)(LogLevel::info, "first");
  ::umask(before);
  struct stat about {};
  ASSERT_EQ(::stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600U);
  make_log({.file = path_}, err_)(LogLevel::info, "second");
  EXPECT_NE(file().find(" info first\n"), std::string::npos) << file();
  EXPECT_NE(file().find(" info second\n"), std::string::npos) << file();
}

TEST_F(Logging, every_entry_is_one_line_without_control_characters) {
  make_log({.verbosity = Verbosity::info}, err_)(LogLevel::info, "a\n\x1b[2J{}%v b\r\n");
  EXPECT_EQ(err_.text(), "rellama: a ␛[2J{}%v b\n");
}

TEST_F(Logging, a_line_is_written_before_the_call_returns) {
  const LogFunction log = make_log({.file = path_}, err_);
  log(LogLevel::debug, "now");
  EXPECT_NE(file().find("now"), std::string::npos);
}

TEST_F(Logging, a_file_that_cannot_be_opened_is_invalid_input) {
  try {
    (void)make_log({.file = directory_ / "absent" / "x.log"}, err_);
    FAIL() << "logging into nowhere";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_NE(std::string(error.what()).find("absent/x.log"), std::string::npos) << error.what();
  }
}

TEST_F(Logging, a_full_disk_is_reported_once_and_does_not_stop_the_job) {
  const LogFunction log = make_log({.file = "/dev/full"}, err_);
  log(LogLevel::info, "first");
  log(LogLevel::info, "second");
  ASSERT_EQ(err_.attempts(), 1) << err_.text();
  EXPECT_NE(err_.text().find("No space left"), std::string::npos) << err_.text();
}

TEST_F(Logging, a_closed_stderr_does_not_stop_the_job) {
  const LogFunction log = make_log({.verbosity = Verbosity::info}, err_);
  err_.fail_with(ErrorKind::output_closed);
  EXPECT_NO_THROW(log(LogLevel::info, "line"));
}

}  // namespace
}  // namespace rellama::terminal
