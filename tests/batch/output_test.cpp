#include "batch/output.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "batch/batch_files.hpp"
#include "batch/merge.hpp"
#include "batch/result.hpp"
#include "support/buffer_streams.hpp"
#include "support/expect_error.hpp"

namespace rellama::batch {
namespace {

using test::error_of;
using test::holds;

class Outputs : public test::BatchFiles {};

TEST_F(Outputs, what_is_not_settled_is_cut_off_when_the_file_is_continued) {
  OutputFile first = open_output_file(at("out"), {}, {});
  first.output->add(1, "", "one\n");
  first.output->flush();
  const auto segments = first.output->settle();
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].size, 4U);
  const OutputPlace settled{.file = first.place.file, .end = first.output->end()};
  first.output->add(2, "", "two, of whi");
  first.output->flush();
  first.output.reset();
  EXPECT_EQ(read("out"), "one\ntwo, of whi");
  OutputFile second = open_output_file(at("out"), settled, {{2, "two, of which\n"}});
  EXPECT_TRUE(second.found.empty());
  second.output->add(2, "", "two\n");
  second.output->flush();
  EXPECT_EQ(read("out"), "one\ntwo\n");
}

TEST_F(Outputs, a_file_that_lost_results_is_not_continued) {
  write("out", "on");
  const Error error = error_of([&] { (void)open_output_file(at("out"), {"1:1", 4}, {}); });
  EXPECT_TRUE(holds(error.what(), "results are missing"));
  EXPECT_EQ(read("out"), "on");
}

TEST_F(Outputs, what_others_have_appended_stays_and_results_before_it_are_recognized) {
  write("out", "one\ntwo\nnot ours\nfour\nfi");
  const OutputPlace settled{.file = identify_file(at("out")), .end = 4};
  const std::vector<Unsettled> unsettled{{2, "two\n"}, {3, "three\n"}, {4, "four\n"}};
  OutputFile file = open_output_file(at("out"), settled, unsettled);
  ASSERT_EQ(file.found.size(), 2U);
  EXPECT_EQ(file.found[0].row, 2U);
  EXPECT_EQ(file.found[1].row, 4U);
  EXPECT_EQ(file.found[1].offset, 17U);
  file.output->add(3, "", "three\n");
  file.output->flush();
  EXPECT_EQ(read("out"), "one\ntwo\nnot ours\nfour\nfi\nthree\n");
  EXPECT_EQ(file.output->settle().at(0).offset, 25U);
}

TEST_F(Outputs, a_file_that_is_gone_is_not_created_again) {
  const Error error = error_of([&] { (void)open_output_file(at("out"), {"1:1", 4}, {}); });
  EXPECT_TRUE(holds(error.what(), "it is gone"));
  EXPECT_FALSE(std::filesystem::exists(at("out")));
  (void)open_output_file(at("out"), {"1:1", 0}, {});  // nothing was in it
  EXPECT_TRUE(std::filesystem::exists(at("out")));
}

TEST_F(Outputs, another_file_is_left_alone_and_a_copy_is_continued) {
  write("out", "one\nnot ours\n");
  const Error error = error_of([&] { (void)open_output_file(at("out"), {"1:1", 4}, {}); });
  EXPECT_TRUE(holds(error.what(), "another file"));
  EXPECT_EQ(read("out"), "one\nnot ours\n");
  const std::string check = open_output_file(at("out"), {}, {}).output->check();
  write("out", "two\n");
  EXPECT_TRUE(holds(error_of([&] {
                      (void)open_output_file(at("out"), {identify_file(at("out")), 4, check}, {});
                    }).what(),
                    "another file"));
  write("copy", "one\nt");
  EXPECT_EQ(open_output_file(at("copy"), {"1:1", 4}, {{2, "two\n"}}).place.end, 4U);
  EXPECT_EQ(read("copy"), "one\n");
}

TEST_F(Outputs, results_are_appended_after_what_others_append_meanwhile) {
  write("out", "");
  const system::FileDescriptor shared(::open(at("out").c_str(), O_RDWR | O_APPEND));
  OutputFile file = continue_output_file(shared.get(), "out", {}, {});
  write("out", "not ours\n");
  file.output->add(1, "", "one\n");
  file.output->flush();
  EXPECT_EQ(read("out"), "not ours\none\n");
  EXPECT_EQ(file.output->settle().at(0).offset, 9U);
  EXPECT_EQ(file.output->end(), 13U);
}

TEST_F(Outputs, a_file_that_a_shell_has_opened_for_writing_is_recognized_too) {
  write("out", "one\ntwo\nth");
  const system::FileDescriptor shared(::open(at("out").c_str(), O_WRONLY | O_APPEND));
  const OutputPlace settled{.file = identify_file(shared.get()), .end = 4};
  OutputFile file =
      continue_output_file(shared.get(), "out", settled, {{2, "two\n"}, {3, "three\n"}});
  EXPECT_EQ(file.found.size(), 1U);
  EXPECT_EQ(read("out"), "one\ntwo\n");
}

TEST_F(Outputs, a_stream_that_was_redirected_to_another_file_lacks_the_results) {
  write("out", "");
  const system::FileDescriptor shared(::open(at("out").c_str(), O_RDWR));
  EXPECT_TRUE(continue_output_file(shared.get(), "out", {"1:1", 4}, {}).lacks_settled);
  const std::string same = identify_file(shared.get());
  EXPECT_TRUE(continue_output_file(shared.get(), "out", {same, 4}, {}).lacks_settled);
  EXPECT_FALSE(continue_output_file(shared.get(), "out", {}, {}).lacks_settled);
}

TEST_F(Outputs, rows_with_confusing_ids_have_files_of_their_own) {
  const auto output = open_output_directory(at("answers"));
  output->add(1, "", "txt\nfirst\n");
  output->add(2, "000001", "txt\nsecond\n");
  output->add(3, "x", "error.json\n3\n");
  output->add(4, "x.error", "json\n4\n");
  output->add(5, "x", "error.json\n3\n");
  output->flush();
  EXPECT_EQ(read("answers/000001.txt"), "first\n");
  EXPECT_EQ(read("answers/x.error.json"), "3\n");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(at("answers"))) {
    if (entry.is_regular_file()) ++files;
  }
  EXPECT_EQ(files, 4U);
}

TEST_F(Outputs, results_of_rows_that_run_again_are_taken_out_of_the_file) {
  Journal journal(at("a.journal"), Journal::Open::create);
  for (const Record& record : rows_of(Format::lines, "a\nb\nc\n")) (void)journal.add(record);
  write("out", "aa\nbbb\nc\n");
  rewrite_output_file(
      at("out"), {{.row = 1, .offset = 0, .size = 3}, {.row = 3, .offset = 7, .size = 2}}, journal);
  EXPECT_EQ(read("out"), "aa\nc\n");
  EXPECT_EQ(journal.segments()[1].offset, 3U);
  EXPECT_EQ(journal.find_note("output_end"), "5");
}

TEST_F(Outputs, a_directory_has_a_complete_file_for_each_row) {
  const auto output = open_output_directory(at("answers"));
  output->add(7, "", "txt\nHi\n");
  output->add(8, "../a b", "error.json\n{}\n");
  output->flush();
  EXPECT_EQ(read("answers/000007.txt"), "Hi\n");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(at("answers"))) {
    EXPECT_EQ(entry.path().filename().string().find(' '), std::string::npos);
    ++files;
  }
  EXPECT_EQ(files, 2U);
  output->add(8, "../a b", "txt\nnow\n");
  output->flush();
  files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(at("answers"))) {
    EXPECT_NE(entry.path().extension(), ".json");
    ++files;
  }
  EXPECT_EQ(files, 2U);
}

TEST_F(Outputs, results_of_shards_are_merged_in_the_order_of_the_rows) {
  write("1", "{\"id\":null,\"row\":3}\n{\"row\":1}\n");
  write("2", "{\"row\":2}\n{\"row\":5}\n");
  tests::BufferOutput out;
  const Merged merged = merge_results({at("1"), at("2")}, out);
  EXPECT_EQ(out.text(), "{\"row\":1}\n{\"row\":2}\n{\"id\":null,\"row\":3}\n{\"row\":5}\n");
  EXPECT_EQ(merged.rows, 4U);
  EXPECT_EQ(merged.missing, 1U);
  EXPECT_TRUE(holds(error_of([&] {
                      (void)merge_results({at("1"), at("1")}, out);
                    }).what(),
                    "has row 1"));
  write("3", "no result\n");
  EXPECT_TRUE(
      holds(error_of([&] { (void)merge_results({at("3")}, out); }).what(), "is not a result"));
}

TEST_F(Outputs, long_results_are_merged_and_a_row_without_a_number_is_refused) {
  const std::string line =
      "{\"row\":1,\"output\":\"" + std::string(std::size_t{5} << 20, 'x') + "\"}\n";
  write("1", line);
  tests::BufferOutput out;
  EXPECT_EQ(merge_results({at("1")}, out).rows, 1U);
  EXPECT_EQ(out.text(), line);
  write("2", "{\"row\":0}\n");
  EXPECT_TRUE(
      holds(error_of([&] { (void)merge_results({at("2")}, out); }).what(), "is not a result"));
}

RowOutcome answered() {
  RowOutcome outcome{.row = 2, .line = 3, .id = "q", .model = "meta/llama-2-7b-chat"};
  outcome.prediction.id.value = "p1";
  outcome.prediction.status = Status::succeeded;
  outcome.prediction.output.append("Hi");
  outcome.prediction.metrics.text = R"({"input_token_count":5,"output_token_count":2})";
  outcome.prediction.created_at = "2026-01-02T00:00:00Z";
  return outcome;
}

TEST(Results, a_result_has_what_identifies_the_row_and_what_became_of_it) {
  const RowResult result = render_result(ResultForm::jsonl, answered());
  const Json line = Json::parse(result.text);
  EXPECT_EQ(line["id"], "q");
  EXPECT_EQ(line["row"], 2);
  EXPECT_EQ(line["line"], 3);
  EXPECT_EQ(line["status"], "succeeded");
  EXPECT_EQ(line["output"], "Hi");
  EXPECT_EQ(line["prediction"], "p1");
  EXPECT_EQ(line["metrics"]["output_token_count"], 2);
  EXPECT_TRUE(line["error"].is_null());
  EXPECT_EQ(result.output_tokens, 2);
}

TEST(Results, any_text_is_one_line_of_json) {
  RowOutcome outcome = answered();
  outcome.prediction.output = {};
  const std::string text = std::string("a\"b\\c\n\t\x01\x7f \xC3\xA9") + '\0' + "z";
  outcome.prediction.output.append(text);
  outcome.prediction.metrics.text = "{\n\"a\": 1\n}";
  const std::string line = render_result(ResultForm::jsonl, outcome).text;
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_EQ(Json::parse(line)["output"], text);
  EXPECT_EQ(Json::parse(line)["metrics"]["a"], 1);
  outcome.prediction.output.append("\xFF");
  EXPECT_EQ(Json::parse(render_result(ResultForm::jsonl, outcome).text)["output"],
            text + "\xEF\xBF\xBD");
}

TEST(Results, a_failure_has_its_kind_and_no_output) {
  RowOutcome outcome = answered();
  outcome.error = Error(ErrorKind::prediction_failed, {.failed = "the model failed"});
  outcome.prediction.status = Status::failed;
  const Json line = Json::parse(render_result(ResultForm::jsonl, outcome).text);
  EXPECT_EQ(line["error"]["kind"], "prediction_failed");
  EXPECT_TRUE(line["output"].is_null());
  EXPECT_EQ(render_result(ResultForm::text, outcome).text, "");
  const Json openai = Json::parse(render_result(ResultForm::openai, outcome).text);
  EXPECT_EQ(openai["error"]["code"], "prediction_failed");
  EXPECT_TRUE(openai["response"].is_null());
  EXPECT_TRUE(openai["error"]["message"].get<std::string>().starts_with("line 3: "));
  outcome.id.clear();
  EXPECT_TRUE(Json::parse(render_result(ResultForm::openai, outcome).text)["custom_id"].is_null());
}

TEST(Results, a_row_without_an_answer_has_failed_even_if_its_prediction_has_not) {
  RowOutcome outcome = answered();
  outcome.error = Error(ErrorKind::incomplete, {.failed = "the output is gone"});
  const Json line = Json::parse(render_result(ResultForm::jsonl, outcome).text);
  EXPECT_EQ(line["status"], "failed");
  EXPECT_TRUE(line["output"].is_null());
  outcome.prediction.status = Status::canceled;
  EXPECT_EQ(Json::parse(render_result(ResultForm::jsonl, outcome).text)["status"], "canceled");
}

TEST(Results, openais_form_has_a_completion) {
  const Json line = Json::parse(render_result(ResultForm::openai, answered()).text);
  EXPECT_EQ(line["custom_id"], "q");
  const Json& body = line["response"]["body"];
  EXPECT_EQ(body["choices"][0]["message"]["content"], "Hi");
  EXPECT_EQ(body["usage"]["total_tokens"], 7);
  EXPECT_EQ(body["object"], "chat.completion");
  EXPECT_EQ(body["created"], 1767312000);
}

}  // namespace
}  // namespace rellama::batch
