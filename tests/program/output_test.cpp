// -O, and outputs that are not text.

#include "program/saving_fixture.hpp"

namespace rellama::test {
namespace {

TEST_F(Saving, files_print_as_one_url_per_line_streamed_or_polled) {
  for (const char* way : {"--raw", "--no-stream"}) {
    const Outcome outcome = rellama({"-m", kPainter, way, "-o", "num_outputs=3", "x"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 3);
    EXPECT_EQ(outcome.out.find("http"), 0U);
    EXPECT_NE(outcome.out.find("/out-0.png\nhttp"), std::string::npos) << outcome.out;
    EXPECT_TRUE(outcome.out.ends_with("/out-2.png\n")) << outcome.out;
  }
}

TEST_F(Saving, the_output_can_be_piped) {
  EXPECT_EQ(shell("rellama -q -m rellama-demo/painter -o num_outputs=2 x | "
                  "while read -r url; do echo \"[${url##*/}]\"; done")
                .out,
            "[out-0.png]\n[out-1.png]\n");
  EXPECT_EQ(shell("rellama -q -m rellama-demo/detector 'two words' | jq -r .word").out,
            "two\nwords\n");
}

TEST_F(Saving, json_has_the_urls_as_a_list_streamed_or_polled) {
  for (const char* way : {"--raw", "--no-stream"}) {
    const auto answer = nlohmann::json::parse(
        rellama({"-m", kPainter, way, "--json", "-o", "num_outputs=2", "x"}).out);
    ASSERT_EQ(answer["output"].size(), 2U);
    EXPECT_TRUE(answer["output"][1].get<std::string>().ends_with("/out-1.png"));
  }
}

TEST_F(Saving, a_url_written_by_a_language_model_is_text) {
  const std::string url = "https://replicate.delivery/x/out-0.png";
  EXPECT_EQ(rellama({"-m", kEcho, url}).out, url + "\n");
  EXPECT_EQ(save({"-m", kEcho, "-q", url}, "answer").exit_code, 0);
  EXPECT_EQ(read("answer"), url + "\n");
}

TEST_F(Saving, text_goes_to_the_file_and_stderr_says_so) {
  const Outcome outcome = save({"-m", kEcho, "Hello"}, "answer.txt");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "rellama: wrote " + path("answer.txt") + " (6 bytes)\n");
  EXPECT_EQ(read("answer.txt"), "Hello\n");
  EXPECT_EQ(names(), Names{"answer.txt"});
  EXPECT_EQ(save({"-q", "-m", kEcho, "Hello"}, "quiet.txt").err, "");
}

TEST_F(Saving, the_file_mode_follows_the_umask) {
  const Outcome outcome = shell("umask 027; rellama -q -m rellama-demo/echo Hi -O ~/answer");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(fs::status(home_ / "answer").permissions(), fs::perms(0640));
}

TEST_F(Saving, a_private_file_that_is_overwritten_stays_private) {
  write("mine", "old");
  fs::permissions(path("mine"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(save({"-m", kEcho, "--force", "Hi"}, "mine").exit_code, 0);
  EXPECT_EQ(read("mine"), "Hi\n");
  EXPECT_EQ(fs::status(path("mine")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Saving, an_answer_at_its_token_limit_warns_and_replaces_no_file) {
  const Outcome printed = rellama({"--max-new-tokens", "5", "Hi"});
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_EQ(
      printed.err,
      "rellama: the answer stopped at its limit of 5 tokens and may be cut short; raise it with "
      "--max-new-tokens\n");
  EXPECT_EQ(rellama({"-q", "--max-new-tokens", "5", "Hi"}).err, "");
  EXPECT_EQ(rellama({"Hi"}).err, "");

  EXPECT_EQ(save({"--max-new-tokens", "5", "Hi"}, "new").exit_code, 0);
  write("mine", "old");
  const Outcome saved = save({"--max-new-tokens", "5", "--force", "Hi"}, "mine");
  EXPECT_EQ(saved.exit_code, 11);
  EXPECT_NE(saved.err.find("mine' is not overwritten: the answer stopped at its limit"),
            std::string::npos)
      << saved.err;
  EXPECT_EQ(read("mine"), "old");
  EXPECT_EQ(read("mine.part"), read("new"));
}

TEST_F(Saving, json_lines_and_json_go_to_the_file_too) {
  EXPECT_EQ(save({"-m", "rellama-demo/detector", "two words"}, "words").exit_code, 0);
  EXPECT_EQ(read("words"), "{\"word\":\"two\",\"at\":0}\n{\"word\":\"words\",\"at\":4}\n");
  EXPECT_EQ(save({"-m", kPainter, "--json", "x"}, "answer.json").exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(read("answer.json"))["status"], "succeeded");
  EXPECT_EQ(file_requests(), 0U);
}

TEST_F(Saving, one_file_is_downloaded_to_the_file) {
  const Outcome outcome = save({"-m", kPainter, "x"}, "llama.png");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "rellama: wrote " + path("llama.png") + " (12420 bytes)\n");
  EXPECT_TRUE(read("llama.png").starts_with("\x89PNG"));
  EXPECT_EQ(save({"-m", "rellama-demo/iconist", "x"}, "icon.png").exit_code, 0);
  EXPECT_TRUE(read("icon.png").starts_with("\x89PNG"));
  EXPECT_EQ(names(), (Names{"icon.png", "llama.png"}));
}

TEST_F(Saving,
       with_several_files_the_output_file_gets_their_urls_and_stderr_says_how_to_download_them) {
  const Outcome outcome = save({"-m", kPainter, "-o", "num_outputs=2", "x"}, "urls");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("rellama predictions show"), std::string::npos) << outcome.err;
  EXPECT_NE(read("urls").find("/out-0.png\nhttp"), std::string::npos);
  EXPECT_EQ(file_requests(), 0U);
}

TEST_F(Saving, files_go_into_a_directory_that_is_created) {
  EXPECT_EQ(save({"-m", kPainter, "-o", "num_outputs=2", "x"}, "new/pictures/").exit_code, 0);
  EXPECT_EQ(names("new/pictures"), (Names{"out-0.png", "out-1.png"}));
  EXPECT_NE(read("new/pictures/out-0.png"), read("new/pictures/out-1.png"));
}

TEST_F(Saving, in_a_directory_taken_names_are_numbered_or_overwritten_with_force) {
  fs::create_directory(home_ / "d");
  write("d/out-0.png", "mine");
  EXPECT_EQ(save({"-m", kPainter, "x"}, "d").exit_code, 0);
  EXPECT_EQ(names("d"), (Names{"out-0.png", "out-0-2.png"}));
  EXPECT_EQ(read("d/out-0.png"), "mine");
  EXPECT_EQ(save({"-m", kPainter, "--force", "x"}, "d").exit_code, 0);
  EXPECT_TRUE(read("d/out-0.png").starts_with("\x89PNG"));
}

TEST_F(Saving, an_answer_without_files_gets_a_name_in_a_directory) {
  EXPECT_EQ(save({"-m", kEcho, "Hello"}, "d/").exit_code, 0);
  EXPECT_EQ(save({"-m", kEcho, "again"}, "d/").exit_code, 0);
  EXPECT_EQ(save({"-m", "rellama-demo/detector", "x"}, "d/").exit_code, 0);
  EXPECT_EQ(save({"-m", kPainter, "--json", "x"}, "d/").exit_code, 0);
  EXPECT_EQ(names("d"),
            (Names{"output.txt", "output-2.txt", "output.jsonl", "output.json", "out-0.png"}));
  EXPECT_EQ(read("d/output-2.txt"), "again\n");
}

TEST_F(Saving, an_unusable_output_path_is_rejected_before_anything_is_sent) {
  write("there", "old");
  fs::create_symlink(home_ / "there", home_ / "link");
  fs::create_symlink(home_ / "nowhere", home_ / "dangling");
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const std::string& bad :
       {path("there"), path("link"), path("dangling"), path("fifo"), path("there/"),
        path("there/x"), path("there/x/"), path("missing/x"), std::string("/dev/full"),
        std::string("/proc/answer"), path(std::string(300, 'x')), std::string()}) {
    const Outcome outcome = rellama({"-m", kEcho, "-O", bad, "Hi"});
    EXPECT_EQ(outcome.exit_code, 2) << bad << ": " << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("cannot save to '" + bad + "'"), std::string::npos) << outcome.err;
  }
  for (const std::vector<std::string>& bad : {std::vector<std::string>{"--force", "Hi"},
                                              {"--max-download", "1k", "Hi"},
                                              {"-O", path("x"), "--max-download", "lots", "Hi"},
                                              {"-O", path("x"), "--dry-run", "Hi"},
                                              {"-O", path("x"), "--max-download", "-1", "Hi"},
                                              {"-O", path("x"), "--detach", "Hi"}}) {
    EXPECT_EQ(rellama(bad).exit_code, 2) << bad.front();
  }
  EXPECT_TRUE(emulator_->requests().empty());
  EXPECT_EQ(read("there"), "old");
  EXPECT_EQ(names(), (Names{"there", "link", "dangling", "fifo"}));
}

TEST_F(Saving, force_overwrites_a_file_or_what_a_link_leads_to) {
  write("there", "old");
  write("precious", "old");
  fs::create_symlink(home_ / "precious", home_ / "link");
  EXPECT_EQ(save({"-m", kEcho, "--force", "new"}, "there").exit_code, 0);
  EXPECT_EQ(read("there"), "new\n");
  EXPECT_EQ(save({"-m", kEcho, "--force", "new"}, "link").exit_code, 0);
  EXPECT_EQ(read("precious"), "new\n");
  EXPECT_TRUE(fs::is_symlink(home_ / "link"));
  EXPECT_EQ(rellama({"-m", kEcho, "--force", "-O", "/dev/null", "new"}).exit_code, 2);
}

TEST_F(Saving, a_file_created_during_the_run_is_not_overwritten) {
  RawServer api;
  api.then([this](RawConnection& connection) {
    connection.read_request();
    write("answer", "somebody else's");
    connection.send(raw_answer(201, R"({"id":"p1","status":"succeeded","output":"mine"})"));
  });
  Launch with = launch({"-m", "deployments/some/one", "-O", path("answer"), "Hi"});
  with.environment["REPLICATE_BASE_URL"] = api.url();
  const Outcome outcome = run(with);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_EQ(read("answer"), "somebody else's");
  EXPECT_EQ(read("answer.part"), "mine\n");
}

TEST_F(Saving, a_failed_run_leaves_a_part_file) {
  start_emulator_with({"predict:failed@5"});
  const Outcome outcome = save({"-q", "-m", "7b", "Why is the sky blue?"}, "answer");
  EXPECT_EQ(outcome.exit_code, 9);
  EXPECT_EQ(read("answer"), "(none)");
  EXPECT_EQ(read("answer.part"), "The sky is blue becaus\n");
  EXPECT_NE(outcome.err.find(path("answer.part") + " (23 bytes)"), std::string::npos)
      << outcome.err;
  EXPECT_EQ(save({"-m", "7b", "Why is the sky blue?"}, "answer").exit_code, 9);
  EXPECT_EQ(names(), (Names{"answer.part", "answer.part-2"}));
}

TEST_F(Saving, the_longest_file_name_leaves_room_for_a_part_file) {
  const std::string name(255, 'x');
  start_emulator_with({"predict:failed@5*1"});
  EXPECT_EQ(save({"-m", "7b", "Hi"}, name).exit_code, 9);
  ASSERT_EQ(names().size(), 1U);
  EXPECT_TRUE(names().begin()->ends_with(".part"));
  EXPECT_EQ(save({"-m", "7b", "Hi"}, name).exit_code, 0);
  EXPECT_TRUE(names().contains(name));
}

TEST_F(Saving, ctrl_c_keeps_what_arrived) {
  start_emulator_with({"stream:stall@5"});
  Launch on_terminal = launch({"-m", "7b", "-O", path("answer"), "Why is the sky blue?"});
  on_terminal.on_terminal = true;
  Process process(on_terminal);
  ASSERT_TRUE(process.read_until("5 tokens"));
  process.send_signal(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(read("answer.part"), "The sky is blue becaus\n") << outcome.err;
  EXPECT_NE(outcome.err.find("answer.part"), std::string::npos);
  EXPECT_EQ(names(), Names{"answer.part"});
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Saving, a_full_disk_ends_the_run_and_cancels_it) {
  // bash counts in blocks of 1 KiB. The signal is ignored, so that the write itself fails.
  const Outcome outcome = shell(
      "trap '' XFSZ; ulimit -f 1; rellama -m rellama-demo/echo -O ~/answer \"$(head -c 5000 "
      "/dev/zero | tr '\\0' x)\"");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_NE(outcome.err.find("free some space"), std::string::npos) << outcome.err;
  EXPECT_EQ(read("answer"), "(none)");
  EXPECT_EQ(cancels(), 1U);
}

TEST_F(Saving, a_file_size_limit_is_an_error_and_not_a_silent_death) {
  const Outcome outcome = shell("ulimit -f 1; rellama -m rellama-demo/painter -O ~/pictures/ x");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_NE(outcome.err.find("free some space"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace rellama::test
