#include "commands/batch/batch_paths.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <system_error>

#include "batch/digest.hpp"
#include "rellama/error.hpp"
#include "settings/directories.hpp"

namespace rellama::program {
namespace {

namespace fs = std::filesystem;

constexpr const char* kJournalEnding = ".journal";

fs::path absolute(const std::string& path) {
  return fs::absolute(path).lexically_normal();
}

// `answers-1f3c9a02`: the same for the same file.
std::string name_of_batch(const fs::path& file, const std::string& identity) {
  constexpr std::uint64_t kShort = 0xffffffffU;
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "%08llx",
                static_cast<unsigned long long>(batch::Digest().add(identity).value() & kShort));
  const std::string stem = file.stem().string();
  return (stem.empty() ? "stdin" : stem) + "-" + digits.data();
}

fs::path of_shard(const fs::path& path, const batch::Shard& shard) {
  if (shard.count == 1) return path;
  return path.parent_path() /
         (path.stem().string() + "." + shard.name() + path.extension().string());
}

// The journals of the shards of a batch with this output: `answers.3-of-8.jsonl.journal`.
std::vector<ListedBatch> find_shards(const fs::path& output) {
  std::vector<ListedBatch> shards;
  std::error_code ignored;
  const std::string begin = output.stem().string() + ".";
  const std::string end = output.extension().string() + kJournalEnding;
  for (const auto& entry : fs::directory_iterator(output.parent_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.size() < begin.size() + end.size() || !name.starts_with(begin) ||
        !name.ends_with(end)) {
      continue;
    }
    const std::string middle = name.substr(begin.size(), name.size() - begin.size() - end.size());
    if (!batch::find_shard_named(middle) || !entry.is_regular_file(ignored)) continue;
    shards.push_back(
        {name.substr(0, name.size() - std::string(kJournalEnding).size()), entry.path()});
  }
  std::sort(shards.begin(), shards.end(),
            [](const ListedBatch& a, const ListedBatch& b) { return a.name < b.name; });
  return shards;
}

bool is_directory_path(const std::string& path) {
  std::error_code ignored;
  return path.ends_with('/') || fs::is_directory(path, ignored);
}

}  // namespace

std::optional<fs::path> batch_directory(const Context& context) {
  const auto state = settings::find_directories(context.environment).state;
  if (!state) return std::nullopt;
  return *state / "batch";
}

BatchPaths find_batch_paths(const BatchOptions& options, const batch::Shard& shard,
                            const Context& context) {
  BatchPaths paths;
  if (!options.input.empty() && options.input != "-") paths.input = absolute(options.input);
  std::string identity =
      paths.input.empty() ? "stdin " + fs::current_path().string() : paths.input.string();
  if (options.output.saves) {
    const std::string& given = options.output.save_path;
    if (given.empty()) {
      throw Error(ErrorKind::invalid_input, {.failed = "-O needs the path of a file"});
    }
    if (is_directory_path(given)) {
      paths.target = BatchPaths::Target::directory;
      paths.output = absolute(given);
      if (!paths.output.has_filename()) paths.output = paths.output.parent_path();
      const std::string name = shard.count == 1 ? "batch" : "batch." + shard.name();
      paths.journal = paths.output / (name + kJournalEnding);
    } else {
      paths.target = BatchPaths::Target::file;
      paths.output = of_shard(absolute(given), shard);
      paths.journal = paths.output.string() + kJournalEnding;
    }
    identity = paths.journal.string();
  } else if (shard.count > 1) {
    identity += " " + shard.name();
  }
  const auto directory = batch_directory(context);
  const fs::path& named = paths.output.empty() ? paths.input : paths.output;
  if (directory) paths.listed = *directory / (name_of_batch(named, identity) + kJournalEnding);
  if (paths.journal.empty()) {
    if (!paths.listed) {
      throw Error(ErrorKind::invalid_input, {.failed = "there is no place for the journal",
                                             .why = "there is no home directory",
                                             .remedy = "write the results to a file with -O"});
    }
    paths.journal = *paths.listed;
  }
  return paths;
}

void list_batch(const BatchPaths& paths) {
  if (!paths.listed || *paths.listed == paths.journal) return;
  std::error_code ignored;
  fs::create_directories(paths.listed->parent_path(), ignored);
  fs::permissions(paths.listed->parent_path(), fs::perms::owner_all, ignored);
  fs::remove(*paths.listed, ignored);
  fs::create_symlink(paths.journal, *paths.listed, ignored);
}

std::vector<ListedBatch> listed_batches(const Context& context) {
  std::vector<ListedBatch> batches;
  const auto directory = batch_directory(context);
  if (!directory) return batches;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(*directory, ignored)) {
    if (entry.path().extension() != kJournalEnding) continue;
    fs::path journal = entry.path();
    if (entry.is_symlink(ignored)) journal = fs::read_symlink(entry.path(), ignored);
    if (fs::exists(journal, ignored)) batches.push_back({entry.path().stem().string(), journal});
  }
  std::sort(batches.begin(), batches.end(),
            [](const ListedBatch& a, const ListedBatch& b) { return a.name < b.name; });
  return batches;
}

std::vector<ListedBatch> require_batches(const std::string& name, const Context& context) {
  std::error_code ignored;
  for (const ListedBatch& listed : listed_batches(context)) {
    if (listed.name == name) return {listed};
  }
  const fs::path path = absolute(name);
  for (const fs::path& journal : {path, fs::path(path.string() + kJournalEnding),
                                  path / (std::string("batch") + kJournalEnding)}) {
    if (journal.extension() == kJournalEnding && fs::is_regular_file(journal, ignored)) {
      return {{name, journal}};
    }
  }
  auto shards = fs::is_directory(path, ignored) ? find_shards(path / "batch") : find_shards(path);
  if (!shards.empty()) return shards;
  throw Error(ErrorKind::not_found, {.failed = "there is no batch '" + name + "'",
                                     .remedy = "list them with: rellama batch list"});
}

}  // namespace rellama::program
