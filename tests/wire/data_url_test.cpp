#include "wire/data_url.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/file_url.hpp"

namespace rellama::wire {
namespace {

using namespace std::string_literals;

std::string bytes_of(const std::string& url) {
  const auto parsed = parse_data_url(url);
  return parsed ? parsed->bytes : "(none)";
}

TEST(DataUrl, base64_is_decoded_and_keeps_its_media_type) {
  const auto url = parse_data_url("data:image/PNG;base64,iVBORw0KGgo=");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->media_type, "image/png");
  EXPECT_EQ(url->bytes, "\x89PNG\r\n\x1a\n");
}

TEST(DataUrl, percent_escapes_are_decoded_and_a_plus_stays_a_plus) {
  EXPECT_EQ(bytes_of("data:text/plain;charset=utf-8,a%20b+c%00%ff"), "a b+c\0\xff"s);
}

TEST(DataUrl, the_default_type_is_text_and_the_scheme_ignores_case) {
  const auto url = parse_data_url("DATA:,x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->media_type, "text/plain");
  EXPECT_EQ(url->bytes, "x");
}

TEST(DataUrl, base64_of_every_length_works_padded_unpadded_and_url_safe) {
  EXPECT_EQ(bytes_of("data:;base64,"), "");
  EXPECT_EQ(bytes_of("data:;base64,YQ=="), "a");
  EXPECT_EQ(bytes_of("data:;base64,YWI="), "ab");
  EXPECT_EQ(bytes_of("data:;base64,YWJj"), "abc");
  EXPECT_EQ(bytes_of("data:;base64,YQ"), "a");
  EXPECT_EQ(bytes_of("data:;base64,YQ%3D%3D"), "a");
  EXPECT_EQ(bytes_of("data:;base64,-_8"), "\xfb\xff");
  EXPECT_EQ(bytes_of("data:;base64,+/8"), "\xfb\xff");
}

TEST(DataUrl, invalid_data_is_rejected_as_a_whole) {
  for (const std::string url : {"data:;base64,YQ=", "data:;base64,Y", "data:;base64,Y=Q=",
                                "data:;base64,YQ===", "data:;base64,a b", "data:,%4", "data:,%zz",
                                "data:text/plain", "data:", "http://a/,x", ""}) {
    EXPECT_EQ(bytes_of(url), "(none)") << url;
  }
}

TEST(FileUrl, only_a_complete_url_and_nothing_else_is_recognized) {
  for (const std::string url :
       {"https://replicate.delivery/pbxt/x/out-0.png", "http://127.0.0.1:1/x", "HTTPS://a",
        "https://[::1]/x?a=b&c=%20#d", "data:image/png;base64,iVBORw0KGgo=", "data:,"}) {
    EXPECT_TRUE(is_file_url(url)) << url;
  }
  const std::vector<std::string> others{"",
                                        "https",
                                        "https://",
                                        " https://a/b",
                                        "https://a/b\n",
                                        "https://a b",
                                        "https:/a",
                                        "https://?x",
                                        "ftp://a/b",
                                        "file:///etc/passwd",
                                        "data",
                                        "data:",
                                        "data:text",
                                        "a https://b",
                                        "https://a/\x1b[31m",
                                        "https:///x",
                                        "https://\xE2\x80\xAE",
                                        "https://a/<b>",
                                        "httpsx://a",
                                        "//a/b"};
  for (const std::string& text : others) EXPECT_FALSE(is_file_url(text)) << text;
}

TEST(DataUrl, any_bytes_survive_being_rendered_and_parsed) {
  EXPECT_EQ(render_data_url("image/png", "\x89PNG"), "data:image/png;base64,iVBORw==");
  std::string bytes;
  for (int size = 0; size < 300; ++size) {
    const auto parsed = parse_data_url(render_data_url("a/b", bytes));
    ASSERT_TRUE(parsed && parsed->bytes == bytes && parsed->media_type == "a/b") << size;
    bytes += static_cast<char>(size * 7);
  }
}

}  // namespace
}  // namespace rellama::wire
