#include "rellama/api_token.hpp"

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "support/expect_error.hpp"

namespace rellama {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(Printable<int>, "the concept can be met");
static_assert(!Printable<ApiToken>, "a token must not be printed");
static_assert(fmt::is_formattable<int>::value, "the trait can be met");
static_assert(!fmt::is_formattable<ApiToken>::value, "a token must not be logged");
static_assert(!std::is_convertible_v<ApiToken, std::string>);
static_assert(!std::is_convertible_v<ApiToken, std::string_view>);
static_assert(!std::is_convertible_v<std::string, ApiToken>, "text is not a token by accident");

TEST(ApiToken, keeps_the_secret_it_was_given) {
  EXPECT_EQ(ApiToken("r8_abcDEF123").reveal(), "r8_abcDEF123");
}

TEST(ApiToken, accepts_every_printable_character_except_the_space) {
  std::string all;
  for (char c = '!'; c <= '~'; ++c) all += c;
  EXPECT_EQ(ApiToken(all).reveal(), all);
}

TEST(ApiToken, an_empty_secret_is_rejected) {
  const Error error = test::error_of([] { ApiToken(""); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  EXPECT_TRUE(test::holds(error.what(), "it is empty"));
}

TEST(ApiToken, a_secret_that_could_inject_a_header_is_rejected_and_not_shown) {
  for (const std::string& bad :
       {std::string("r8_secret\r\nX-Evil: 1"), std::string("r8_secret\n"),
        std::string(" r8_secret"), std::string("r8_secret\t"), std::string("r8_sec ret"),
        std::string("r8_secret\0", 10), std::string("r8_secret\x7f"),
        std::string("r8_secret\xC3\xA9"), std::string("\x80")}) {
    const Error error = test::error_of([&] { ApiToken token(bad); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
    EXPECT_FALSE(test::holds(error.what(), "r8_sec")) << "an error message shows the token";
  }
}

TEST(ApiToken, a_copy_survives_the_original) {
  ApiToken copy("short");
  {
    const ApiToken original("r8_0123456789012345678901234567890123456789");
    copy = original;
  }
  EXPECT_EQ(copy.reveal(), "r8_0123456789012345678901234567890123456789");
  const ApiToken moved = std::move(copy);
  EXPECT_EQ(moved.reveal(), "r8_0123456789012345678901234567890123456789");
}

}  // namespace
}  // namespace rellama
