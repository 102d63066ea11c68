#include "files/part_file.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "files/scratch_directory.hpp"

namespace rellama::files {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const std::string kUrl = "https://a/out.png";
const std::string kOther = "https://b/out.png";

FileHead head(const std::string& validator, std::uint64_t offset = 0) {
  FileHead head;
  head.validator = validator;
  head.offset = offset;
  return head;
}

class PartFileTest : public test::ScratchDirectory {
 protected:
  // A download that ends early.
  void leave(const std::string& bytes, const std::string& validator,
             const std::string& url = kUrl) const {
    PartFile part(at("out.png"), url);
    part.begin(head(validator));
    part.write(bytes);
  }
};

TEST_F(PartFileTest, a_complete_download_leaves_only_the_file) {
  PartFile part(at("out.png"), kUrl);
  part.begin(head("\"v1\""));
  part.write("half");
  EXPECT_EQ(names(), (Names{"out.png.part", "out.png.part.validator"}));
  EXPECT_TRUE(part.put_in_place(at("out.png"), Overwrite::no));
  EXPECT_EQ(names(), Names{"out.png"});
}

TEST_F(PartFileTest, a_download_that_ended_early_resumes) {
  leave("half ", "\"v1\"");
  PartFile part(at("out.png"), kUrl);
  EXPECT_EQ(part.size(), 5U);
  EXPECT_EQ(part.validator(), "\"v1\"");
  part.begin(head("\"v1\"", 5));
  part.write("done");
  ASSERT_TRUE(part.put_in_place(at("out.png"), Overwrite::no));
  EXPECT_EQ(read("out.png"), "half done");
}

TEST_F(PartFileTest, a_file_that_changed_starts_over) {
  leave("something longer", "\"v1\"");
  {
    PartFile part(at("out.png"), kUrl);
    part.begin(head("\"v2\""));
    part.write("new");
  }
  EXPECT_EQ(read("out.png.part"), "new");
  EXPECT_EQ(read("out.png.part.validator"), kUrl + "\n\"v2\"\n");
}

TEST_F(PartFileTest, without_a_validator_nothing_is_left) {
  leave("half", "");
  EXPECT_EQ(names(), Names{});
}

TEST_F(PartFileTest, files_of_other_downloads_are_left_alone) {
  leave("half", "\"v1\"", kOther);
  write("out.png.part-2", "the begin of a text");
  PartFile part(at("out.png"), kUrl);
  EXPECT_EQ(part.size(), 0U);
  EXPECT_EQ(part.path(), at("out.png.part-3"));
  EXPECT_EQ(read("out.png.part"), "half");
  EXPECT_EQ(read("out.png.part-2"), "the begin of a text");
}

TEST_F(PartFileTest, two_downloads_of_one_file_do_not_write_to_the_same) {
  leave("half", "\"v1\"");
  const PartFile first(at("out.png"), kUrl);
  const PartFile second(at("out.png"), kUrl);
  EXPECT_EQ(first.size(), 4U);
  EXPECT_EQ(second.size(), 0U);
  EXPECT_NE(first.path(), second.path());
}

TEST_F(PartFileTest, an_incomplete_validator_is_ignored) {
  leave("half", "\"v1\"");
  for (const std::string& torn :
       {std::string(), kUrl, kUrl + "\n", kUrl + "\n\"v", kUrl + "\n\n"}) {
    write("out.png.part.validator", torn);
    EXPECT_EQ(PartFile(at("out.png"), kUrl).size(), 0U) << torn;
  }
}

TEST_F(PartFileTest, never_writes_through_a_symbolic_link) {
  write("precious", "old");
  fs::create_symlink(at("precious"), at("out.png.part"));
  write("out.png.part.validator", kUrl + "\n\"v1\"\n");
  PartFile part(at("out.png"), kUrl);
  part.begin(head(""));
  part.write("new");
  EXPECT_EQ(read("precious"), "old");
}

TEST_F(PartFileTest, a_name_of_255_bytes_has_room_for_its_suffix) {
  const std::string name(255, 'x');
  PartFile part(at(name), kUrl);
  part.begin(head("\"v1\""));
  part.write("all");
  EXPECT_TRUE(part.put_in_place(at(name), Overwrite::no));
  EXPECT_EQ(read(name), "all");
}

}  // namespace
}  // namespace rellama::files
