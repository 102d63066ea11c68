#include "rellama/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace rellama {
namespace {

struct Row {
  ErrorKind kind;
  std::string_view name;
  int exit_code;
  bool may_retry;
};

// Scripts rely on these values. Repeated here so that an accidental change fails the test.
constexpr Row kRows[] = {
    {ErrorKind::internal, "internal", 1, false},
    {ErrorKind::invalid_input, "invalid_input", 2, false},
    {ErrorKind::unauthorized, "unauthorized", 3, false},
    {ErrorKind::not_found, "not_found", 4, false},
    {ErrorKind::payment_required, "payment_required", 5, false},
    {ErrorKind::rate_limited, "rate_limited", 6, true},
    {ErrorKind::network, "network", 7, true},
    {ErrorKind::server, "server", 8, true},
    {ErrorKind::prediction_failed, "prediction_failed", 9, false},
    {ErrorKind::canceled, "canceled", 10, false},
    {ErrorKind::incomplete, "incomplete", 11, false},
    {ErrorKind::deadline, "deadline", 124, true},
    {ErrorKind::hung_up, "hung_up", 129, false},
    {ErrorKind::interrupted, "interrupted", 130, false},
    {ErrorKind::output_closed, "output_closed", 141, false},
    {ErrorKind::terminated, "terminated", 143, false},
};

TEST(ErrorTraits, every_kind_has_the_documented_name_and_exit_code) {
  for (const Row& row : kRows) {
    const ErrorTraits& found = traits(row.kind);
    EXPECT_EQ(found.kind, row.kind);
    EXPECT_EQ(found.name, row.name);
    EXPECT_EQ(found.exit_code, row.exit_code) << row.name;
    EXPECT_EQ(found.may_retry, row.may_retry) << row.name;
  }
}

TEST(ErrorTraits, exit_codes_are_distinct_and_never_0) {
  std::set<int> codes;
  for (const Row& row : kRows) codes.insert(traits(row.kind).exit_code);
  EXPECT_EQ(codes.size(), std::size(kRows));
  EXPECT_EQ(codes.count(0), 0U);
}

TEST(Error, the_message_reads_as_one_sentence) {
  const Error error(ErrorKind::server, {.failed = "cannot read the prediction",
                                        .why = "the host answered 500",
                                        .remedy = "try again in a moment",
                                        .prediction_id = "abc"});
  EXPECT_STREQ(error.what(),
               "cannot read the prediction: the host answered 500 (prediction abc); try again in a "
               "moment");
  EXPECT_EQ(error.kind(), ErrorKind::server);
  EXPECT_EQ(error.parts().remedy, "try again in a moment");
}

TEST(Error, empty_parts_are_left_out_of_the_message) {
  EXPECT_STREQ(Error(ErrorKind::internal, {.failed = "no"}).what(), "no");
  EXPECT_STREQ(Error(ErrorKind::internal, {.failed = "no", .why = "because"}).what(),
               "no: because");
  EXPECT_STREQ(Error(ErrorKind::internal, {.failed = "no", .remedy = "wait"}).what(), "no; wait");
  EXPECT_STREQ(Error(ErrorKind::internal, {.failed = "no", .prediction_id = "x"}).what(),
               "no (prediction x)");
}

}  // namespace
}  // namespace rellama
