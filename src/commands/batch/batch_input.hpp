#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "batch/input_file.hpp"
#include "batch/row_request.hpp"
#include "commands/batch/batch_options.hpp"
#include "options/context.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// The input of a batch, open, and what its rows have in common.
struct BatchInput {
  batch::InputFile file;
  batch::RowDefaults defaults;
};

/// Opens the file at `path`, or copies standard input (if `path` is empty) or a pipe to `copy`. On
/// a resume, standard input may be empty: the earlier copy is used. Throws Error (invalid_input).
[[nodiscard]] BatchInput open_batch_input(const BatchOptions& options,
                                          const std::filesystem::path& path, batch::InputCopy& copy,
                                          const Context& context, const StopToken& stop);

/// What decides the answers besides the rows, as a JSON object of names and values: two runs of a
/// batch must have the same. `columns`: the header of CSV. Inputs in
/// `secrets` are described only by name.
[[nodiscard]] std::string describe_batch(const BatchOptions& options,
                                         const batch::RowDefaults& defaults,
                                         const std::string& base_url, const std::string& shard,
                                         const std::vector<std::string>& columns,
                                         const std::vector<std::string>& secrets);

/// Throws Error (invalid_input) that shows the differences between two such descriptions, if there
/// are any.
void refuse_other_batch(const std::string& before, const std::string& now);

}  // namespace rellama::program
