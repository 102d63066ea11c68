#include "settings/token_source.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "settings/token_file.hpp"

namespace rellama::settings {
namespace {

namespace fs = std::filesystem;

system::Environment with_variable(std::string value) {
  return [value](std::string_view name) -> std::optional<std::string> {
    if (name != "REPLICATE_API_TOKEN") return std::nullopt;
    return value;
  };
}

system::Environment without_variable() {
  return [](std::string_view) { return std::nullopt; };
}

class FindTokenSource : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rellama-source-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    option_ = directory_ / "option";
    stored_ = directory_ / "stored";
    write_token(option_, ApiToken("r8_option"));
    write_token(stored_, ApiToken("r8_stored"));
  }
  void TearDown() override { fs::remove_all(directory_); }

  fs::path directory_;
  fs::path option_;
  fs::path stored_;
};

TEST_F(FindTokenSource, the_option_overrides_everything) {
  const auto source =
      find_token_source({.option = option_, .stored = stored_}, with_variable("r8_variable"));
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->token.reveal(), "r8_option");
  EXPECT_EQ(source->origin, TokenOrigin::option);
  EXPECT_EQ(source->where, option_.string());
}

TEST_F(FindTokenSource, the_variable_overrides_the_stored_token) {
  const auto source = find_token_source({.option = {}, .stored = stored_},  //
                                        with_variable(" r8_variable\n"));
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->token.reveal(), "r8_variable");
  EXPECT_EQ(source->origin, TokenOrigin::environment);
  EXPECT_EQ(source->where, "REPLICATE_API_TOKEN");
}

TEST_F(FindTokenSource, the_command_comes_between_the_variable_and_the_stored_token) {
  const TokenPlaces places{.option = {}, .command = "echo r8_command", .stored = stored_};
  const auto source = find_token_source(places, without_variable());
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->token.reveal(), "r8_command");
  EXPECT_EQ(source->origin, TokenOrigin::command);
  EXPECT_EQ(source->where, "token_command");
  EXPECT_EQ(find_token_source(places, with_variable("r8_v")).value().token.reveal(), "r8_v");
}

TEST_F(FindTokenSource, a_command_that_fails_is_an_error) {
  const TokenPlaces places{.option = {}, .command = "exit 1", .stored = stored_};
  EXPECT_THROW((void)find_token_source(places, without_variable()), Error);
}

TEST_F(FindTokenSource, an_empty_or_blank_variable_counts_as_not_set) {
  for (const char* value : {"", "  \n"}) {
    const auto source = find_token_source({.option = {}, .stored = stored_}, with_variable(value));
    ASSERT_TRUE(source.has_value());
    EXPECT_EQ(source->token.reveal(), "r8_stored");
    EXPECT_EQ(source->origin, TokenOrigin::stored);
    EXPECT_EQ(source->where, stored_.string());
  }
}

TEST_F(FindTokenSource, without_a_home_directory_the_variable_is_enough) {
  const TokenPlaces places{.option = {}, .stored = stored_token_file(std::nullopt)};
  EXPECT_TRUE(find_token_source(places, with_variable("r8_variable")).has_value());
  EXPECT_FALSE(find_token_source(places, without_variable()).has_value());
}

TEST_F(FindTokenSource, finding_no_token_is_not_an_error_yet) {
  const TokenPlaces places{.option = {}, .stored = directory_ / "absent"};
  EXPECT_FALSE(find_token_source(places, without_variable()).has_value());
}

TEST_F(FindTokenSource, an_option_that_names_no_file_is_an_error) {
  const TokenPlaces places{.option = directory_ / "absent", .stored = stored_};
  try {
    (void)find_token_source(places, with_variable("r8_variable"));
    FAIL() << "a token from elsewhere was used";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unauthorized);
    EXPECT_NE(std::string(error.what()).find("absent"), std::string::npos) << error.what();
  }
}

TEST_F(FindTokenSource, an_unsafe_stored_file_does_not_matter_while_the_variable_is_set) {
  fs::permissions(stored_, fs::perms::others_read, fs::perm_options::add);
  const TokenPlaces places{.option = {}, .stored = stored_};
  EXPECT_EQ(find_token_source(places, with_variable("r8_v")).value().token.reveal(), "r8_v");
  EXPECT_THROW((void)find_token_source(places, without_variable()), Error);
}

TEST(StoredTokenFile, it_is_in_the_configuration_directory) {
  EXPECT_EQ(stored_token_file("/home/ann/.config/rellama"), "/home/ann/.config/rellama/token");
}

TEST(MissingToken, the_message_tells_where_to_get_one_and_where_to_put_it) {
  const Error error = missing_token();
  const std::string message = error.what();
  EXPECT_EQ(error.kind(), ErrorKind::unauthorized);
  EXPECT_TRUE(message.starts_with("no API token: ")) << message;
  EXPECT_NE(message.find("https://replicate.com/account/api-tokens"), std::string::npos) << message;
  EXPECT_NE(message.find("set REPLICATE_API_TOKEN or run: rellama auth login"), std::string::npos)
      << message;
}

}  // namespace
}  // namespace rellama::settings
