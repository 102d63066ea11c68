// What may take forever, or all memory: files without an end, FIFOs, commands, hostile numbers.

#include <csignal>
#include <fstream>
#include <thread>

#include "program/config_fixture.hpp"
#include "program/saving_fixture.hpp"

namespace rellama::test {
namespace {

class Bounds : public ConfigFixture {
 protected:
  [[nodiscard]] std::string fifo(const std::string& name = "fifo") const {
    const std::string path = (home_ / name).string();
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return path;
  }
};

TEST_F(Bounds, a_file_without_an_end_is_refused_wherever_text_is_read) {
  using Arguments = std::vector<std::string>;
  for (const Arguments& arguments :
       {Arguments{"-f", "/dev/zero", "hi"}, Arguments{"-s", "@/dev/zero", "hi"},
        Arguments{"-o", "x=@/dev/zero", "hi"},
        Arguments{"-t", "translate", "-p", "to=@/dev/zero", "hi"},
        Arguments{"compare", "--sweep", "system-prompt=a,@/dev/zero", "hi"}}) {
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << arguments[0] << ": " << outcome.err;
    EXPECT_TRUE(holds(outcome.err, "larger than 64 MiB")) << outcome.err;
  }
  const Outcome chat = rellama({"chat"}, "/file /dev/zero\n/set x=@/dev/zero\n");
  EXPECT_TRUE(holds(chat.err, "larger than 64 MiB")) << chat.err;
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Bounds, the_time_limit_applies_to_a_fifo_without_a_writer) {
  const std::string path = fifo();
  using Arguments = std::vector<std::string>;
  for (Arguments arguments :
       {Arguments{"-f", path}, Arguments{"-s", "@" + path}, Arguments{"-o", "x=@" + path},
        Arguments{"-t", "translate", "-p", "to=@" + path}, Arguments{"--log-file", path},
        Arguments{"compare", "-f", path}}) {
    arguments.insert(arguments.end(), {"--timeout", "0.2", "hi"});
    const Outcome outcome = rellama(arguments);
    EXPECT_EQ(outcome.exit_code, 124) << arguments[0] << ": " << outcome.err;
    EXPECT_TRUE(holds(outcome.err, "timed out")) << outcome.err;
  }
  ASSERT_EQ(
      ::mkfifo((std::filesystem::path(configure("x", "")).parent_path() / "models.json").c_str(),
               0600),
      0);
  EXPECT_NE(rellama({"--timeout", "0.2", "hi"}).exit_code, 0);
  EXPECT_EQ(creates(), 0U);
}

TEST_F(Bounds, signals_end_waiting_for_a_fifo) {
  const std::string path = fifo();
  for (const int signal : {SIGINT, SIGTERM}) {
    Process program(launch({"-f", path, "hi"}));
    const std::ofstream writer(path);  // opens once the program reads
    program.send_signal(signal);
    EXPECT_EQ(program.wait().exit_code, 128 + signal);
  }
}

TEST_F(Bounds, a_file_in_a_script_that_never_comes_ends_the_script) {
  const std::string path = fifo();
  const Outcome outcome =
      rellama({"chat", "-m", kEcho, "--timeout", "0.5"}, "/file " + path + "\n/usage\n");
  EXPECT_EQ(outcome.exit_code, 124);
  EXPECT_TRUE(holds(outcome.err, "timed out")) << outcome.err;
  EXPECT_FALSE(holds(outcome.err, "0 answers")) << outcome.err;
}

TEST_F(Bounds, a_fifo_is_read_to_its_end) {
  const std::string path = fifo();
  std::thread writer([&path] { std::ofstream(path) << "from the fifo"; });
  EXPECT_EQ(rellama({"-m", kEcho, "-f", path}).out, "from the fifo\n");
  writer.join();
}

TEST_F(Bounds, a_parameter_from_a_process_substitution_is_read_once) {
  configure("templates/say.toml", "prompt = \"say {{what}}\"\n");
  const Outcome outcome =
      shell(std::string("rellama -m ") + kEcho + " -t say -p what=@<(printf hello)");
  EXPECT_EQ(outcome.out, "say hello\n") << outcome.err;
}

TEST_F(Bounds, the_token_command_ends_with_the_run) {
  configure("token_command = \"sleep 600\"\n");
  const Outcome outcome =
      with({{"REPLICATE_API_TOKEN", ""}}, {"--timeout", "0.2", "-m", kEcho, "hi"});
  EXPECT_EQ(outcome.exit_code, 124) << outcome.err;
}

TEST_F(Bounds, a_number_that_would_be_misread_is_refused_with_its_place) {
  const auto refusal = [](const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    return outcome.err;
  };
  EXPECT_TRUE(
      holds(refusal(rellama({"--seed", "99999999999999999999", "hi"})),
            "--seed 99999999999999999999 cannot be used: '99999999999999999999' is out of range"));
  EXPECT_TRUE(holds(refusal(rellama({"--temperature", "", "hi"})),
                    "--temperature \"\" cannot be used: it takes a number"));
  EXPECT_TRUE(holds(refusal(rellama({"--timeout", "", "hi"})),
                    "--timeout \"\" cannot be used: \"\" is not a duration"));
  EXPECT_TRUE(holds(refusal(rellama({"-O", "x", "--max-download", "1e3", "hi"})),
                    "--max-download 1e3 cannot be used: \"1e3\" is not a size"));
  EXPECT_TRUE(holds(refusal(with({{"RELLAMA_TOP_K", "0x10"}}, {"hi"})), "RELLAMA_TOP_K=0x10"));
  configure("retries = 101\n");
  EXPECT_TRUE(holds(refusal(rellama({"hi"})), "config.toml:1: retries = 101"));
  configure("");
  EXPECT_EQ(rellama({"--max-new-tokens", "0100", "hi"}).exit_code, 0);
  EXPECT_EQ(last_create()["input"]["max_tokens"], 100);
  EXPECT_EQ(with({{"RELLAMA_SEED", "08"}}, {"hi"}).exit_code, 0);
  EXPECT_EQ(last_create()["input"]["seed"], 8);
}

TEST_F(Bounds, a_configuration_that_its_group_can_change_is_used_with_a_warning) {
  const std::string path = configure("model = \"" + std::string(kEcho) + "\"\n");
  ::chmod(path.c_str(), 0664);
  const Outcome outcome = rellama({"hi"});
  EXPECT_EQ(outcome.out, "hi\n") << outcome.err;
  EXPECT_TRUE(
      holds(outcome.err, "warning: other users can change " + path + "; run: chmod go-w " + path));
  EXPECT_EQ(rellama({"-q", "hi"}).err, "");
  const std::string secret = configure("token_command = \"echo r8_test\"\n");
  ::chmod(secret.c_str(), 0664);
  EXPECT_EQ(rellama({"hi"}).exit_code, 2);
}

class SavingThroughLinks : public Saving {};

TEST_F(SavingThroughLinks, force_overwrites_what_a_link_leads_to) {
  fs::create_directory(home_ / "dot");
  write("dot/answer", "old");
  fs::create_symlink("dot/answer", home_ / "answer");
  EXPECT_EQ(save({"-m", kEcho, "new"}, "answer").exit_code, 2);
  EXPECT_EQ(save({"-m", kEcho, "--force", "new"}, "answer").exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(home_ / "answer"));
  EXPECT_EQ(read("dot/answer"), "new\n");
}

TEST_F(SavingThroughLinks, a_dash_or_the_device_is_stdout) {
  for (const char* name : {"-", "/dev/stdout", "/dev/fd/1"}) {
    const Outcome outcome = rellama({"-m", kEcho, "-O", name, "hi"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "hi\n") << name;
  }
  const Outcome chat = rellama({"chat", "-m", kEcho, "-q"}, "hello\n/save -\n");
  EXPECT_TRUE(holds(chat.out, "hello\n")) << chat.out;
  EXPECT_NE(chat.out.find("hello", chat.out.find("hello") + 5), std::string::npos) << chat.out;
  EXPECT_FALSE(fs::exists("-"));
}

}  // namespace
}  // namespace rellama::test
