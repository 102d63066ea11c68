// What docs/architecture.md promises of the layout, checked against the sources.

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

// The places that name the standard streams, or write to a stream without making the text safe.
// Everything else calls OutputStream::print.
bool writes_by_itself(std::string line) {
  static const std::regex kString(R"re("([^"\\]|\\.)*"|//.*)re");
  static const std::regex kWrite(
      R"re(\b(out|err|screen|stream|output)_?(\(\))?(\.|->)write\(|\bSTD(OUT|ERR)_FILENO\b|)re"
      R"re(\bstd(out|err)\b|\b(cout|cerr|clog|printf|fprintf|dprintf|puts|fputs|fwrite|perror)\b)re");
  return std::regex_search(std::regex_replace(line, kString, ""), kWrite);
}

TEST(Architecture, nothing_but_the_terminal_room_decides_what_reaches_a_terminal) {
  std::map<std::string, std::string> reasons{
      {"main.cpp", "opens the streams"},
      {"system/out_of_memory.cpp", "writes one fixed line where there is no memory"},
      {"system/child_process.cpp", "gives a child the terminal"},
      {"commands/chat/chat.cpp", "gives the line editor the terminal"},
      {"prompt/compile_catalogue.cpp", "is a program of the build"},
      {"web/compile_page.cpp", "is a program of the build"},
  };
  const auto known = reasons;
  for (const fs::path& file : sources_under(kRoot / "src")) {
    const std::string below = file.lexically_relative(kRoot / "src").generic_string();
    if (below.starts_with("terminal/")) continue;
    std::ifstream source(file);
    int number = 0;
    for (std::string line; std::getline(source, line);) {
      ++number;
      if (!writes_by_itself(line)) continue;
      reasons.erase(below);
      EXPECT_TRUE(known.contains(below))
          << below << ":" << number << " writes to a stream: use OutputStream::print";
    }
  }
  for (const auto& [file, reason] : reasons) {
    ADD_FAILURE() << file << " no longer needs its exception (" << reason << ")";
  }
}

// A number and a plural noun: "1 answers" when the number is one.
TEST(Architecture, whatever_is_counted_is_counted_by_one_function) {
  static const std::regex kLinesJoined(R"re(//.*|"\s*\n\s*")re");
  static const std::regex kCount(R"re(to_string\([^;"]*\)\s*\+\s*" ([a-z]+s)\b)re");
  const std::set<std::string> no_nouns{"is", "was", "has", "ms"};
  for (const fs::path& file : sources_under(kRoot / "src")) {
    const std::string below = file.lexically_relative(kRoot / "src").generic_string();
    if (below == "emulator/replay_service.cpp") continue;  // it may include no other room
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const std::string source = std::regex_replace(text.str(), kLinesJoined, "");
    for (std::sregex_iterator match(source.begin(), source.end(), kCount), end; match != end;
         ++match) {
      EXPECT_TRUE(no_nouns.contains((*match)[1]))
          << below << " has " << match->str() << ": use wire::counted";
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

// A module is a header with the source file of the same name.
std::string module_of(const fs::path& file) {
  return fs::path(file).replace_extension().lexically_relative(kRoot / "src").string();
}

using Graph = std::map<std::string, std::set<std::string>>;

Graph read_modules() {
  Graph graph;
  for (const fs::path& file : sources_under(kRoot / "src")) {
    auto& targets = graph[module_of(file)];
    for (const auto& [line, included] : includes_of(file)) {
      const fs::path target = kRoot / "src" / included;
      if (fs::exists(target) && module_of(target) != module_of(file)) {
        targets.insert(module_of(target));
      }
    }
  }
  return graph;
}

// Everything that can be reached from `module`.
std::set<std::string> reachable_from(const Graph& graph, const std::string& module) {
  std::set<std::string> seen;
  std::vector<std::string> open{module};
  while (!open.empty()) {
    const std::string current = open.back();
    open.pop_back();
    const auto targets = graph.find(current);
    if (targets == graph.end()) continue;
    for (const std::string& target : targets->second) {
      if (seen.insert(target).second) open.push_back(target);
    }
  }
  return seen;
}

TEST(Architecture, no_include_cycle_has_more_than_three_modules) {
  constexpr std::size_t kLongest = 3;
  const Graph graph = read_modules();
  std::map<std::string, std::set<std::string>> reachable;
  for (const auto& [module, targets] : graph) reachable[module] = reachable_from(graph, module);
  for (const auto& [module, targets] : reachable) {
    std::string cycle;
    std::size_t size = 0;
    for (const std::string& other : targets) {
      if (!reachable[other].contains(module)) continue;
      cycle += " " + other;
      ++size;
    }
    EXPECT_LE(size, kLongest) << module << " is in a cycle with" << cycle;
  }
}

std::size_t lines_in(const fs::path& file) {
  std::ifstream source(file);
  std::size_t lines = 0;
  for (std::string line; std::getline(source, line);) ++lines;
  return lines;
}

TEST(Architecture, no_file_has_more_than_400_lines) {
  constexpr std::size_t kLongest = 400;
  for (const char* folder : {"include", "src", "tests", "bench"}) {
    for (const fs::path& file : sources_under(kRoot / folder)) {
      EXPECT_LE(lines_in(file), kLongest) << file.lexically_relative(kRoot);
    }
  }
}

TEST(Architecture, no_room_but_the_emulator_has_more_than_15_percent_of_the_lines) {
  std::map<std::string, std::size_t> rooms;
  std::size_t total = 0;
  for (const char* folder : {"include", "src"}) {
    for (const fs::path& file : sources_under(kRoot / folder)) {
      const std::size_t lines = lines_in(file);
      total += lines;
      rooms[file.lexically_relative(kRoot / folder).begin()->string()] += lines;
    }
  }
  for (const auto& [room, lines] : rooms) {
    if (room == "emulator") continue;
    EXPECT_LE(lines * 100, total * 15) << room << " has " << lines << " of " << total << " lines";
  }
}

}  // namespace
}  // namespace rellama
