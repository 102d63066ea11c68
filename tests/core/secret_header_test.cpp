#include "rellama/secret_header.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"

namespace rellama {
namespace {

TEST(SecretHeader, has_a_name_and_a_value) {
  const SecretHeader header(" cf-aig-authorization :  Bearer s3cret: x\t");
  EXPECT_EQ(header.name(), "cf-aig-authorization");
  EXPECT_EQ(header.reveal(), "Bearer s3cret: x");
  EXPECT_EQ(SecretHeader("X-Key: Bearer s3cret").reveal_credentials(), "s3cret");
  EXPECT_EQ(SecretHeader("X-Key: s3cret").reveal_credentials(), "s3cret");
}

TEST(SecretHeader, what_is_no_header_is_refused_without_being_shown) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"s3cret", "no name"},
      {"", "no name"},
      {": s3cret", "name"},
      {"two words: s3cret", "name"},
      {"X-Key:", "no value"},
      {"X-Key: s3cret\r\nHost: evil.org", "control"},
      {"X-Key: s3cret\xC3\xA9", "non-ASCII"},
      {"Authorization: s3cret", "itself"},
      {"HOST: s3cret", "itself"},
      {"content-length: s3cret", "itself"},
  };
  for (const auto& [line, why] : cases) {
    const Error error = test::error_of([&, l = line] { SecretHeader header(l); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << line;
    EXPECT_TRUE(test::holds(error.what(), why));
    EXPECT_EQ(std::string(error.what()).find("s3cret"), std::string::npos);
  }
}

}  // namespace
}  // namespace rellama
