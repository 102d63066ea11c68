#pragma once

#include <span>

#include "history/database.hpp"

namespace rellama::history {

/// The steps from nothing to the schema of today: each brings a database of the version before it
/// to the next one. What was released once is never changed here, only added to.
[[nodiscard]] std::span<const char* const> schema_steps();

/// Brings a database to the version behind the last of the steps, all in one transaction. Throws
/// Error (internal) for one that a newer rellama wrote, or somebody else.
void migrate(Database& database, std::span<const char* const> steps = schema_steps());

}  // namespace rellama::history
