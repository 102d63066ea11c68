// `rellama config set`, `get` and `unset`.

#include <fstream>
#include <sstream>

#include "program/program_test.hpp"
#include "support/expect_error.hpp"

namespace rellama::test {
namespace {

class ConfigSet : public ProgramTest {
 protected:
  [[nodiscard]] Outcome config(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "config");
    return rellama(std::move(arguments));
  }
  [[nodiscard]] std::filesystem::path path() const { return home_ / ".config/rellama/config.toml"; }
  void write(const std::string& text) const {
    std::filesystem::create_directories(path().parent_path());
    std::ofstream(path()) << text;
  }
  [[nodiscard]] std::string text() const {
    std::ostringstream all;
    all << std::ifstream(path()).rdbuf();
    return all.str();
  }
};

TEST_F(ConfigSet, a_setting_is_set_shown_changed_and_removed) {
  EXPECT_EQ(config({"set", "temperature", "0.2"}).exit_code, 0);
  EXPECT_EQ(text(), "temperature = 0.2\n");
  EXPECT_EQ(config({"set", "model", "13b"}).exit_code, 0);
  EXPECT_EQ(config({"get", "model"}).out, "13b\n");
  EXPECT_EQ(config({"set", "temp", "0.3"}).exit_code, 0);
  EXPECT_EQ(text(), "temperature = 0.3\nmodel = \"13b\"\n");
  EXPECT_EQ(config({"unset", "temperature"}).exit_code, 0);
  EXPECT_EQ(text(), "model = \"13b\"\n");
  EXPECT_EQ(config({"get", "temperature"}).exit_code, 4);
  EXPECT_EQ(config({"unset", "temperature"}).exit_code, 4);
}

TEST_F(ConfigSet, comments_and_other_lines_stay) {
  write(
      "# mine\nmodel = \"7b\" # small\nstop = [\n  \"a\", # one\n  \"b\",\n]\nseed = 1\n\n# for "
      "work\n"
      "[profile.work]\nmodel = \"70b\"\n");
  EXPECT_EQ(config({"set", "stop", "x", "y z"}).exit_code, 0);
  EXPECT_EQ(config({"set", "profile.work.seed", "2"}).exit_code, 0);
  EXPECT_EQ(config({"set", "top_p", "0.5"}).exit_code, 0);
  EXPECT_EQ(config({"set", "history.limit", "7"}).exit_code, 0);
  EXPECT_EQ(text(),
            "# mine\nmodel = \"7b\" # small\nstop = [\"x\", \"y z\"]\nseed = 1\ntop_p = 0.5\n\n"
            "# for work\n[profile.work]\nmodel = \"70b\"\nseed = 2\n\n[history]\nlimit = 7\n");
  EXPECT_EQ(config({"get", "stop"}).out, "x\ny z\n");
  EXPECT_EQ(config({"get", "profile.work.seed"}).out, "2\n");
  EXPECT_EQ(config({"unset", "stop"}).exit_code, 0);
  EXPECT_FALSE(holds(text(), "stop"));
}

TEST_F(ConfigSet, what_is_not_valid_is_refused_and_changes_nothing) {
  write("# mine\nseed = 1\n");
  const std::string token = "r8_" + std::string(37, 'x');
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"set", "temprature", "1"},
                                                                     {"set", "temperature", "hot"},
                                                                     {"set", "timeout", "soon"},
                                                                     {"set", "seed", "1", "2"},
                                                                     {"set", "token", token},
                                                                     {"set", "system", token},
                                                                     {"set", "nowhere.limit", "1"},
                                                                     {"set", "profile.work", "1"},
                                                                     {"set", "seed"},
                                                                     {"get", "nonsense"}}) {
    const Outcome outcome = config(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << nlohmann::json(arguments).dump() << outcome.err;
    EXPECT_FALSE(holds(outcome.err, token));
    EXPECT_EQ(text(), "# mine\nseed = 1\n");
  }
  EXPECT_TRUE(holds(config({"set", "temprature", "1"}).err, "did you mean temperature?"));
}

}  // namespace
}  // namespace rellama::test
