#include "files/new_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

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

TEST_F(NewFileTest, a_missing_directory_is_an_error) {
  const Error error = test::error_of([this] { NewFile(at("missing")); });
  EXPECT_TRUE(test::holds(error.what(), "missing: No such file or directory"));
}

}  // namespace
}  // namespace rellama::files
