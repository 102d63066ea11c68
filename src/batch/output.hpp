#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "batch/journal.hpp"
#include "rellama/error.hpp"
#include "terminal/streams.hpp"

namespace rellama::batch {

/// Where results go. A result that was written stays in the journal until it is settled: it
/// survives a crash of the process or the machine.
class ResultOutput {
 public:
  virtual ~ResultOutput() = default;

  /// Adds the result of a row. Buffered until `flush`. Throws Error.
  virtual void add(std::size_t row, std::string_view id, std::string_view result) = 0;
  /// Writes what was added: whole results or none. Throws Error.
  virtual void flush() = 0;
  /// Settles what was written, which may wait for a disk, and returns it. Throws Error.
  [[nodiscard]] virtual std::vector<Segment> settle() = 0;
  /// Whether settling costs nothing, so that it should be done at once.
  [[nodiscard]] virtual bool settles_at_once() const noexcept { return false; }
  /// The end of what is settled, to continue from; see `open_output_file`.
  [[nodiscard]] virtual std::uint64_t end() const noexcept { return 0; }
  /// A digest of what is before that end, by which the file is recognized.
  [[nodiscard]] virtual std::string check() const { return {}; }
};

/// A pipe or a terminal. What it has received cannot be taken back.
[[nodiscard]] std::unique_ptr<ResultOutput> open_stream_output(terminal::OutputStream& out);

/// What `open_output_file` continues.
struct OutputPlace {
  std::string file;        ///< identifies the file, not its name
  std::uint64_t end = 0;   ///< of what is settled
  std::string check = {};  ///< of what is before it; empty: unknown
};

/// A result that may have been written after what is settled.
struct Unsettled {
  std::size_t row = 0;
  std::string result;
};

/// A regular file with one result after another.
struct OutputFile {
  std::unique_ptr<ResultOutput> output;
  OutputPlace place;
  std::vector<Segment> found = {};  ///< the unsettled results that it already has
  bool lacks_settled = false;       ///< whether the settled results are not in it
};

/// Opens the file at `path`, which is created if it is missing. Part of an unsettled result at its
/// end is cut off. What others have appended stays. Throws Error: invalid_input if the settled part
/// is not there, or it is another file.
[[nodiscard]] OutputFile open_output_file(const std::filesystem::path& path,
                                          const OutputPlace& settled,
                                          const std::vector<Unsettled>& unsettled);

/// The same with an open descriptor, such as that of standard output. A file that is not the one
/// settled is continued at its end.
[[nodiscard]] OutputFile continue_output_file(int fd, const std::string& name,
                                              const OutputPlace& settled,
                                              const std::vector<Unsettled>& unsettled);

/// What identifies a file, whatever its name; empty if there is none.
[[nodiscard]] std::string identify_file(const std::filesystem::path& path);
[[nodiscard]] std::string identify_file(int fd);
/// Its size; 0 if that is unknown.
[[nodiscard]] std::uint64_t size_of_file(int fd);

/// The error for an output that a batch cannot continue.
[[nodiscard]] Error output_was_changed(const std::string& name, std::string why);

/// A directory with a file for each row, named by its ID or its number. The first line of a result
/// is the file's extension. Files of the same row with another extension are removed.
[[nodiscard]] std::unique_ptr<ResultOutput> open_output_directory(
    const std::filesystem::path& path);

/// A file in the directory at `path` that one of the rows would overwrite; empty if there is none.
[[nodiscard]] std::filesystem::path find_in_the_way(const std::filesystem::path& path,
                                                    Journal& journal);

/// Rewrites a file without the results that the journal no longer has as written, in the order of
/// the journal's segments, and records their new places.
void rewrite_output_file(const std::filesystem::path& path, std::vector<Segment> segments,
                         Journal& journal);

}  // namespace rellama::batch
