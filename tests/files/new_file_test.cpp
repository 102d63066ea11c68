#include "files/new_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/scratch_directory.hpp"
#include "support/expect_error.hpp"

namespace rellama::files {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

class NewFileTest : public test::ScratchDirectory {};

TEST_F(NewFileTest, appears_when_it_is_complete_and_leaves_nothing_else) {
  {
    NewFile file(directory_);
    file.write("half");
    EXPECT_EQ(read("answer"), "(none)");
    file.write(" and half");
    EXPECT_TRUE(file.put_in_place(at("answer"), Overwrite::no));
  }
  EXPECT_EQ(read("answer"), "half and half");
  EXPECT_EQ(names(), Names{"answer"});
}

TEST_F(NewFileTest, is_removed_if_it_is_never_completed) {
  { NewFile(directory_).write("half"); }
  EXPECT_EQ(names(), Names{});
}

TEST_F(NewFileTest, overwrites_only_if_allowed) {
  write("answer", "old");
  NewFile file(directory_);
  file.write("new");
  EXPECT_FALSE(file.put_in_place(at("answer"), Overwrite::no));
  EXPECT_EQ(read("answer"), "old");
  EXPECT_TRUE(file.put_in_place(at("answer"), Overwrite::yes));
  EXPECT_EQ(read("answer"), "new");
}

TEST_F(NewFileTest, never_writes_through_a_symbolic_link) {
  write("precious", "old");
  fs::create_symlink(at("precious"), at("answer"));
  fs::create_symlink(at("nowhere"), at("dangling"));
  NewFile file(directory_);
  file.write("new");
  EXPECT_FALSE(file.put_in_place(at("answer"), Overwrite::no));
  EXPECT_FALSE(file.put_in_place(at("dangling"), Overwrite::no));
  EXPECT_TRUE(file.put_in_place(at("answer"), Overwrite::yes));
  EXPECT_EQ(read("precious"), "old");
  EXPECT_EQ(read("answer"), "new");
  EXPECT_FALSE(fs::is_symlink(at("answer")));
}

TEST_F(NewFileTest, has_the_mode_that_the_umask_allows) {
  const mode_t before = ::umask(027);
  NewFile file(directory_);
  ::umask(before);
  ASSERT_TRUE(file.put_in_place(at("answer"), Overwrite::no));
  EXPECT_EQ(fs::status(at("answer")).permissions(), fs::perms(0640));
}

TEST_F(NewFileTest, does_not_inherit_setuid_from_the_file_it_overwrites) {
  write("answer", "old");
  ASSERT_EQ(::chmod(at("answer").c_str(), 06754), 0);
  NewFile file(directory_);
  ASSERT_TRUE(file.put_in_place(at("answer"), Overwrite::yes));
  EXPECT_EQ(fs::status(at("answer")).permissions(), fs::perms(0754));
}

TEST_F(NewFileTest, what_a_killed_run_left_is_removed_by_the_next) {
  write(".rellama-12345", "abandoned");
  write(".rellama-notes", "not ours");
  NewFile first(directory_);
  ASSERT_TRUE(first.put_in_place(at("answer"), Overwrite::yes));
  EXPECT_EQ(names(), (Names{".rellama-notes", "answer"}));
}

TEST_F(NewFileTest, a_file_that_another_run_is_writing_is_not_removed) {
  write(".rellama-12345", "in use");
  const int in_use = ::open(at(".rellama-12345").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(in_use, LOCK_EX | LOCK_NB), 0);
  NewFile file(directory_);
  ASSERT_TRUE(file.put_in_place(at("answer"), Overwrite::yes));
  EXPECT_EQ(read(".rellama-12345"), "in use");
  ::close(in_use);
}

#ifdef O_TMPFILE
TEST_F(NewFileTest, has_no_name_that_a_kill_could_leave) {
  const int fd = ::open(directory_.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
  if (fd < 0) GTEST_SKIP() << "this file system has no files without a name";
  ::close(fd);
  NewFile file(directory_);
  file.write("half");
  EXPECT_EQ(names(), Names{});
}
#endif

TEST_F(NewFileTest, a_missing_directory_is_an_error) {
  const Error error = test::error_of([this] { NewFile(at("missing")); });
  EXPECT_TRUE(test::holds(error.what(), "missing: No such file or directory"));
}

}  // namespace
}  // namespace rellama::files
