#include "emulator/digest.hpp"

#include <gtest/gtest.h>

#include "emulator/base64.hpp"
#include "emulator/multipart.hpp"

namespace rellama::emulator::test {
namespace {

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char letter : bytes) {
    const auto byte = static_cast<unsigned char>(letter);
    text += "0123456789abcdef"[byte >> 4U];
    text += "0123456789abcdef"[byte & 0xFU];
  }
  return text;
}

TEST(Digest, sha256_is_that_of_fips_180) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// RFC 4231, test cases 2 and 6.
TEST(Digest, hmac_is_that_of_rfc_4231) {
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// RFC 4648 §10.
TEST(Base64, is_padded) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
}

constexpr const char* kFormType = "multipart/form-data; boundary=\"--x y\"";

TEST(Multipart, the_fields_of_a_form_have_names_types_and_any_bytes) {
  const std::string content("\0\r\n----x\xff", 9);
  const std::string body =
      "----x y\r\ncontent-disposition: form-data; filename=\"a; name=b\"; name=\"content\"\r\n"
      "Content-Type: image/png\r\n\r\n" +
      content +
      "\r\n----x y\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{}\r\n----x y--\r\n";
  const auto parts = parse_form(kFormType, body);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "content");
  EXPECT_EQ((*parts)[0].content_type, "image/png");
  EXPECT_EQ((*parts)[0].body, content);
  EXPECT_EQ((*parts)[1].name, "metadata");
  EXPECT_EQ((*parts)[1].body, "{}");
}

TEST(Multipart, anything_else_is_refused) {
  EXPECT_FALSE(parse_form("application/json", "{}"));
  EXPECT_FALSE(parse_form("multipart/form-data", "--\r\n\r\n\r\n----"));
  EXPECT_FALSE(parse_form(kFormType, ""));
  EXPECT_FALSE(parse_form(kFormType, "----x y\r\nno end of the head"));
  EXPECT_FALSE(parse_form(kFormType, "----x y\r\n\r\nno end of the form\r\n"));
  EXPECT_FALSE(parse_form(kFormType, "----x y\r\n\r\nno end of the form\r\n----x y"));
}

}  // namespace
}  // namespace rellama::emulator::test
