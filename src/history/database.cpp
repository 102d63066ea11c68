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

Error unusable(const DatabaseWords& words, const fs::path& path, std::string why,
               std::string remedy) {
  return Error(ErrorKind::internal,
               {.failed = "cannot use " + std::string(words.name) + " " + path.string(),
                .why = std::move(why),
                .remedy = std::move(remedy)});
}

Error unusable(const DatabaseWords& words, const fs::path& path, std::string why) {
  return unusable(words, path, std::move(why), std::string(words.remedy));
}

// An error of SQLite's by its cause.
DatabaseError unusable(const DatabaseWords& words, const fs::path& path, sqlite3* database) {
  using Cause = DatabaseError::Cause;
  const auto because = [&](std::string why, std::string remedy, Cause cause = Cause::other) {
    return DatabaseError(cause,
                         {.failed = "cannot use " + std::string(words.name) + " " + path.string(),
                          .why = std::move(why),
                          .remedy = std::move(remedy)});
  };
  const std::string otherwise(words.otherwise);
  switch (sqlite3_errcode(database) & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return because(std::string(words.in_use), std::string(words.in_use_remedy), Cause::in_use);
    case SQLITE_FULL: return because("the disk is full", "free some space" + otherwise);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return because("it cannot be written",
                     "make the file and its directory writable" + otherwise);
    case SQLITE_IOERR: return because("reading or writing it failed", "check the disk" + otherwise);
    case SQLITE_NOTADB:
      return because(sqlite3_errmsg(database), std::string(words.remedy), Cause::not_a_database);
    default: return because(sqlite3_errmsg(database), std::string(words.remedy));
  }
}

// An error of the operating system.
Error unusable_file(const DatabaseWords& words, const fs::path& path, int error) {
  const bool is_denied =
      error == EACCES || error == EPERM || error == EROFS || error == ENOENT || error == ENOTDIR;
  return unusable(
      words, path, std::generic_category().message(error),
      (is_denied ? "make " + path.parent_path().string() + " a directory you can write to"
                 : std::string("free some space")) +
          std::string(words.otherwise));
}

void create_private_directory(const fs::path& directory) {
  std::error_code error;
  if (directory.empty() || fs::exists(directory, error)) return;
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
}

// Takes the access of others away. By its path: closing a descriptor of a file that SQLite has open
// would release SQLite's locks on it.
void make_private_file(const fs::path& path, const struct stat& about) {
  const bool is_ours = S_ISREG(about.st_mode) && about.st_uid == ::geteuid();
  if (is_ours && (about.st_mode & kOthers) != 0) {
    ::chmod(path.c_str(), about.st_mode & ~kOthers & 07777U);
  }
}

// SQLite creates its other files with the mode of this one. It is not changed here if there is
// something in it: the file may be another program's.
void create_private_file(const DatabaseWords& words, const fs::path& path) {
  create_private_directory(path.parent_path());
  const system::FileDescriptor created(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (created.is_open()) return;
  if (errno != EEXIST) throw unusable_file(words, path, errno);
  struct stat about {};
  if (::lstat(path.c_str(), &about) == 0 && about.st_size == 0) make_private_file(path, about);
}

// Before SQLite opens it: even reading may write to a database or create files beside it.
void check_file(const DatabaseWords& words, const fs::path& path) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) throw unusable_file(words, path, errno);
  if (S_ISLNK(about.st_mode)) throw unusable(words, path, "it is a symbolic link");
  if (!S_ISREG(about.st_mode)) throw unusable(words, path, "it is not a regular file");
  if (about.st_uid != ::geteuid()) throw unusable(words, path, "it belongs to another user");
}

// SQLite calls this after each commit.
int note_log(void* log_pages, sqlite3* database, const char* /*name*/, int pages) {
  constexpr int kLong = 250;
  *static_cast<int*>(log_pages) = pages;
  if (pages >= kLong) {
    sqlite3_wal_checkpoint_v2(database, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }
  return SQLITE_OK;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql, const fs::path& path,
                     DatabaseWords words)
    : database_(database), path_(path), words_(words) {
  sqlite3_stmt* statement = nullptr;
  check(
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr));
  statement_.reset(statement);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw unusable(words_, path_, database_);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  DatabaseError error = unusable(words_, path_, database_);
  sqlite3_reset(statement_.get());
  throw error;
}

void Statement::run() {
  while (step()) {
  }
  check(sqlite3_reset(statement_.get()));
}

void Statement::reset() {
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

Database::Database(fs::path path, Open open, std::chrono::milliseconds patience,
                   DatabaseWords words)
    : path_(open == Open::in_memory ? ":memory:" : std::move(path)),
      words_(words),
      patience_(patience),
      log_pages_(std::make_unique<int>(0)) {
  if (open == Open::create) create_private_file(words_, path_);
  if (open != Open::in_memory) check_file(words_, path_);
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(open == Open::in_memory ? ":memory:" : path_.c_str(), &database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) {
    if (database == nullptr) throw unusable(words_, path_, "out of memory");
    throw unusable(words_, path_, database);
  }
  sqlite3_busy_timeout(database, static_cast<int>(patience.count()));
  // Do not checkpoint the log: every answer would wait for the disk. Nothing is lost, and the next
  // program that finds it long writes it back.
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, static_cast<int*>(nullptr));
  // As SQLite advises for files that others may have written. (TRUSTED_SCHEMA=0 would forbid our
  // own triggers to use FTS5, up to SQLite 3.40.)
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, static_cast<int*>(nullptr));
  execute(words_.first);
  execute("PRAGMA synchronous=NORMAL; PRAGMA cell_size_check=ON");
  sqlite3_wal_hook(database, note_log, log_pages_.get());
}

void Database::shorten_log() {
  constexpr int kShort = 64;  // pages; a short answer writes 13
  if (*log_pages_ <= kShort) return;
  sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  *log_pages_ = 0;
}

void Database::make_private() const {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const fs::path file = path_.string() + suffix;
    struct stat about {};
    if (::lstat(file.c_str(), &about) == 0) make_private_file(file, about);
  }
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
      throw unusable(words_, path_, database_.get());
    }
    std::this_thread::sleep_for(kPause);
  }
}

Statement Database::prepare(std::string_view sql) const {
  return Statement(database_.get(), sql, path_, words_);
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(database_.get());
}

int Database::changes() const {
  return sqlite3_changes(database_.get());
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
