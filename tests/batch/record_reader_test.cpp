#include "batch/record_reader.hpp"

#include <gtest/gtest.h>

#include "batch/batch_files.hpp"
#include "batch/input_file.hpp"
#include "support/expect_error.hpp"

namespace rellama::batch {
namespace {

using test::error_of;
using test::holds;

class Records : public test::BatchFiles {};

std::string prompt_of(const Record& record) {
  return record.malformed.empty() ? record.fields["prompt"].get<std::string>() : record.malformed;
}

TEST_F(Records, a_line_is_a_prompt_with_the_number_of_its_line) {
  const auto rows = rows_of(Format::lines, "one\n\n  \ntwo\r\nthree");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(prompt_of(rows[0]), "one");
  EXPECT_EQ(prompt_of(rows[1]), "two");
  EXPECT_EQ(rows[1].place.row, 2U);
  EXPECT_EQ(rows[1].line(), 4U);
  EXPECT_EQ(prompt_of(rows[2]), "three");
}

TEST_F(Records, a_byte_order_mark_is_no_part_of_the_first_row) {
  EXPECT_EQ(prompt_of(rows_of(Format::lines, "\xEF\xBB\xBFone\n")[0]), "one");
  EXPECT_EQ(prompt_of(rows_of(Format::jsonl, "\xEF\xBB\xBF{\"prompt\":\"one\"}\n")[0]), "one");
  EXPECT_EQ(prompt_of(rows_of(Format::csv, "\xEF\xBB\xBFprompt\none\n")[0]), "one");
}

TEST_F(Records, utf_16_is_refused_with_what_converts_it) {
  const Error error = error_of([&] { (void)rows_of(Format::lines, "\xFF\xFEo\0n\0"); });
  EXPECT_TRUE(holds(error.what(), "iconv -f UTF-16"));
}

TEST_F(Records, a_line_that_cannot_be_used_is_a_row_that_says_why) {
  using namespace std::string_literals;
  const auto lines = rows_of(Format::lines, "caf\xE9\nnul\0nul\nfine\n"s);
  EXPECT_TRUE(holds(lines[0].malformed, "not UTF-8 (byte 4)"));
  EXPECT_TRUE(holds(lines[1].malformed, "NUL"));
  EXPECT_EQ(prompt_of(lines[2]), "fine");
  const auto json =
      rows_of(Format::jsonl, "{\"prompt\":\n[1]\n\"text\"\n{\"id\":{},\"prompt\":\"x\"}\n");
  EXPECT_FALSE(json[0].malformed.empty());
  EXPECT_TRUE(holds(json[1].malformed, "neither an object nor a string"));
  EXPECT_EQ(prompt_of(json[2]), "text");
  EXPECT_TRUE(holds(json[3].malformed, "'id'"));
}

TEST_F(Records, a_line_of_ten_megabytes_is_one_row_and_the_next_is_read) {
  const std::string text = std::string(10 << 20, 'x') + "\nnext\n";
  const auto rows = rows_of(Format::lines, text);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(holds(rows[0].malformed, "longer than 4 MiB"));
  EXPECT_EQ(prompt_of(rows[1]), "next");
  // Its end is part of its identity.
  std::string other = text;
  other[(9 << 20)] = 'y';
  EXPECT_NE(rows[0].digest, rows_of(Format::lines, other)[0].digest);
}

TEST_F(Records, csv_has_quoted_separators_quotes_and_line_ends) {
  const auto rows = rows_of(Format::csv,
                            "id,prompt\r\n"
                            "a,\"one, \"\"two\"\"\r\nthree\"\r\n"
                            "b,plain\n"
                            "c\n"
                            "d,\"x\"y\n"
                            "e,\"open\n");
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(prompt_of(rows[0]), "one, \"two\"\nthree");
  EXPECT_EQ(rows[0].id, "a");
  EXPECT_EQ(rows[1].line(), 4U);
  EXPECT_EQ(prompt_of(rows[1]), "plain");
  EXPECT_TRUE(holds(rows[2].malformed, "1 field, and the header has 2"));
  EXPECT_TRUE(holds(rows[3].malformed, "after the closing quote"));
  EXPECT_TRUE(holds(rows[4].malformed, "not closed"));
}

TEST_F(Records, a_csv_row_that_cannot_be_used_has_its_id) {
  const auto rows = rows_of(Format::csv, "prompt,id\nfine,a\nx,b,c\nonly\n\"q\"x,d\n");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].id, "a");
  EXPECT_TRUE(holds(rows[1].malformed, "it has 3 fields, and the header has 2"));
  EXPECT_EQ(rows[1].id, "b");
  EXPECT_TRUE(holds(rows[2].malformed, "it has 1 field, "));
  EXPECT_EQ(rows[2].id, "");
  EXPECT_FALSE(rows[3].malformed.empty());
  EXPECT_EQ(rows[3].id, "d");
}

TEST_F(Records, a_field_that_is_too_long_makes_one_row_unusable_and_not_the_next) {
  const std::string letter(std::size_t{3} << 20, 'x');
  for (const std::string& text : {letter + "\n" + letter + "\n\"\"b\"\", c",
                                  letter + letter + "\"\"\nb,c\nd", letter + letter}) {
    const auto rows = rows_of(Format::csv, "id,prompt\n1,\"" + text + "\"\n2,fine\n");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_TRUE(holds(rows[0].malformed, "longer than 4 MiB"));
    EXPECT_EQ(rows[1].malformed, "");
    EXPECT_EQ(prompt_of(rows[1]), "fine");
  }
}

TEST_F(Records, an_id_with_a_nul_character_cannot_be_used) {
  const auto rows = rows_of(Format::jsonl, "{\"id\":\"\\u0000x\",\"prompt\":\"a\"}\n");
  EXPECT_TRUE(holds(rows.at(0).malformed, "NUL"));
  EXPECT_EQ(rows.at(0).id, "");
}

TEST_F(Records, two_copies_of_inputs_with_one_name_are_apart) {
  InputCopy one(at("copy"));
  InputCopy two(at("copy"));
  const auto write = [](InputCopy& copy, const std::string& text) {
    return copy.write(
        "in", [&, n = 0]() mutable { return n++ == 0 ? std::optional(text) : std::nullopt; });
  };
  const InputFile first = write(one, "first");
  const InputFile second = write(two, "second");
  Line line;
  ASSERT_TRUE(LineReader(first.file.get(), "in").next(line));
  EXPECT_EQ(line.text, "first");
  two.keep();
  EXPECT_EQ(read("copy"), "second\n");
}

TEST_F(Records, a_header_that_names_a_column_twice_is_refused) {
  const Error error = error_of([&] { (void)rows_of(Format::csv, "a, a\n1,2\n"); });
  EXPECT_TRUE(holds(error.what(), "two columns are named 'a'"));
}

TEST_F(Records, a_row_can_be_read_again_at_its_place) {
  write("input", "id,prompt\na,\"x\ny\"\n\nb,z\n");
  const auto file = open("input");
  RecordReader reader(file.get(), "input", Format::csv);
  std::vector<Record> rows(2);
  for (Record& row : rows) ASSERT_TRUE(reader.next(row));
  for (const std::size_t i : {1U, 0U}) {
    Record again;
    reader.read_at(rows[i].place, again);
    EXPECT_EQ(again.id, rows[i].id);
    EXPECT_EQ(again.digest, rows[i].digest);
    EXPECT_EQ(again.line(), rows[i].line());
    EXPECT_EQ(again.place.row, rows[i].place.row);
  }
}

TEST_F(Records, the_format_follows_from_the_name_or_the_first_line) {
  const auto detect = [&](const std::string& name, const std::string& content) {
    write(name, content);
    return detect_format(name, open(name).get());
  };
  EXPECT_EQ(detect("a.csv", "prompt\n"), Format::csv);
  EXPECT_EQ(detect("a.txt", "{\"prompt\":1}\n"), Format::lines);
  EXPECT_EQ(detect("input", "\n{\"prompt\":\"x\"}\n"), Format::jsonl);
  EXPECT_EQ(detect("input", "Why?\n"), Format::lines);
  EXPECT_EQ(detect("a.jsonl", "{\"custom_id\":\"a\",\"body\":{}}\n"), Format::openai);
  EXPECT_EQ(detect("a.jsonl", "garbage\n{\"custom_id\":\"a\",\"body\":{}}\n"), Format::openai);
  EXPECT_EQ(detect("a.jsonl", "garbage\n"), Format::jsonl);
}

TEST_F(Records, equal_rows_without_an_id_are_different_rows) {
  const auto rows = rows_of(Format::lines, "same\nsame\n");
  EXPECT_EQ(rows[0].digest, rows[1].digest);
  EXPECT_NE(identity_of(rows[0]), identity_of(rows[1]));
}

}  // namespace
}  // namespace rellama::batch
