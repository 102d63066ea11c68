#include "run/saved_answer.hpp"

#include <cerrno>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

#include "files/file_name.hpp"
#include "files/part_file.hpp"
#include "rellama/error.hpp"
#include "rellama/outcome.hpp"
#include "system/symbolic_link.hpp"
#include "terminal/visible_text.hpp"
#include "wire/counted.hpp"

namespace rellama::program {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNumber = 10'000;

[[noreturn]] void refuse(const std::string& path, const std::string& why,
                         const std::string& remedy) {
  throw Error(ErrorKind::invalid_input,
              {.failed = "cannot save to '" + path + "'", .why = why, .remedy = remedy});
}

bool names_directory(const std::string& path) {
  std::error_code error;
  return path.ends_with('/') || fs::is_directory(path, error);
}

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// The directory to write in. Creates the one that -O names if it does not exist.
fs::path make_directory(const std::string& path, bool is_directory) {
  if (!is_directory) return parent_of(path);
  std::error_code error;
  fs::create_directories(path, error);
  if (error) refuse(path, error.message(), "choose another directory");
  return path;
}

// A directory that cannot be written is reported before anything is sent, as invalid input.
fs::path make_writable_directory(const std::string& path, bool is_directory) {
  fs::path directory = make_directory(path, is_directory);
  try {
    const files::NewFile probe(directory);
  } catch (const Error& error) {
    refuse(path, error.parts().why, "choose a directory that exists and is writable");
  }
  return directory;
}

// With --force, the file that a symbolic link leads to is overwritten, and the link stays.
fs::path checked_path(const OutputOptions& options) {
  check_saving(options);
  return options.force ? system::follow_links(options.save_path) : fs::path(options.save_path);
}

/// Passes everything to a printer except an answer that is downloaded instead.
class ProgressOnly final : public terminal::Printer {
 public:
  ProgressOnly(std::unique_ptr<terminal::Printer> printer,
               std::function<bool(const Prediction&)> downloads)
      : printer_(std::move(printer)), downloads_(std::move(downloads)) {}

  void created(const Prediction& prediction) override { printer_->created(prediction); }
  void status_changed(Status status) override { printer_->status_changed(status); }
  void output(std::string_view text) override { printer_->output(text); }
  void flush() override { printer_->flush(); }
  void done(const Prediction& prediction) override {
    if (!downloads_(prediction)) printer_->done(prediction);
  }
  void fail(const Error& error) override { printer_->fail(error); }

 private:
  std::unique_ptr<terminal::Printer> printer_;
  std::function<bool(const Prediction&)> downloads_;
};

// The file name for an answer saved in a directory.
std::string name_of_answer(AnswerFormat format, const Output& output) {
  switch (format) {
    case AnswerFormat::json: return "output.json";
    case AnswerFormat::jsonl: return "output.jsonl";
    case AnswerFormat::text: break;
  }
  if (output.json().empty()) return "output.txt";
  return output.json().starts_with('[') ? "output.jsonl" : "output.json";
}

}  // namespace

void check_saving(const OutputOptions& options) {
  const std::string& path = options.save_path;
  if (!options.saves) return;
  if (path.empty()) refuse(path, "the path is empty", "name a file, or a directory ending in /");
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (!fs::status_known(status)) refuse(path, error.message(), "choose another name");
  if (names_directory(path)) {
    if (fs::exists(path, error) && !fs::is_directory(path, error)) {
      refuse(path, "not a directory", "leave out the final /");
    }
    return;
  }
  if (!fs::exists(status)) return;
  if (!fs::is_regular_file(status) && !fs::is_symlink(status)) {
    refuse(path, "not a regular file", "redirect stdout with > instead");
  }
  if (!options.force) refuse(path, "the file exists", "use --force to overwrite it");
}

SavedAnswer::SavedAnswer(const OutputOptions& options, const Context& context)
    : options_(options),
      context_(context),
      path_(checked_path(options)),
      is_directory_(names_directory(options.save_path)),
      overwrite_(options.force ? files::Overwrite::yes : files::Overwrite::no),
      answer_(make_writable_directory(path_.string(), is_directory_)) {}

std::unique_ptr<terminal::Printer> SavedAnswer::wrap(std::unique_ptr<terminal::Printer> printer) {
  if (options_.format() != AnswerFormat::text) return printer;
  return std::make_unique<ProgressOnly>(
      std::move(printer), [this](const Prediction& prediction) { return downloads(prediction); });
}

// A single file is downloaded to PATH itself, unless JSON was asked for.
bool SavedAnswer::downloads(const Prediction& prediction) const {
  const std::size_t count = prediction.output.files().size();
  if (prediction.status != Status::succeeded || count == 0) return false;
  return is_directory_ || (count == 1 && options_.format() == AnswerFormat::text);
}

void SavedAnswer::finish(Backend& backend, const Prediction& prediction, const StopToken& stop) {
  if (prediction.status != Status::succeeded) {
    keep_part();
    return;
  }
  if (prediction.data_removed && prediction.output.empty()) return;
  const bool has_files = downloads(prediction);
  if (!has_files) check_whole(prediction);
  if (!has_files || options_.format() != AnswerFormat::text) put_answer_in_place(prediction);
  if (has_files) {
    download_all(backend, prediction, stop);
  } else if (prediction.output.files().size() > 1 && !options_.quiet &&
             options_.format() == AnswerFormat::text) {
    tell(context_, "rellama: saved the URLs of " +
                       wire::counted(prediction.output.files().size(), "file") +
                       "; to download them: rellama predictions show " + prediction.id.value +
                       " -O DIRECTORY/\n");
  }
}

// Do not replace an existing file with an answer that may be incomplete.
void SavedAnswer::check_whole(const Prediction& prediction) const {
  const auto limit = find_token_limit_reached(prediction);
  std::error_code error;
  const bool takes_place = options_.format() == AnswerFormat::text && !is_directory_ &&
                           overwrite_ == files::Overwrite::yes && fs::exists(path_, error);
  if (!limit || !takes_place) return;
  throw Error(ErrorKind::incomplete,
              {.failed = "'" + path_.string() + "' is not overwritten",
               .why = "the answer stopped at its limit of " + wire::counted(*limit, "token") +
                      " and may be cut short",
               .remedy = "raise it with --max-new-tokens",
               .prediction_id = prediction.id.value});
}

void SavedAnswer::put_answer_in_place(const Prediction& prediction) {
  const auto put = [this](const fs::path& to) { return answer_.put_in_place(to, overwrite_); };
  fs::path to = path_;
  if (is_directory_) {
    to = put_in_directory(name_of_answer(options_.format(), prediction.output), put);
  } else if (!put(to)) {
    throw Error(ErrorKind::internal, {.failed = "cannot save to '" + path_.string() + "'",
                                      .why = "another program has created it in the meantime",
                                      .remedy = "check it, or use --force to overwrite it",
                                      .prediction_id = prediction.id.value});
  }
  answer_in_place_ = true;
  tell_written(to, answer_.size());
}

// Uses `name`, or the first numbered variant that is free. Two files of one run never overwrite
// each other.
fs::path SavedAnswer::put_in_directory(const std::string& name, const Put& put) {
  for (std::size_t number = 1; number <= kMaxNumber; ++number) {
    const std::string candidate = files::numbered(name, number);
    if (names_.contains(candidate) || !put(path_ / candidate)) continue;
    names_.insert(candidate);
    return path_ / candidate;
  }
  throw files::cannot_write(path_ / name, EEXIST);
}

// A failed download does not stop the others. Throws the first error.
void SavedAnswer::download_all(Backend& backend, const Prediction& prediction,
                               const StopToken& stop) {
  std::optional<Error> first;
  for (std::size_t i = 0; i < prediction.output.files().size(); ++i) {
    try {
      download(backend, prediction, i, stop);
    } catch (const Error& error) {
      if (stop.reason()) throw;
      if (first) tell(context_, "rellama: " + terminal::one_line(error.what()) + "\n");
      if (!first) first = error;
    }
  }
  if (first) throw *first;
}

void SavedAnswer::download(Backend& backend, const Prediction& prediction, std::size_t index,
                           const StopToken& stop) {
  const std::string& url = prediction.output.files()[index];
  const std::string name = files::file_name_of(url, index + 1);
  files::PartFile part(is_directory_ ? path_ / name : path_, url);
  const auto put = [&](const fs::path& to) { return part.put_in_place(to, overwrite_); };
  try {
    backend.download(
        url, part,
        {.max_bytes = options_.max_download, .offset = part.size(), .validator = part.validator()},
        stop);
    fs::path to = path_;
    if (is_directory_) {
      to = put_in_directory(files::with_extension(name, part.head().content_type), put);
    } else if (!put(to)) {
      throw Error(ErrorKind::internal, {.failed = "cannot save to '" + path_.string() + "'",
                                        .why = "another program has created it in the meantime",
                                        .remedy = "check it, or use --force to overwrite it"});
    }
    tell_written(to, part.size());
  } catch (const Error&) {
    if (part.can_resume()) {
      tell(context_, "rellama: " + terminal::one_line(part.path().string()) + " has the first " +
                         wire::counted(part.size(), "byte") +
                         "; to resume: rellama predictions show " + prediction.id.value + " -O " +
                         terminal::one_line(path_.string()) + "\n");
    }
    throw;
  }
}

void SavedAnswer::keep_part() noexcept {
  if (answer_in_place_ || answer_.size() == 0) return;
  try {
    const fs::path path = is_directory_ ? path_ / "output" : path_;
    for (std::size_t number = 1; number <= kMaxNumber; ++number) {
      const fs::path part = files::part_path(path, number);
      if (!answer_.put_in_place(part, files::Overwrite::no)) continue;
      answer_in_place_ = true;
      tell(context_, "rellama: partial answer saved in " + terminal::one_line(part.string()) +
                         " (" + wire::counted(answer_.size(), "byte") + ")\n");
      return;
    }
  } catch (const Error& error) {
    tell(context_, "rellama: " + terminal::one_line(error.what()) + "\n");
  }
}

void SavedAnswer::tell_written(const fs::path& path, std::uint64_t bytes) const {
  if (options_.quiet) return;
  tell(context_, "rellama: wrote " + terminal::one_line(path.string()) + " (" +
                     wire::counted(bytes, "byte") + ")\n");
}

}  // namespace rellama::program
