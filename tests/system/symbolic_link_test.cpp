#include "system/symbolic_link.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/scratch_directory.hpp"
#include "support/expect_error.hpp"
#include "system/private_file.hpp"

namespace rellama::system {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::holds;

class SymbolicLink : public test::ScratchDirectory {};

TEST_F(SymbolicLink, leads_to_the_end_of_the_chain) {
  fs::create_directory(at("below"));
  fs::create_symlink("below/second", at("first"));
  fs::create_symlink("third", at("below/second"));
  EXPECT_EQ(follow_links(at("first")), fs::path(at("below/third"))) << "which need not exist";
  fs::create_symlink(at("below/third"), at("absolute"));
  EXPECT_EQ(follow_links(at("absolute")), fs::path(at("below/third")));
  EXPECT_EQ(follow_links(at("plain")), fs::path(at("plain")));
}

TEST_F(SymbolicLink, a_circle_or_a_link_of_another_user_is_refused) {
  fs::create_symlink(at("b"), at("a"));
  fs::create_symlink(at("a"), at("b"));
  EXPECT_TRUE(holds(error_of([this] { (void)follow_links(at("a")); }).what(), "symbolic links"));
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a link away";
  fs::create_symlink(at("target"), at("theirs"));
  ASSERT_EQ(::lchown(fs::path(at("theirs")).c_str(), 65534, 65534), 0);
  EXPECT_TRUE(holds(error_of([this] { (void)follow_links(at("theirs")); }).what(),
                    "is another user's symbolic link"));
}

TEST_F(SymbolicLink, what_is_not_a_file_is_never_replaced) {
  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  fs::create_symlink("fifo", at("link"));
  EXPECT_TRUE(holds(error_of([this] { write_private_file(at("link"), "x"); }).what(),
                    "fifo, which is not a regular file"));
  EXPECT_TRUE(fs::is_fifo(at("fifo")));
}

TEST_F(SymbolicLink, a_private_file_is_written_through_it) {
  write("target", "old");
  fs::create_symlink(at("target"), at("link"));
  write_private_file(at("link"), "new");
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(read("target"), "new");
}

}  // namespace
}  // namespace rellama::system
