#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "files/new_file.hpp"
#include "options/context.hpp"
#include "options/output_options.hpp"
#include "rellama/backend.hpp"
#include "terminal/printer.hpp"

namespace rellama::program {

/// Checks `-O PATH` and the options that go with it before anything is sent. Does nothing without
/// -O. Throws Error (invalid_input).
void check_saving(const OutputOptions& options);

/// `-O PATH`: saves an answer to a file, or its files to a directory, instead of printing it.
class SavedAnswer {
 public:
  /// Creates the directory and a temporary file for the answer. Throws Error (invalid_input) if
  /// that fails.
  SavedAnswer(const OutputOptions& options, const Context& context);

  /// Adapts `printer`, which must write to `out`, so that it does not print an answer that will be
  /// downloaded.
  [[nodiscard]] std::unique_ptr<terminal::Printer> wrap(std::unique_ptr<terminal::Printer> printer);
  [[nodiscard]] terminal::OutputStream& out() noexcept { return answer_; }

  /// Moves the answer of a finished run to its path, or downloads its files. Throws Error; the
  /// partial answer is then kept as PATH.part.
  void finish(Backend& backend, const Prediction& prediction, const StopToken& stop);

  /// Keeps the partial answer of a run that was cut short as PATH.part.
  void keep_part() noexcept;

 private:
  [[nodiscard]] bool downloads(const Prediction& prediction) const;
  void check_whole(const Prediction& prediction) const;
  void put_answer_in_place(const Prediction& prediction);
  void download_all(Backend& backend, const Prediction& prediction, const StopToken& stop);
  void download(Backend& backend, const Prediction& prediction, std::size_t index,
                const StopToken& stop);
  /// Moves a file to a path that is free or may be overwritten; returns false if it is neither.
  using Put = std::function<bool(const std::filesystem::path&)>;
  std::filesystem::path put_in_directory(const std::string& name, const Put& put);
  void tell_written(const std::filesystem::path& path, std::uint64_t bytes) const;

  const OutputOptions& options_;
  const Context& context_;
  const std::filesystem::path path_;
  const bool is_directory_;
  const files::Overwrite overwrite_;
  files::NewFile answer_;
  bool answer_in_place_ = false;
  std::set<std::string> names_;  // already used in the directory by this run
};

}  // namespace rellama::program
