#include "batch/journal_file.hpp"

#ifdef __linux__
#include <sys/vfs.h>
#else
#include <sys/mount.h>
#endif

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "rellama/error.hpp"

namespace rellama::batch {
namespace {

namespace fs = std::filesystem;
using history::Database;

constexpr history::DatabaseWords kJournalWords{
    .name = "the journal",
    .remedy = "free some space, check its permissions, and use --resume",
    .otherwise = ", and use --resume",
    .in_use = "another rellama batch is running with it",
    .in_use_remedy = "wait for it, or stop it",
    // Before the write-ahead log is looked at: it then needs no memory that processes share.
    .first = "PRAGMA locking_mode=EXCLUSIVE"};

// A process that was just killed may hold its lock for a moment.
constexpr std::chrono::milliseconds kJournalPatience{500};

constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kApplication = 0x524c4d42;  // "RLMB"

// Times are milliseconds since 1970. `at` and `size` say where a result is in the output; `result`
// has it until it is settled there. `spent` has predictions of rows that were sent again: they must
// not be taken for what the second request started.
constexpr const char* kSchema = R"sql(
CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE spent (prediction TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE row (
  number INTEGER PRIMARY KEY,
  id TEXT UNIQUE,
  offset INTEGER NOT NULL,
  line INTEGER NOT NULL,
  digest INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER NOT NULL DEFAULT 0,
  prediction TEXT,
  canceled INTEGER NOT NULL DEFAULT 0,
  kind TEXT,
  result TEXT,
  at INTEGER,
  size INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  seconds REAL
);
CREATE INDEX row_prediction ON row (prediction) WHERE prediction IS NOT NULL;
)sql";

Error not_a_journal(const fs::path& path, std::string why) {
  return Error(ErrorKind::internal, {.failed = "cannot use the journal " + path.string(),
                                     .why = std::move(why),
                                     .remedy = "move it away"});
}

std::int64_t number_of(const Database& database, const char* sql) {
  history::Statement statement = database.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

// Where a file system belongs to many machines there is a rollback journal.
void take_lock(Database& database) {
  database.execute(is_on_shared_file_system(database.path())
                       ? "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL"
                       : "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=1000");
  database.execute("BEGIN EXCLUSIVE; COMMIT");
}

void check_form(Database& database) {
  const std::int64_t version = number_of(database, "PRAGMA user_version");
  if (version == 0 && number_of(database, "SELECT count(*) FROM sqlite_schema") == 0) {
    history::Transaction transaction(database);
    database.execute(kSchema);
    database.execute(("PRAGMA user_version=" + std::to_string(kVersion) +
                      "; PRAGMA application_id=" + std::to_string(kApplication))
                         .c_str());
    transaction.commit();
    return;
  }
  if (number_of(database, "PRAGMA application_id") != kApplication) {
    throw not_a_journal(database.path(), "it is another program's file");
  }
  if (version != kVersion) {
    throw not_a_journal(database.path(), "another version of rellama wrote it");
  }
}

}  // namespace

Database open_journal_file(const fs::path& path, Database::Open open) {
  if (open == Database::Open::existing && !fs::exists(path)) {
    throw Error(ErrorKind::not_found, {.failed = "there is no journal " + path.string(),
                                       .remedy = "leave out --resume to start"});
  }
  try {
    Database database(path, open, kJournalPatience, kJournalWords);
    take_lock(database);
    check_form(database);
    return database;
  } catch (const history::DatabaseError& error) {
    if (error.cause() == history::DatabaseError::Cause::not_a_database) {
      throw not_a_journal(path, "it is another program's file");
    }
    throw;
  }
}

bool is_on_shared_file_system(const fs::path& path) {
#ifdef __linux__
  // From statfs(2) and the headers of the file systems.
  constexpr std::array<std::uint32_t, 12> kShared{
      0x6969,      // NFS
      0x517B,      // SMB
      0xFF534D42,  // CIFS
      0xFE534D42,  // SMB 2
      0x0BD00BD0,  // Lustre
      0x47504653,  // GPFS
      0x19830326,  // BeeGFS
      0x00C36400,  // Ceph
      0x01161970,  // GFS2
      0x7461636F,  // OCFS2
      0x65735546,  // FUSE
      0x01021997,  // 9P
  };
  struct statfs about {};
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (::statfs(directory.c_str(), &about) != 0) return false;
  return std::find(kShared.begin(), kShared.end(), static_cast<std::uint32_t>(about.f_type)) !=
         kShared.end();
#else
  struct statfs about {};
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  return ::statfs(directory.c_str(), &about) == 0 && (about.f_flags & MNT_LOCAL) == 0;
#endif
}

}  // namespace rellama::batch
