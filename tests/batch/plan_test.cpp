#include "batch/plan.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "batch/batch_files.hpp"
#include "support/expect_error.hpp"

namespace rellama::batch {
namespace {

using test::error_of;
using test::holds;

class Plans : public test::BatchFiles {
 protected:
  // What is said if the input was `before`, and is `now`; empty if nothing is.
  [[nodiscard]] std::string difference(Format format, const std::string& before,
                                       const std::string& now) const {
    RowDefaults defaults;
    defaults.format = format;
    const PlanChecks checks{.defaults = defaults};
    remove_journal(at("a.journal"));
    Journal journal(at("a.journal"), Journal::Open::create);
    write("input", before);
    const auto old_file = open("input");
    RecordReader old_reader(old_file.get(), "input", format);
    (void)plan_batch(old_reader, {}, checks, journal);
    write("input", now);
    const auto file = open("input");
    RecordReader reader(file.get(), "input", format);
    try {
      (void)compare_with_journal(reader, {}, checks, journal);
    } catch (const Error& error) {
      return error.parts().why;
    }
    return {};
  }
};

TEST_F(Plans, an_input_that_is_the_same_has_no_difference) {
  EXPECT_EQ(difference(Format::lines, "a\nb\n", "a\nb\n"), "");
}

TEST_F(Plans, only_the_rows_that_were_changed_are_shown) {
  EXPECT_EQ(difference(Format::lines, "a\nb\nc\nd\n", "a\nlonger than b\nc\nd\n"),
            "row 2 in line 2 was changed");
}

TEST_F(Plans, rows_that_moved_are_shown_if_nothing_else_was_changed) {
  EXPECT_EQ(difference(Format::lines, "a\nb\nc\n", "a\n\n\nb\nc\n"),
            "row 2 in line 4 is the same, but was in line 2");
  EXPECT_EQ(difference(Format::lines, "a\nb\n", "a\r\nb\r\n"),
            "row 2 in line 2 is the same, but the line ends or blanks before it were changed");
}

TEST_F(Plans, an_id_that_was_changed_is_shown) {
  EXPECT_EQ(difference(Format::jsonl, "{\"id\":\"x\"}\n{}\n", "{\"id\":\"y\"}\n{\"id\":\"z\"}\n"),
            "row 1 ('y') in line 1 had the ID 'x'; row 2 ('z') in line 2 had no ID");
}

TEST_F(Plans, rows_that_were_added_or_removed_are_shown) {
  EXPECT_EQ(difference(Format::lines, "a\n", "a\nb\n"), "row 2 in line 2 was added");
  EXPECT_EQ(difference(Format::lines, "a\nb\n", "a\n"), "the last row was removed");
  EXPECT_EQ(difference(Format::lines, "a\nb\nc\n", "a\n"), "the last 2 rows were removed");
}

}  // namespace
}  // namespace rellama::batch
