#include "prompt/output_schema.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rellama::prompt {
namespace {

OutputKind kind_of(const std::string& output, const std::string& cog_version = "0.13.6") {
  PublishedVersion version;
  version.cog_version = cog_version;
  version.openapi_schema.text = R"({"components":{"schemas":{"Output":)" + output + "}}}";
  return read_output_kind(version);
}

constexpr const char* kList = R"({"type":"array","items":{"type":"string"}})";

TEST(OutputSchema, iterators_and_concatenated_lists_of_strings_are_text) {
  EXPECT_EQ(kind_of(R"({"type":"string"})"), OutputKind::text);
  EXPECT_EQ(kind_of(R"({"type":"array","items":{"type":"string"},"x-cog-array-type":"iterator",
                        "x-cog-array-display":"concatenate"})"),
            OutputKind::text);
  EXPECT_EQ(kind_of(R"({"type":"array","items":{"type":"string"},"x-cog-array-type":"iterator"})"),
            OutputKind::text);
}

TEST(OutputSchema, strings_with_the_uri_format_are_files_iterated_or_not) {
  EXPECT_EQ(kind_of(R"({"type":"string","format":"uri"})"), OutputKind::files);
  EXPECT_EQ(kind_of(R"({"type":"array","items":{"type":"string","format":"uri"}})"),
            OutputKind::files);
  EXPECT_EQ(kind_of(R"({"type":"array","items":{"type":"string","format":"uri"},
                        "x-cog-array-type":"iterator"})"),
            OutputKind::files);
}

TEST(OutputSchema, a_list_of_strings_that_is_not_iterated_is_a_list) {
  EXPECT_EQ(kind_of(kList), OutputKind::values);
  EXPECT_EQ(kind_of(kList, "0.3.9"), OutputKind::values);
}

TEST(OutputSchema, before_cog_0_3_9_every_list_of_strings_is_text) {
  EXPECT_EQ(kind_of(kList, "0.3.8"), OutputKind::text);
  EXPECT_EQ(kind_of(kList, "0.2.12"), OutputKind::text);
  EXPECT_EQ(kind_of(kList, "unknown"), OutputKind::values);
}

TEST(OutputSchema, anything_else_is_values_and_without_a_schema_it_is_unknown) {
  EXPECT_EQ(kind_of(R"({"type":"object"})"), OutputKind::values);
  EXPECT_EQ(kind_of(R"({"type":"number"})"), OutputKind::values);
  EXPECT_EQ(kind_of(R"({"type":"array","items":{"type":"object"}})"), OutputKind::values);
  EXPECT_EQ(kind_of(R"({"title":"Output"})"), OutputKind::unknown);
  EXPECT_EQ(kind_of(R"({"type":"array"})"), OutputKind::unknown);
  EXPECT_EQ(kind_of(R"({"type":"array","items":{}})"), OutputKind::unknown);
  EXPECT_EQ(kind_of(R"({"type":"array","items":7})"), OutputKind::unknown);
  EXPECT_EQ(kind_of("7"), OutputKind::unknown);
  EXPECT_EQ(read_output_kind({}), OutputKind::unknown);
}

}  // namespace
}  // namespace rellama::prompt
