#include "settings/config_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "support/expect_error.hpp"

namespace rellama::settings {
namespace {

using test::holds;

namespace fs = std::filesystem;

std::string parse_refusal(std::string_view text) {
  const Error error = test::error_of([&] { (void)parse_config(text, "/home/ann/config.toml"); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  return error.what();
}

TEST(ConfigFile, tables_are_profiles_and_commands) {
  const ConfigFile file = parse_config(
      "model = \"13b\"\n[profile.work]\nmodel = \"7b\"\n[profile.empty]\n[models]\njson = true\n",
      "config.toml");
  ASSERT_NE(file.top.find("model"), nullptr);
  EXPECT_EQ(file.top.find("model")->values.front(), "13b");
  EXPECT_EQ(file.profiles.at("work").find("model")->line, 3);
  EXPECT_TRUE(file.profiles.contains("empty"));
  EXPECT_NE(file.commands.at("models").find("json"), nullptr);
}

TEST(ConfigFile, underscores_in_keys_are_dashes) {
  const ConfigFile file = parse_config("top_p = 1\n", "config.toml");
  ASSERT_NE(file.top.find("top-p"), nullptr);
  EXPECT_EQ(file.top.find("top-p")->key, "top_p");
  EXPECT_TRUE(
      holds(parse_refusal("top-p = 1\ntop_p = 1\n"), "config.toml:2: 'top_p' is set twice"));
}

TEST(ConfigFile, a_token_is_refused_by_key_and_by_value_and_never_repeated) {
  const std::string token = "r8_" + std::string(37, 'k');
  for (const std::string& text :
       {std::string("token = \"k-k-k\""), std::string("[profile.x]\napi_token = \"k-k-k\""),
        "system = \"" + token + "\"", "token_command = \"echo " + token + "\"",
        "stop = [\"a\", \"" + token + "\"]"}) {
    const std::string refusal = parse_refusal(text);
    EXPECT_TRUE(holds(refusal, "holds an API token")) << refusal;
    EXPECT_TRUE(holds(refusal, "rellama auth login")) << refusal;
    EXPECT_TRUE(holds(refusal, "token_command")) << refusal;
    EXPECT_FALSE(holds(refusal, "k-k-k")) << refusal;
    EXPECT_FALSE(holds(refusal, "kkk")) << refusal;
  }
}

TEST(ConfigFile, mistakes_are_named_with_their_line) {
  EXPECT_TRUE(
      holds(parse_refusal("[profile]\nmodel = \"7b\""), "config.toml:2: [profile] has no name"));
  EXPECT_TRUE(
      holds(parse_refusal("\n[profile.a.b]\nx = 1"), "config.toml:2: unknown table [profile.a.b]"));
  EXPECT_TRUE(holds(parse_refusal("when = 2020-01-01"), "config.toml:1: 'when'"));
}

class FindConfig : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rellama-config-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    path_ = directory_ / "config.toml";
    std::ofstream(path_) << "model = \"7b\"\n";
    ::chmod(path_.c_str(), 0644);
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] std::string refusal() const {
    return test::error_of([this] { (void)find_config(path_); }).what();
  }

  fs::path directory_;
  fs::path path_;
};

TEST_F(FindConfig, a_missing_file_is_not_an_error) {
  EXPECT_TRUE(find_config(path_).has_value());
  EXPECT_FALSE(find_config(directory_ / "absent").has_value());
  EXPECT_FALSE(find_config(path_ / "below_a_file").has_value());
}

TEST_F(FindConfig, a_file_that_others_can_change_is_refused_with_the_command_to_run) {
  for (const mode_t mode : {0646U, 0666U}) {
    ::chmod(path_.c_str(), mode);
    EXPECT_TRUE(holds(refusal(), "other users can change it; run: chmod go-w " + path_.string()));
  }
}

TEST_F(FindConfig, a_file_that_its_group_can_change_is_accepted_unless_it_decides_about_secrets) {
  ::chmod(path_.c_str(), 0664);
  EXPECT_TRUE(find_config(path_)->group_can_write);
  ::chmod(path_.c_str(), 0644);
  EXPECT_FALSE(find_config(path_)->group_can_write);
  for (const char* text : {"token_command = \"x\"", "base_url = \"x\"", "[chat]\nproxy = \"x\"",
                           "[profile.a]\nendpoint = \"x\"", "gateway_header = \"x\""}) {
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), 0664);
    EXPECT_TRUE(holds(refusal(), "other users can change it, and it sets '")) << text;
    ::chmod(path_.c_str(), 0644);
    EXPECT_TRUE(find_config(path_).has_value()) << text;
  }
  std::ofstream(path_) << "max_new_tokens = 5";
  ::chmod(path_.c_str(), 0664);
  EXPECT_TRUE(find_config(path_).has_value());
}

TEST_F(FindConfig, a_file_of_another_user_is_refused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(path_.c_str(), 65534, 65534), 0);
  EXPECT_TRUE(holds(refusal(), "another user owns it"));
}

TEST_F(FindConfig, a_file_that_is_not_regular_is_refused_without_waiting) {
  fs::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_TRUE(holds(refusal(), "not a regular file"));
  fs::remove(path_);
  fs::create_directory(path_);
  EXPECT_TRUE(holds(refusal(), "not a regular file"));
}

}  // namespace
}  // namespace rellama::settings
