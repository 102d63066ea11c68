#include "history/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"

namespace rellama::history {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

Error unusable(const fs::path& path, std::string why,
               std::string remedy = "move it away to start a new one, or use --no-log") {
  return Error(ErrorKind::internal, {.failed = "cannot use the history " + path.string(),
                                     .why = std::move(why),
                                     .remedy = std::move(remedy)});
}

// An error of SQLite's by its cause.
Error unusable(const fs::path& path, sqlite3* database) {
  switch (sqlite3_errcode(database) & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return unusable(path, "another program has locked it", "end that program, or use --no-log");
    case SQLITE_FULL: return unusable(path, "the disk is full", "free some space, or use --no-log");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return unusable(path, "it cannot be written",
                      "make the file and its directory writable, or use --no-log");
    case SQLITE_IOERR:
      return unusable(path, "reading or writing it failed", "check the disk, or use --no-log");
    default: return unusable(path, std::string(sqlite3_errmsg(database)));
  }
}

// An error of the operating system.
Error unusable_file(const fs::path& path, int error) {
  const bool is_denied =
      error == EACCES || error == EPERM || error == EROFS || error == ENOENT || error == ENOTDIR;
  return unusable(path, std::generic_category().message(error),
                  is_denied ? "make " + path.parent_path().string() +
                                  " a directory you can write to, or use --no-log"
                            : "free some space, or use --no-log");
}

// SQLite creates its other files with the mode of this one.
void make_private_file(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path.parent_path(), error)) {
    fs::create_directories(path.parent_path(), error);
    if (!error) fs::permissions(path.parent_path(), fs::perms::owner_all, error);
  }
  const system::FileDescriptor file(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600));
  if (!file.is_open()) throw unusable_file(path, errno);
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) throw unusable_file(path, errno);
  if (!S_ISREG(about.st_mode)) throw unusable(path, "it is not a regular file");
  if ((about.st_mode & kOthers) != 0) ::fchmod(file.get(), about.st_mode & ~kOthers & 07777U);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql, const fs::path& path)
    : database_(database), path_(path) {
  sqlite3_stmt* statement = nullptr;
  check(
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr));
  statement_.reset(statement);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw unusable(path_, database_);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Error error = unusable(path_, database_);
  sqlite3_reset(statement_.get());
  throw error;
}

void Statement::run() {
  while (step()) {
  }
  check(sqlite3_reset(statement_.get()));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

std::optional<std::int64_t> Statement::find_integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

std::optional<double> Statement::find_number(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_double(statement_.get(), column);
}

void Statement::bind_one(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::bind_one(int index, double value) {
  check(sqlite3_bind_double(statement_.get(), index, value));
}

void Statement::bind_one(int index, std::string_view value) {
  // SQLite reads a null pointer as NULL, whatever the size.
  const char* text = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text64(statement_.get(), index, text, value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
}

void Statement::bind_null(int index) {
  check(sqlite3_bind_null(statement_.get(), index));
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Database::Database(fs::path path, Open open, std::chrono::milliseconds patience)
    : path_(std::move(path)), patience_(patience) {
  if (open == Open::create) make_private_file(path_);
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) {
    throw database != nullptr ? unusable(path_, database) : unusable(path_, "out of memory");
  }
  sqlite3_busy_timeout(database, static_cast<int>(patience.count()));
  // Do not checkpoint the log: every answer would wait for the disk. Nothing is lost, and whoever
  // next finds it long writes it back.
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, static_cast<int*>(nullptr));
  execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=250");
}

// SQLite waits for other programs by itself, except when it switches a new database to its
// write-ahead log: then it fails at once.
void Database::execute(const char* sql) {
  constexpr std::chrono::milliseconds kPause{2};
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  while (true) {
    const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return;
    if (code != SQLITE_BUSY || std::chrono::steady_clock::now() >= deadline) {
      throw unusable(path_, database_.get());
    }
    std::this_thread::sleep_for(kPause);
  }
}

Statement Database::prepare(std::string_view sql) const {
  return Statement(database_.get(), sql, path_);
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(database_.get());
}

// IMMEDIATE: a transaction that reads first could fail when it wants to write.
Transaction::Transaction(Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (committed_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const Error&) {  // SQLite may have rolled back already
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  committed_ = true;
}

}  // namespace rellama::history
