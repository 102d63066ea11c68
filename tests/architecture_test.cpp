// The table in docs/architecture.md and the #include lines say the same.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace rellama {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = RELLAMA_SOURCE_DIR;

// Room to the rooms it may include, from the table whose head is "| room | may include |".
std::map<std::string, std::set<std::string>> read_table() {
  std::map<std::string, std::set<std::string>> table;
  std::ifstream page(kRoot / "docs" / "architecture.md");
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "| room | may include |") {
      inside = true;
    } else if (inside && !line.starts_with('|')) {
      break;
    } else if (inside && !line.starts_with("|---")) {
      std::istringstream words(std::regex_replace(line, std::regex("[|,]"), " "));
      std::string room;
      words >> room;
      auto& allowed = table[room];
      for (std::string word; words >> word;) allowed.insert(word);
    }
  }
  return table;
}

std::vector<std::pair<int, std::string>> includes_of(const fs::path& file) {
  static const std::regex kInclude(R"re(\s*#include\s+["<]([^">]+)[">].*)re");
  std::vector<std::pair<int, std::string>> includes;
  std::ifstream source(file);
  int number = 0;
  for (std::string line; std::getline(source, line);) {
    ++number;
    std::smatch match;
    if (std::regex_match(line, match, kInclude)) includes.emplace_back(number, match[1]);
  }
  return includes;
}

std::vector<fs::path> sources_under(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp") files.push_back(entry.path());
  }
  return files;
}

TEST(Architecture, the_table_and_the_includes_between_rooms_agree) {
  const auto table = read_table();
  ASSERT_FALSE(table.empty());
  auto unused = table;
  for (const fs::path& file : sources_under(kRoot / "src")) {
    const fs::path below = file.lexically_relative(kRoot / "src");
    const std::string room = below.has_parent_path() ? below.begin()->string() : "main";
    ASSERT_TRUE(table.contains(room))
        << below.string() << ": " << room << " is missing in docs/architecture.md";
    for (const auto& [line, included] : includes_of(file)) {
      EXPECT_FALSE(included.starts_with('.'))
          << below.string() << ":" << line << ": " << included << " hides which room it is from";
      const std::string target = included.substr(0, included.find('/'));
      if (target == room || !table.contains(target)) continue;
      EXPECT_TRUE(table.at(room).contains(target))
          << below.string() << ":" << line << ": " << room << " may not include " << target;
      unused.at(room).erase(target);
    }
  }
  for (const auto& [room, targets] : unused) {
    for (const std::string& target : targets) {
      ADD_FAILURE() << "docs/architecture.md lets " << room << " include " << target
                    << ", which nothing in it does";
    }
  }
}

TEST(Architecture, public_headers_need_the_standard_library_only) {
  for (const fs::path& file : sources_under(kRoot / "include" / "rellama")) {
    for (const auto& [line, included] : includes_of(file)) {
      const bool is_ours = included.starts_with("rellama/");
      const bool is_standard = included.find_first_of("/.") == std::string::npos;
      EXPECT_TRUE(is_ours || is_standard) << file.filename() << ":" << line << ": " << included;
    }
  }
}

}  // namespace
}  // namespace rellama
