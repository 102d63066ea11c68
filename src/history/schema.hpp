#pragma once

#include <span>

#include "history/database.hpp"

namespace rellama::history {

/// The steps to the current schema: each takes a database from one version to the next. Released
/// steps never change; new ones are appended.
[[nodiscard]] std::span<const char* const> schema_steps();

/// Migrates a database to the version of the last step, in one transaction. Throws Error (internal)
/// for a database of a newer rellama or of another program.
void migrate(Database& database, std::span<const char* const> steps = schema_steps());

/// Throws Error (internal) if a database has one of our version numbers, but not our tables, which
/// have the same names in every version.
void check_tables(Database& database);

}  // namespace rellama::history
