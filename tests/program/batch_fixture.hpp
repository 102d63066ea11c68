#pragma once

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "program/program_test.hpp"
#include "rellama/client.hpp"

namespace rellama::test {

/// `rellama batch`, with inputs and outputs in the home directory.
class BatchProgram : public ProgramTest {
 protected:
  /// `rellama batch` with an echoing model.
  [[nodiscard]] Outcome batch(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"batch", "-m", kEcho});
    return rellama(arguments);
  }
  [[nodiscard]] Outcome batch(std::vector<std::string> arguments, const std::string& input) const {
    arguments.insert(arguments.begin(), {"batch", "-m", kEcho});
    return rellama(arguments, input);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return (home_ / name).string(); }

  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(home_ / name, std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
  }

  /// Results by row. Fails if a line is not a result, or a row has two.
  [[nodiscard]] static std::map<std::size_t, nlohmann::json> results_in(const std::string& text) {
    std::map<std::size_t, nlohmann::json> results;
    EXPECT_TRUE(text.empty() || text.ends_with('\n')) << "half a line at the end";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const auto result = nlohmann::json::parse(line, nullptr, false);
      if (!result.is_object()) {
        ADD_FAILURE() << "not a result: " << line;
        continue;
      }
      const auto row = result["row"].get<std::size_t>();
      EXPECT_TRUE(results.emplace(row, result).second) << "row " << row << " is there twice";
    }
    return results;
  }
  [[nodiscard]] std::map<std::size_t, nlohmann::json> results(const std::string& name) const {
    return results_in(read(name));
  }

  /// How many predictions the emulator has started.
  [[nodiscard]] std::size_t predictions() const {
    ClientOptions options;
    options.base_url = emulator_->base_url();
    Client client(ApiToken("r8_test"), options);
    std::size_t count = 0;
    ListOptions list;
    do {
      PredictionPage page = client.list(list);
      count += page.results.size();
      list.cursor = page.next;
    } while (!list.cursor.empty());
    return count;
  }

  /// An input of numbered prompts, of which every seventh is the same.
  [[nodiscard]] std::string numbered_rows(std::size_t count) const {
    std::string rows;
    for (std::size_t row = 1; row <= count; ++row) rows += prompt_of_row(row) + "\n";
    return file("rows.txt", rows);
  }
  [[nodiscard]] static std::string prompt_of_row(std::size_t row) {
    return row % 7 == 0 ? "the same prompt again" : "prompt number " + std::to_string(row) + ".";
  }

  /// Checks that every row has its own answer, once.
  void expect_all_answered(const std::string& output, std::size_t count) const {
    const auto found = results_in(output);
    EXPECT_EQ(found.size(), count);
    for (const auto& [row, result] : found) {
      EXPECT_EQ(result["status"], "succeeded") << result;
      const auto text = result["output"].is_string() ? result["output"].get<std::string>() : "";
      EXPECT_NE(text.find(prompt_of_row(row)), std::string::npos) << result;
    }
  }
};

}  // namespace rellama::test
