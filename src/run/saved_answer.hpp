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

/// Checks what can be checked of `-O PATH` and its companions before anything is sent; does nothing
/// without -O. Throws Error (invalid_input).
void check_saving(const OutputOptions& options);

/// `-O PATH`: an answer that goes to a file, or whose files go into a directory, instead of to
/// stdout.
class SavedAnswer {
 public:
  /// Makes the directory, and the file that will be the answer. Throws Error (invalid_input) where
  /// that cannot be.
  SavedAnswer(const OutputOptions& options, const Context& context);

  /// What prints the answer into its file: `printer` itself, which was made to write to `out`,
  /// unless the answer is to be downloaded.
  [[nodiscard]] std::unique_ptr<terminal::Printer> wrap(std::unique_ptr<terminal::Printer> printer);
  [[nodiscard]] terminal::OutputStream& out() noexcept { return answer_; }

  /// Puts the answer of a run that is over in its place, or downloads its files. Throws Error; what
  /// there was stays as PATH.part.
  void finish(Backend& backend, const Prediction& prediction, const StopToken& stop);

  /// The run ended early: what there was becomes PATH.part. Throws nothing.
  void keep_part() noexcept;

 private:
  [[nodiscard]] bool downloads(const Prediction& prediction) const;
  void check_whole(const Prediction& prediction) const;
  void put_answer_in_place(const Prediction& prediction);
  void download_all(Backend& backend, const Prediction& prediction, const StopToken& stop);
  void download(Backend& backend, const Prediction& prediction, std::size_t index,
                const StopToken& stop);
  /// Gives a file a name if that is free, or may be overwritten; false if not.
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
  std::set<std::string> names_;  // in the directory, from this run
};

}  // namespace rellama::program
