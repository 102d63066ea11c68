#include "wire/multipart.hpp"

#include <gtest/gtest.h>

#include <string>

#include "wire/media_type.hpp"

namespace rellama::wire {
namespace {

TEST(Multipart, a_file_is_one_field_with_its_name_and_type) {
  const Multipart form = render_upload("/home/ann/photo.png", "image/png", "\x89PNG");
  EXPECT_EQ(form.content_type, "multipart/form-data; boundary=rellama-file-boundary-0");
  EXPECT_EQ(form.body,
            "--rellama-file-boundary-0\r\n"
            "Content-Disposition: form-data; name=\"content\"; filename=\"photo.png\"\r\n"
            "Content-Type: image/png\r\n\r\n\x89PNG\r\n--rellama-file-boundary-0--\r\n");
}

TEST(Multipart, the_boundary_does_not_occur_in_the_file) {
  const Multipart form = render_upload("x", "text/plain", "--rellama-file-boundary-0--");
  EXPECT_TRUE(form.content_type.ends_with("boundary-1")) << form.content_type;
}

TEST(Multipart, a_name_cannot_end_its_header) {
  const std::string body = render_upload("a\"b\r\nX-Evil: 1", "text/plain", "").body;
  EXPECT_NE(body.find("filename=\"a%22b__X-Evil: 1\"\r\n"), std::string::npos) << body;
  for (const std::string& name :
       {std::string(300, 'n'), std::string("\xFF"), std::string("dir/")}) {
    EXPECT_NE(render_upload(name, "text/plain", "").body.find("filename=\"file\""),
              std::string::npos);
  }
}

TEST(MediaType, comes_from_the_extension_or_else_from_the_bytes) {
  EXPECT_EQ(media_type_of("a/B.JPG", ""), "image/jpeg");
  EXPECT_EQ(media_type_of("speech.mp3", "text"), "audio/mpeg");
  EXPECT_EQ(media_type_of("no-extension", "\x89PNG\r\n\x1a\n"), "image/png");
  EXPECT_EQ(media_type_of("dir.png/notes", "words"), "text/plain");
  EXPECT_EQ(media_type_of("x.unknown", "\xFF\xFE"), "application/octet-stream");
  EXPECT_EQ(media_type_of("x", std::string(1, '\0')), "application/octet-stream");
}

}  // namespace
}  // namespace rellama::wire
