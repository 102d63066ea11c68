#include "batch/price.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"

namespace rellama::batch {
namespace {

TEST(Prices, are_for_a_million_tokens_or_for_a_second) {
  const Price tokens = parse_price("0.65/2.75");
  EXPECT_DOUBLE_EQ(tokens.cost(1'000'000, 2'000'000, 9), 6.15);
  EXPECT_DOUBLE_EQ(parse_price("0.0014/s").cost(5, 5, 10), 0.014);
  for (const char* text : {"", "1", "a/b", "1/-2", "1/2/3", "nan/1", "1/m"}) {
    EXPECT_EQ(test::error_of([&] { (void)parse_price(text); }).kind(), ErrorKind::invalid_input)
        << text;
  }
}

TEST(Prices, the_most_a_row_can_cost_follows_from_its_longest_answer) {
  const Price price = parse_price("0/1000000");
  GenerateRequest request;
  request.prompt = "Hi";
  EXPECT_DOUBLE_EQ(*price.most(request), 500);
  request.parameters.others.push_back({"max_tokens", std::int64_t{7}});
  EXPECT_DOUBLE_EQ(*price.most(request), 7);
  request.parameters.max_new_tokens = 9;
  EXPECT_DOUBLE_EQ(*price.most(request), 9);
}

TEST(Prices, a_price_for_time_has_a_most_only_with_a_limit) {
  const Price price = parse_price("0.5/s");
  GenerateRequest request;
  EXPECT_FALSE(price.most(request));
  request.cancel_after = std::chrono::seconds(10);
  EXPECT_DOUBLE_EQ(*price.most(request), 5);
}

TEST(Prices, small_amounts_have_more_digits) {
  EXPECT_EQ(render_dollars(12.345), "$12.35");
  EXPECT_EQ(render_dollars(0.00123), "$0.001230");
  EXPECT_EQ(render_dollars(0), "$0.00");
}

}  // namespace
}  // namespace rellama::batch
