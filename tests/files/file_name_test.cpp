#include "files/file_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama::files {
namespace {

TEST(FileName, is_the_last_segment_of_the_path) {
  EXPECT_EQ(file_name_of("https://replicate.delivery/pbxt/a1/out-0.png", 1), "out-0.png");
  EXPECT_EQ(file_name_of("https://a/b/out.png?x=/etc/passwd#/y", 1), "out.png");
  EXPECT_EQ(file_name_of("https://a/Llama%20one.png", 1), "Llama_one.png");
  EXPECT_EQ(file_name_of("https://a/%F0%9F%A6%99.png", 1), "\xF0\x9F\xA6\x99.png");
}

TEST(FileName, stays_in_its_directory) {
  EXPECT_EQ(file_name_of("https://a/../../etc/passwd", 1), "passwd");
  EXPECT_EQ(file_name_of("https://a/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 1), "_.._etc_passwd");
  EXPECT_EQ(file_name_of("https://a/..%5c..%5cwindows", 1), "_.._windows");
  EXPECT_EQ(file_name_of("https://a/.bashrc", 1), "bashrc");
  EXPECT_EQ(file_name_of("https://a/...ssh", 1), "ssh");
  EXPECT_EQ(file_name_of("https://a/-rf", 1), "rf");
}

TEST(FileName, is_visible_text) {
  EXPECT_EQ(file_name_of("https://a/a%1b[31mred.png", 1), "a_[31mred.png");
  EXPECT_EQ(file_name_of("https://a/cod%E2%80%AEgnp.exe", 1), "cod_gnp.exe");
  EXPECT_EQ(file_name_of("https://a/a%0Ab%00c%7f.png", 1), "a_b_c_.png");
  EXPECT_EQ(file_name_of("https://a/%ff%fe.png", 1), "_.png");
  EXPECT_EQ(file_name_of("https://a/a%24(x)%60y%60;rm.png", 1), "a_(x)_y_rm.png");
}

TEST(FileName, is_a_number_if_nothing_is_left) {
  for (const std::string url :
       {"https://a/", "https://a", "https://a/b/", "https://a/..", "https://a/%2e%2e",
        "https://a/%1b", "data:image/png;base64,AA/x", "https://a/?x=y", ""}) {
    EXPECT_EQ(file_name_of(url, 3), "output-3") << url;
  }
}

TEST(FileName, is_cut_between_characters_and_keeps_its_extension) {
  const std::string name = file_name_of("https://a/" + std::string(300, 'x') + ".webp", 1);
  EXPECT_EQ(name, std::string(kMaxName - 5, 'x') + ".webp");
  std::string llamas;
  for (int i = 0; i < 100; ++i) llamas += "%F0%9F%A6%99";
  const std::string cut = file_name_of("https://a/x" + llamas, 1);
  EXPECT_EQ(cut.size(), 149U);
  EXPECT_TRUE(cut.ends_with("\xF0\x9F\xA6\x99"));
}

TEST(FileName, gets_the_extension_of_its_type_if_it_has_none) {
  EXPECT_EQ(with_extension("output-1", "image/png"), "output-1.png");
  EXPECT_EQ(with_extension("out.webp", "image/png"), "out.webp");
  EXPECT_EQ(with_extension("v1.2 beta", "image/jpeg"), "v1.2 beta.jpg");
  EXPECT_EQ(with_extension("out", "application/x-unheard-of"), "out");
  EXPECT_EQ(with_extension("out", ""), "out");
}

TEST(FileName, its_number_comes_before_the_extension) {
  EXPECT_EQ(numbered("out.png", 1), "out.png");
  EXPECT_EQ(numbered("out.png", 2), "out-2.png");
  EXPECT_EQ(numbered("out", 12), "out-12");
}

}  // namespace
}  // namespace rellama::files
