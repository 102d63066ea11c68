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
  int http_status;
  bool may_retry;
  bool may_be_billed;
};

// Scripts rely on these values. Repeated here so that an accidental change fails the test.
constexpr Row kRows[] = {
    {ErrorKind::internal, "internal", 1, 500, false, false},
    {ErrorKind::invalid_input, "invalid_input", 2, 400, false, false},
    {ErrorKind::unauthorized, "unauthorized", 3, 401, false, false},
    {ErrorKind::not_found, "not_found", 4, 404, false, false},
    {ErrorKind::payment_required, "payment_required", 5, 402, false, false},
    {ErrorKind::rate_limited, "rate_limited", 6, 429, true, false},
    {ErrorKind::network, "network", 7, 502, true, false},
    {ErrorKind::server, "server", 8, 502, true, false},
    {ErrorKind::prediction_failed, "prediction_failed", 9, 422, false, true},
    {ErrorKind::canceled, "canceled", 10, 422, false, true},
    {ErrorKind::incomplete, "incomplete", 11, 422, false, true},
    {ErrorKind::may_have_started, "may_have_started", 13, 422, false, true},
    {ErrorKind::deadline, "deadline", 124, 422, false, true},
    {ErrorKind::hung_up, "hung_up", 129, 422, false, true},
    {ErrorKind::interrupted, "interrupted", 130, 422, false, true},
    {ErrorKind::output_closed, "output_closed", 141, 422, false, true},
    {ErrorKind::terminated, "terminated", 143, 422, false, true},
};

TEST(ErrorTraits, every_kind_has_the_documented_name_and_exit_code) {
  for (const Row& row : kRows) {
    const ErrorTraits& found = traits(row.kind);
    EXPECT_EQ(found.kind, row.kind);
    EXPECT_EQ(found.name, row.name);
    EXPECT_EQ(found.exit_code, row.exit_code) << row.name;
    EXPECT_EQ(found.http_status, row.http_status) << row.name;
    EXPECT_EQ(found.may_retry, row.may_retry) << row.name;
    EXPECT_EQ(found.may_be_billed, row.may_be_billed) << row.name;
  }
}

TEST(ErrorTraits, what_may_be_billed_is_never_offered_for_a_retry) {
  for (const Row& row : kRows) {
    const ErrorTraits& found = traits(row.kind);
    if (!found.may_be_billed) continue;
    EXPECT_FALSE(found.may_retry) << row.name;
    EXPECT_EQ(found.http_status, 422) << row.name << ": client libraries repeat other codes";
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
