// Store::search. The index has every three neighboring characters (schema.cpp), so that it finds
// parts of words, and words of languages that are written without blanks. It cannot answer what is
// shorter: for that, the turns themselves are read. Turns are added to it by the next search, not
// by each answer: that would cost an answer a millisecond, and a long one more than its printing.

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "history/filter.hpp"
#include "history/store.hpp"
#include "rellama/error.hpp"

namespace rellama::history {
namespace {

constexpr std::size_t kShortestIndexed = 3;  // characters

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t count_characters(std::string_view text) {
  return text.size() -
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

// A star at the end once stood for any ending, which every word has now.
std::vector<std::string> without_stars(std::vector<std::string> words) {
  for (std::string& word : words) {
    if (word.size() > 1 && word.ends_with('*')) word.pop_back();
  }
  return words;
}

// An FTS5 query: each word is quoted, so that none is an operator. Leaves out short words.
std::string full_text_query(const std::vector<std::string>& words) {
  std::string query;
  for (const std::string& word : words) {
    if (count_characters(word) < kShortestIndexed) continue;
    std::string quoted = "\"";
    for (const char c : word) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    query += (query.empty() ? "" : " ") + quoted + "\"";
  }
  return query;
}

std::size_t find_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  };
  const auto* const found =
      std::search(text.data(), text.data() + text.size(), word.begin(), word.end(), same);
  const auto at = static_cast<std::size_t>(found - text.data());
  return at == text.size() && !word.empty() ? std::string_view::npos : at;
}

// The first and the last character of a part of `text`, moved outwards so that none is cut.
std::string_view whole_characters(std::string_view text, std::size_t begin, std::size_t end) {
  end = std::min(end, text.size());
  while (begin > 0 && continues_character(text[begin])) --begin;
  while (end < text.size() && continues_character(text[end])) ++end;
  return text.substr(begin, end - begin);
}

// The text around the first of the words that is in the prompt or the answer.
std::string excerpt_of(const std::string& prompt, const std::string& output,
                       const std::vector<std::string>& words) {
  constexpr std::size_t kBefore = 40;
  constexpr std::size_t kAfter = 100;
  for (const std::string* text : {&prompt, &output}) {
    for (const std::string& word : words) {
      const std::size_t at = find_word(*text, word);
      if (at == std::string_view::npos) continue;
      std::size_t begin = at > kBefore ? at - kBefore : 0;
      // From the beginning of a word, if there is one.
      const std::size_t blank = begin == 0 ? 0 : text->find_first_of(" \n", begin);
      if (blank != 0 && blank < at) begin = blank + 1;
      const std::string_view part = whole_characters(*text, begin, at + word.size() + kAfter);
      const bool is_begin = part.data() == text->data();
      const bool is_end = part.data() + part.size() == text->data() + text->size();
      return std::string(is_begin ? "" : "…").append(part).append(is_end ? "" : "…");
    }
  }
  return std::string(whole_characters(prompt, 0, kBefore + kAfter));
}

}  // namespace

// A bounded number at a time, so that other programs can write in between, and for a bounded time:
// a long history that was never searched takes several searches.
void Store::update_index() {
  constexpr std::int64_t kAtOnce = 500;
  constexpr std::chrono::seconds kLongest{1};
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  const auto has_some = [this] {
    return database_.prepare("SELECT 1 FROM to_index LIMIT 1").step();
  };
  while (has_some() && std::chrono::steady_clock::now() < deadline) {
    Transaction transaction(database_);
    database_
        .prepare(
            "INSERT INTO turn_text (rowid, prompt, output) SELECT id, prompt, output FROM turn "
            "WHERE id IN (SELECT turn FROM to_index ORDER BY turn LIMIT ?)")
        .bind(kAtOnce)
        .run();
    database_
        .prepare(
            "DELETE FROM to_index WHERE turn IN (SELECT turn FROM to_index ORDER BY turn LIMIT ?)")
        .bind(kAtOnce)
        .run();
    transaction.commit();
  }
}

std::vector<Match> Store::search(const std::vector<std::string>& given, const Filter& filter) {
  const std::vector<std::string> words = without_stars(given);
  const std::string query = full_text_query(words);
  const auto needs_reading = [&query](const std::string& word) {
    return query.empty() || count_characters(word) < kShortestIndexed;
  };
  std::vector<Match> matches;
  const auto is_full = [&] {
    return filter.limit >= 0 && matches.size() >= static_cast<std::size_t>(filter.limit);
  };
  // Adds the rows that have every word that the index did not check.
  const auto add = [&](Statement& rows, bool indexed) {
    while (!is_full() && rows.step()) {
      const std::string prompt = rows.text(4);
      const std::string output = rows.text(5);
      const bool has_all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
        return (indexed && !needs_reading(word)) || find_word(prompt, word) != std::string::npos ||
               find_word(output, word) != std::string::npos;
      });
      if (!has_all) continue;
      matches.push_back({{rows.integer(0), rows.integer(1)},
                         rows.integer(2),
                         rows.text(3),
                         excerpt_of(prompt, output, words)});
    }
  };
  const std::string columns =
      "SELECT conversation, number, asked_at, model, turn.prompt, turn.output FROM ";
  const std::string newest_first = "ORDER BY turn.id DESC";
  const auto read = [&](const std::string& turns) {
    Statement rows = database_.prepare(columns + turns + filter_condition + newest_first);
    rows.bind(filter.since, filter.before, std::string_view(filter.model));
    add(rows, false);
  };
  if (query.empty()) {
    read("turn WHERE ");
    return matches;
  }
  try {
    update_index();
  } catch (const Error&) {  // the disk is full, or another program is writing
  }
  // Those that have not ended, and what could not be added.
  read(
      "turn WHERE id IN (SELECT id FROM turn WHERE ended_at IS NULL UNION ALL "
      "SELECT turn FROM to_index) AND ");
  if (is_full()) return matches;
  Statement found =
      database_.prepare(columns + "turn_text JOIN turn ON turn.id = turn_text.rowid WHERE " +
                        filter_condition + "AND turn_text MATCH ?4 ORDER BY turn_text.rowid DESC");
  found.bind(filter.since, filter.before, std::string_view(filter.model), std::string_view(query));
  add(found, true);
  return matches;
}

}  // namespace rellama::history
