#include "batch/journal.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch/batch_files.hpp"
#include "support/expect_error.hpp"

namespace rellama::batch {
namespace {

using test::error_of;
using test::holds;

class Journals : public test::BatchFiles {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return at("a.journal"); }

  /// A journal with a row for each prompt.
  [[nodiscard]] std::unique_ptr<Journal> make(const std::string& lines) const {
    auto journal = std::make_unique<Journal>(path(), Journal::Open::create);
    for (const Record& record : rows_of(Format::lines, lines)) (void)journal->add(record);
    journal->commit();
    return journal;
  }
  [[nodiscard]] std::unique_ptr<Journal> reopen() const {
    return std::make_unique<Journal>(path(), Journal::Open::existing);
  }
};

TEST_F(Journals, what_was_recorded_is_there_after_the_process_was_killed) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto journal = make("a\nb\nc\nd\n");
    journal->record_sends({1, 2, 3});
    journal->record_created(2, {"p2"});
    journal->record_created(3, {"p3"});
    journal->record_end(3, {.answered = true, .prediction = "p3", .text = "answer\n"});
    journal->commit();
    journal->record_end(2, {.answered = true, .text = "not committed"});
    ::_exit(0);  // nothing is closed
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  const auto journal = reopen();
  EXPECT_EQ(journal->find(1)->state, RowState::sending);
  EXPECT_GT(journal->find(1)->sent_at, 0);
  EXPECT_EQ(journal->find(2)->state, RowState::created);
  EXPECT_EQ(journal->find(2)->prediction, "p2");
  EXPECT_EQ(journal->find(3)->state, RowState::answered);
  EXPECT_EQ(journal->result_of(3), "answer\n");
  EXPECT_EQ(journal->unwritten(), std::vector<std::size_t>{3});
  EXPECT_EQ(journal->find(4)->state, RowState::planned);
  EXPECT_EQ(journal->under_way().size(), 2U);
  EXPECT_TRUE(journal->knows("p3"));
  EXPECT_FALSE(journal->knows("p1"));
}

TEST_F(Journals, a_second_process_is_refused_while_the_first_runs) {
  const auto journal = make("a\n");
  int result[2];
  ASSERT_EQ(::pipe(result), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::string message = "none";
    try {
      (void)reopen();
    } catch (const Error& error) {
      message = error.what();
    }
    (void)!::write(result[1], message.data(), message.size());
    ::_exit(0);
  }
  std::string message(1000, '\0');
  message.resize(static_cast<std::size_t>(::read(result[0], message.data(), message.size())));
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(holds(message, "another rellama batch is running"));
}

TEST_F(Journals, only_its_owner_can_read_it) {
  const auto journal = make("a\n");
  struct stat about {};
  ASSERT_EQ(::stat(path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(Journals, needs_no_memory_that_processes_share) {
  (void)make("a\n").reset();
  const auto journal = reopen();
  journal->record_sends({1});
  EXPECT_EQ(names(), (std::set<std::string>{"a.journal", "a.journal-wal", "input"}));
}

TEST_F(Journals, one_file_is_left_when_it_is_closed) {
  make("a\n").reset();
  EXPECT_EQ(names(), (std::set<std::string>{"a.journal", "input"}));
}

TEST_F(Journals, two_rows_with_one_id_are_noticed) {
  Journal journal(path(), Journal::Open::create);
  const auto rows =
      rows_of(Format::jsonl, "{\"id\":\"x\"}\n{\"id\":\"y\"}\n{\"id\":\"x\"}\n{}\n{}\n");
  EXPECT_FALSE(journal.add(rows[0]));
  EXPECT_FALSE(journal.add(rows[1]));
  EXPECT_EQ(journal.add(rows[2])->place.row, 1U);
  EXPECT_FALSE(journal.add(rows[3]));
  EXPECT_FALSE(journal.add(rows[4]));
}

TEST_F(Journals, failed_rows_can_be_tried_again_and_their_predictions_are_not_taken_for_new_ones) {
  const auto journal = make("a\nb\nc\n");
  journal->record_end(1, {.answered = true, .prediction = "p1", .text = "1\n"});
  journal->record_end(2, {.kind = "prediction_failed", .prediction = "p2", .text = "2\n"});
  journal->record_end(3, {.kind = "may_have_started", .text = "3\n"});
  journal->record_written({{.row = 1, .offset = 0, .size = 2},
                           {.row = 2, .offset = 2, .size = 2},
                           {.row = 3, .offset = 4, .size = 2}});
  EXPECT_EQ(journal->totals().failed, 2);
  EXPECT_EQ(journal->retry_failed(), 2);
  EXPECT_EQ(journal->find(2)->state, RowState::planned);
  EXPECT_EQ(journal->find(3)->state, RowState::sending);
  EXPECT_TRUE(journal->knows("p2"));
  const auto segments = journal->segments();
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].row, 1U);
}

TEST_F(Journals, kept_results_can_be_written_again) {
  const auto journal = make("a\nb\n");
  journal->keep_results();
  journal->record_end(1, {.answered = true, .prediction = "p1", .text = "1\n"});
  journal->record_written({{.row = 1, .offset = 0, .size = 2}});
  EXPECT_TRUE(journal->unwritten().empty());
  EXPECT_TRUE(journal->write_again());
  EXPECT_EQ(journal->unwritten(), std::vector<std::size_t>{1});
  EXPECT_EQ(journal->result_of(1), "1\n");
}

TEST_F(Journals, results_that_were_not_kept_are_missed) {
  const auto journal = make("a\n");
  journal->record_end(1, {.answered = true, .prediction = "p1", .text = "1\n"});
  journal->record_written({{.row = 1, .offset = 0, .size = 2}});
  EXPECT_FALSE(journal->write_again());
}

TEST_F(Journals, another_programs_file_is_left_alone) {
  write("a.journal", "not a database, but some text that is long enough for a header of one....");
  EXPECT_TRUE(holds(error_of([&] { (void)reopen(); }).what(), "another program's file"));
  EXPECT_TRUE(read("a.journal").starts_with("not a database"));
}

}  // namespace
}  // namespace rellama::batch
