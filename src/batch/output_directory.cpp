#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "batch/digest.hpp"
#include "batch/output.hpp"
#include "files/new_file.hpp"
#include "files/placement.hpp"

namespace rellama::batch {
namespace {

namespace fs = std::filesystem;

constexpr std::array kExtensions{"txt", "json", "error.json"};
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kDigits = 6;

std::string name_of_number(std::size_t row) {
  const std::string digits = std::to_string(row);
  return std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits;
}

// Whether an ID may be taken for the number of another row, or its file for that of another.
bool is_confusing(std::string_view id) {
  return std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isdigit(c) != 0; }) ||
         id.ends_with(".error");
}

// A name that is the ID as far as that is a safe name, and differs if the IDs do: no safe name has
// a tilde.
std::string name_of_row(std::size_t row, std::string_view id) {
  if (id.empty()) return name_of_number(row);
  std::string name(id.substr(0, kLongestName));
  bool is_same = name.size() == id.size() && !is_confusing(id);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool is_dot = name[i] == '.' && i > 0;
    if (std::isalnum(c) != 0 || name[i] == '_' || (name[i] == '-' && i > 0) || is_dot) continue;
    name[i] = '_';
    is_same = false;
  }
  if (!is_same) {
    std::array<char, 20> digits{};
    std::snprintf(digits.data(), digits.size(), "~%016llx",
                  static_cast<unsigned long long>(Digest().add(id).value()));
    name += digits.data();
  }
  return name;
}

class DirectoryTarget final : public ResultOutput {
 public:
  explicit DirectoryTarget(fs::path directory) : directory_(std::move(directory)) {}

  void add(std::size_t row, std::string_view id, std::string_view result) override {
    added_.push_back({row, name_of_row(row, id), std::string(result)});
  }

  // A file is complete or absent, and on the disk before it gets its name.
  void flush() override {
    while (!added_.empty()) {
      const Added& next = added_.front();
      const auto line = next.result.find('\n');
      const std::string extension = next.result.substr(0, line);
      files::NewFile file(directory_);
      file.write(std::string_view(next.result).substr(line + 1));
      (void)file.put_in_place(directory_ / (next.name + "." + extension), files::Overwrite::yes);
      for (const char* other : kExtensions) {
        std::error_code ignored;
        if (extension != other) fs::remove(directory_ / (next.name + "." + other), ignored);
      }
      written_.push_back({.row = next.row, .offset = 0, .size = file.size()});
      added_.erase(added_.begin());
    }
  }

  std::vector<Segment> settle() override { return std::exchange(written_, {}); }
  [[nodiscard]] bool settles_at_once() const noexcept override { return true; }

 private:
  struct Added {
    std::size_t row;
    std::string name;
    std::string result;
  };

  fs::path directory_;
  std::vector<Added> added_;
  std::vector<Segment> written_;
};

}  // namespace

fs::path find_in_the_way(const fs::path& path, Journal& journal) {
  std::set<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    names.insert(entry.path().filename().string());
  }
  fs::path found;
  journal.for_each_row([&](std::size_t row, const std::string& id) {
    for (const char* extension : kExtensions) {
      const std::string name = name_of_row(row, id) + "." + extension;
      if (found.empty() && names.contains(name)) found = path / name;
    }
  });
  return found;
}

std::unique_ptr<ResultOutput> open_output_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw files::cannot_write(path, error.value());
  return std::make_unique<DirectoryTarget>(path);
}

}  // namespace rellama::batch
