#include "wire/sse_parser.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <ostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"

namespace rellama::wire {
namespace {

// A copy of an SseItem, which outlives the item's views.
struct Parsed {
  std::string kind;  // "event" or "comment"
  std::string type;
  std::string data;
  std::string id;
  bool operator==(const Parsed&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Parsed& parsed) {
  return out << parsed.kind << " type=" << testing::PrintToString(parsed.type)
             << " data=" << testing::PrintToString(parsed.data)
             << " id=" << testing::PrintToString(parsed.id);
}

Parsed event(std::string type, std::string data, std::string id = {}) {
  return {"event", std::move(type), std::move(data), std::move(id)};
}

Parsed comment(std::string data) {
  return {"comment", {}, std::move(data), {}};
}

void take_all(SseParser& parser, std::vector<Parsed>& parsed) {
  while (const auto item = parser.next()) {
    parsed.push_back({item->kind == SseItem::Kind::event ? "event" : "comment",
                      std::string(item->type), std::string(item->data), std::string(item->id)});
  }
}

// Each piece lies in memory of its own that is gone by the next one, as a socket's buffer is.
std::vector<Parsed> parse_pieces(const std::vector<std::string>& pieces) {
  SseParser parser;
  std::vector<Parsed> parsed;
  for (const std::string& piece : pieces) {
    const std::vector<char> bytes(piece.begin(), piece.end());
    parser.feed({bytes.data(), bytes.size()});
    take_all(parser, parsed);
  }
  return parsed;
}

std::vector<Parsed> parse(const std::string& stream) {
  return parse_pieces({stream});
}

using namespace std::string_literals;

// Everything the grammar knows, in one stream.
const std::string kRich =
    "\xEF\xBB\xBF: hi\n\n"
    "event: output\nid: 1700000000:0\ndata:\n\n"
    "event: output\r\nid: 1700000000:1\r\ndata:  Hello\r\n\r\n"
    "event: output\rid: 1700000000:2\rdata: wor\rdata:ld \xF0\x9F\xA6\x99\r\r"
    ":408: 408 Request Timeout\r\n"
    "event:output\ndata\ndata\n\n"
    "retry: 10\nunknown: field\nnocolon\n\n"
    "data: no type\n\n"
    "event: output\r\ndata: mixed\n: inside an event\ndata: ends\r\r\n"
    "id: n\0l\ndata: x\n\n"
    "id: lonely\n\n"
    "event: done\n\n"
    "event: done\ndata: {}\n\n"
    "event: output\ndata: cut off by the end\n"s;

const std::vector<Parsed> kRichParsed{
    comment(" hi"),
    event("output", "", "1700000000:0"),
    event("output", " Hello", "1700000000:1"),
    event("output", "wor\nld \xF0\x9F\xA6\x99", "1700000000:2"),
    comment("408: 408 Request Timeout"),
    event("output", "\n"),
    event("", "no type"),
    comment(" inside an event"),
    event("output", "mixed\nends"),
    event("", "x"),
    event("done", ""),
    event("done", "{}"),
};

TEST(SseParser, a_complex_stream_in_one_piece_is_parsed_as_the_standard_says) {
  EXPECT_EQ(parse(kRich), kRichParsed);
}

TEST(SseParser, splitting_a_stream_in_two_anywhere_changes_nothing) {
  for (std::size_t cut = 0; cut <= kRich.size(); ++cut) {
    EXPECT_EQ(parse_pieces({kRich.substr(0, cut), kRich.substr(cut)}), kRichParsed)
        << "cut at byte " << cut;
  }
}

TEST(SseParser, splitting_a_stream_in_three_anywhere_changes_nothing) {
  for (std::size_t first = 0; first <= kRich.size(); first += 3) {
    for (std::size_t second = first; second <= kRich.size(); ++second) {
      ASSERT_EQ(parse_pieces({kRich.substr(0, first), kRich.substr(first, second - first),
                              kRich.substr(second)}),
                kRichParsed)
          << "cut at " << first << " and " << second;
    }
  }
}

TEST(SseParser, feeding_a_stream_byte_by_byte_changes_nothing) {
  std::vector<std::string> pieces;
  for (const char c : kRich) {
    pieces.emplace_back(1, c);
    pieces.emplace_back();  // a read that brought nothing
  }
  EXPECT_EQ(parse_pieces(pieces), kRichParsed);
}

TEST(SseParser, feeding_a_stream_in_random_pieces_changes_nothing) {
  std::mt19937 random(20240229);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < kRich.size();) {
      const std::size_t length = std::uniform_int_distribution<std::size_t>(0, 9)(random);
      pieces.push_back(kRich.substr(at, length));
      at += length;
    }
    ASSERT_EQ(parse_pieces(pieces), kRichParsed) << "round " << round;
  }
}

TEST(SseParser, splitting_a_random_stream_anywhere_changes_nothing) {
  const std::string letters = "\r\n: daet\xEF\xBB\xBF"s;
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
  for (int round = 0; round < 2000; ++round) {
    std::string stream;
    for (int i = 0; i < 40; ++i) {
      const std::size_t letter = pick(random);
      stream += letter == 4 ? "data:"s : std::string(1, letters[letter]);
    }
    const auto whole = parse(stream);
    const std::size_t cut = pick(random) * stream.size() / letters.size();
    ASSERT_EQ(parse_pieces({stream.substr(0, cut), stream.substr(cut)}), whole)
        << testing::PrintToString(stream) << " cut at " << cut;
  }
}

TEST(SseParser, exactly_one_space_is_stripped_so_spaces_between_words_stay) {
  EXPECT_EQ(parse("data:x\n\ndata: x\n\ndata:  x\n\ndata:\tx\n\ndata: x \n\n"),
            (std::vector{event("", "x"), event("", "x"), event("", " x"), event("", "\tx"),
                         event("", "x ")}));
}

TEST(SseParser, empty_data_is_an_event_with_an_empty_chunk) {
  EXPECT_EQ(parse("event: output\ndata:\n\nevent: output\ndata: \n\nevent: output\ndata\n\n"),
            (std::vector{event("output", ""), event("output", ""), event("output", "")}));
}

TEST(SseParser, a_newline_chunk_is_two_empty_data_lines) {
  EXPECT_EQ(parse("data:\ndata:\n\n"), (std::vector{event("", "\n")}));
  EXPECT_EQ(parse("data: a\ndata:\ndata: b\ndata:\n\n"), (std::vector{event("", "a\n\nb\n")}));
}

TEST(SseParser, an_event_does_not_inherit_the_type_or_id_of_the_previous_one) {
  EXPECT_EQ(parse("event: output\nid: 1\ndata: a\n\ndata: b\n\n"),
            (std::vector{event("output", "a", "1"), event("", "b")}));
  EXPECT_EQ(parse("id: 1\n\ndata: b\n\n"), (std::vector{event("", "b")}));
}

TEST(SseParser, an_id_with_a_nul_is_ignored) {
  EXPECT_EQ(parse("id: a\0b\ndata: x\n\n"s), (std::vector{event("", "x")}));
  EXPECT_EQ(parse("id: good\nid: a\0b\ndata: x\n\n"s), (std::vector{event("", "x", "good")}));
}

TEST(SseParser, the_last_type_of_an_event_wins) {
  EXPECT_EQ(parse("event: logs\nevent: output\ndata: x\n\n"), (std::vector{event("output", "x")}));
}

TEST(SseParser, field_names_are_case_sensitive_and_must_match_completely) {
  EXPECT_TRUE(parse("Data: x\n\n data: x\n\ndata : x\n\ndatax: y\n\n").empty());
}

TEST(SseParser, a_value_may_contain_colons) {
  EXPECT_EQ(parse("data: {\"a\": \"b:c\"}\n\n"), (std::vector{event("", "{\"a\": \"b:c\"}")}));
}

TEST(SseParser, only_one_byte_order_mark_and_only_at_the_start_is_dropped) {
  const std::string bom = "\xEF\xBB\xBF";
  EXPECT_EQ(parse(bom + "data: x\n\n"), (std::vector{event("", "x")}));
  EXPECT_TRUE(parse(bom + bom + "data: x\n\n").empty());
  EXPECT_TRUE(parse("\n" + bom + "data: x\n\n").empty());
  EXPECT_EQ(parse("data: " + bom + "\n\n"), (std::vector{event("", bom)}));
}

TEST(SseParser, an_incomplete_event_at_the_end_is_dropped) {
  EXPECT_TRUE(parse("event: output\ndata: x").empty());
  EXPECT_TRUE(parse("event: output\ndata: x\n").empty());
  EXPECT_TRUE(parse("event: output\r\ndata: x\r\n").empty());
  EXPECT_EQ(parse("event: output\r\ndata: x\r\n\r"), (std::vector{event("output", "x")}));
}

TEST(SseParser, an_event_is_returned_without_waiting_for_another_byte) {
  SseParser parser;
  std::vector<Parsed> parsed;
  parser.feed("data: a\r\n\r");  // whether an LF follows makes no difference to this event
  take_all(parser, parsed);
  EXPECT_EQ(parsed, (std::vector{event("", "a")}));
  parser.feed("\ndata: b\n\n");
  take_all(parser, parsed);
  EXPECT_EQ(parsed, (std::vector{event("", "a"), event("", "b")}));
}

TEST(SseParser, blank_lines_alone_are_not_events) {
  EXPECT_TRUE(parse("\n\n\r\r\r\n\r\n\n").empty());
  EXPECT_TRUE(parse("").empty());
}

TEST(SseParser, bytes_that_are_not_utf_8_pass_unchanged) {
  EXPECT_EQ(parse("data: \xFF\xC3\0\x80\n\n"s), (std::vector{event("", "\xFF\xC3\0\x80"s)}));
}

TEST(SseParser, a_long_stream_with_only_carriage_returns_works) {
  std::string stream;
  std::vector<Parsed> expected;
  for (int i = 0; i < 20'000; ++i) {
    stream += "event: output\rdata: " + std::to_string(i) + "\r\r";
    expected.push_back(event("output", std::to_string(i)));
  }
  EXPECT_EQ(parse(stream), expected);
}

TEST(SseParser, a_very_long_line_in_small_pieces_arrives_unchanged) {
  const std::string text(std::size_t{4} << 20, 'x');
  const std::string stream = "data: " + text + "\n\n";
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < stream.size(); at += 1000)
    pieces.push_back(stream.substr(at, 1000));
  const auto parsed = parse_pieces(pieces);
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_TRUE(parsed[0].data == text) << "the long line was altered";
}

TEST(SseParser, a_line_that_is_too_long_is_rejected_even_if_it_never_ends) {
  SseParser parser(100);
  const Error error = test::error_of([&] {
    for (int i = 0; i < 20; ++i) {
      parser.feed("0123456789");
      while (parser.next()) {
      }
    }
  });
  EXPECT_EQ(error.kind(), ErrorKind::server);
  EXPECT_TRUE(test::holds(error.what(), "longer than 100 bytes"));
}

TEST(SseParser, a_byte_order_mark_counts_the_same_however_the_line_is_split) {
  const std::string line = "\xEF\xBB\xBF: 3456789\n";  // 10 bytes with the mark's 3, and more
  for (const std::size_t step : {line.size(), std::size_t{1}}) {
    SseParser parser(10);
    const Error error = test::error_of([&] {
      for (std::size_t at = 0; at < line.size(); at += step) {
        parser.feed(std::string_view(line).substr(at, step));
        while (parser.next()) {
        }
      }
    });
    EXPECT_EQ(error.kind(), ErrorKind::server) << "in pieces of " << step;
  }
}

TEST(SseParser, an_event_that_is_too_long_is_rejected_even_if_its_lines_are_short) {
  SseParser parser(100);
  const Error error = test::error_of([&] {
    for (int i = 0; i < 20; ++i) {
      parser.feed("data: 0123456789\n");
      while (parser.next()) {
      }
    }
  });
  EXPECT_EQ(error.kind(), ErrorKind::server);
}

TEST(SseParser, the_limit_applies_to_each_event_not_to_their_sum) {
  SseParser parser(100);
  std::vector<Parsed> parsed;
  std::string stream;
  for (int i = 0; i < 1000; ++i) stream += "data: " + std::string(90, 'x') + "\n\n: c\n";
  parser.feed(stream);
  EXPECT_NO_THROW(take_all(parser, parsed));
  EXPECT_EQ(parsed.size(), 2000U);
}

}  // namespace
}  // namespace rellama::wire
