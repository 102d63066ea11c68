#pragma once

#include <filesystem>

#include "history/database.hpp"

namespace rellama::batch {

/// Opens the SQLite file of a journal for this process alone, and brings it into the current form.
/// Throws Error: internal if another process has it open or it cannot be used, not_found if it does
/// not exist and should.
[[nodiscard]] history::Database open_journal_file(const std::filesystem::path& path,
                                                  history::Database::Open open);

/// Whether a file system is shared by several machines, as far as its type tells.
[[nodiscard]] bool is_on_shared_file_system(const std::filesystem::path& path);

}  // namespace rellama::batch
