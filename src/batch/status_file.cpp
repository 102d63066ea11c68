#include "batch/status_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "system/file_descriptor.hpp"
#include "wire/json_document.hpp"

namespace rellama::batch {
namespace {

constexpr std::chrono::seconds kBetween{1};

std::filesystem::path status_path(const std::filesystem::path& journal) {
  return journal.string() + kStatusSuffix;
}

std::string render_status_line(const RunningStatus& status) {
  const auto& counts = status.counts;
  return wire::render_json(Json{{"input", status.input},
                                {"output", status.output},
                                {"started_at", status.started_at},
                                {"rows", counts.rows},
                                {"answered", counts.answered},
                                {"failed", counts.failed},
                                {"running", counts.running}}) +
         "\n";
}

}  // namespace

StatusFile::StatusFile(const std::filesystem::path& journal, RunningStatus about)
    : path_(status_path(journal)), status_(std::move(about)) {
  write();
}

StatusFile::~StatusFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void remove_status(const std::filesystem::path& journal) {
  std::error_code ignored;
  std::filesystem::remove(status_path(journal), ignored);
}

void StatusFile::show(const Counts& counts, Clock::time_point now) {
  if (now < next_) return;
  next_ = now + kBetween;
  status_.counts = counts;
  write();
}

// In one piece, so that a reader sees all of it.
void StatusFile::write() const {
  std::string line = render_status_line(status_);
  const system::FileDescriptor file(
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) return;
  const ssize_t size = ::pwrite(file.get(), line.data(), line.size(), 0);
  if (size > 0) {
    [[maybe_unused]] const int cut = ::ftruncate(file.get(), size);
  }
}

std::optional<RunningStatus> find_running_status(const std::filesystem::path& journal) {
  const system::FileDescriptor file(
      ::open(status_path(journal).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return std::nullopt;
  std::array<char, 16 * 1024> text{};  // two paths and numbers
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size <= 0) return std::nullopt;
  const Json json =
      Json::parse(text.data(), text.data() + size, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  try {
    return RunningStatus{.input = json.value("input", ""),
                         .output = json.value("output", ""),
                         .started_at = json.value("started_at", WallTime{0}),
                         .counts = {.rows = json.value("rows", std::size_t{0}),
                                    .answered = json.value("answered", std::size_t{0}),
                                    .failed = json.value("failed", std::size_t{0}),
                                    .running = json.value("running", std::size_t{0})}};
  } catch (const nlohmann::json::exception&) {  // another program wrote it
    return std::nullopt;
  }
}

}  // namespace rellama::batch
