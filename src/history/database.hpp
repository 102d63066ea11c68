#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rellama/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace rellama::history {

/// How messages speak of a database, and how it is opened. The texts must be literals.
struct DatabaseWords {
  std::string_view name = "the history";
  std::string_view remedy = "move it away to start a new one, or use --no-log";
  std::string_view otherwise = ", or use --no-log";  ///< follows the remedy of a known cause
  std::string_view in_use = "another program has locked it";
  std::string_view in_use_remedy = "end that program, or use --no-log";
  const char* first = "";  ///< statements to run before any other
};

/// What SQLite has reported.
class DatabaseError : public Error {
 public:
  enum class Cause { in_use, not_a_database, other };

  DatabaseError(Cause cause, ErrorParts parts)
      : Error(ErrorKind::internal, std::move(parts)), cause_(cause) {}
  [[nodiscard]] Cause cause() const noexcept { return cause_; }

 private:
  Cause cause_;
};

/// An SQL statement with its values. All members throw DatabaseError if SQLite reports an error.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql, const std::filesystem::path& path,
            DatabaseWords words);

  /// Binds values to the parameters, from the first on.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }

  /// Goes to the next row. False after the last one.
  [[nodiscard]] bool step();
  /// Runs a statement that returns no rows, and resets it to be bound and run again.
  void run();
  /// Makes it ready to be bound and stepped again.
  void reset();

  // The columns of the row, from 0.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::optional<std::int64_t> find_integer(int column) const;
  [[nodiscard]] std::optional<double> find_number(int column) const;

 private:
  void bind_one(int index, std::int64_t value);
  void bind_one(int index, double value);
  void bind_one(int index, std::string_view value);
  void bind_null(int index);
  template <typename Value>
  void bind_one(int index, const std::optional<Value>& value) {
    if (value) {
      bind_one(index, *value);
    } else {
      bind_null(index);
    }
  }
  void check(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* database_;
  std::filesystem::path path_;
  DatabaseWords words_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A private SQLite file: mode 0600, in a directory of mode 0700, with a write-ahead log. To be
/// used by one thread at a time.
class Database {
 public:
  enum class Open {
    existing,   ///< throws Error if there is none
    create,     ///< creates the file and its directory if missing
    in_memory,  ///< an empty one without a file
  };

  /// Waits up to `patience` for another process that is writing. Throws Error (internal) with a
  /// remedy if the file cannot be used.
  Database(std::filesystem::path path, Open open, std::chrono::milliseconds patience,
           DatabaseWords words = {});

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  /// Takes the access of others to the files away. Only for a file that is known to be ours.
  void make_private() const;
  /// Runs statements without parameters.
  void execute(const char* sql);
  [[nodiscard]] Statement prepare(std::string_view sql) const;
  /// Writes the log back into the file if it is longer than a few answers: a program that opens the
  /// file when no other has it open reads all of the log. Waits for the disk, but for no program.
  void shorten_log();
  /// The ID of the row inserted last.
  [[nodiscard]] std::int64_t last_row() const;
  /// The number of rows that the last statement changed.
  [[nodiscard]] int changes() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::filesystem::path path_;
  DatabaseWords words_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<int> log_pages_;  // where SQLite's hook writes to
  std::unique_ptr<sqlite3, Close> database_;
};

/// Makes writes visible together on `commit`, and undoes them without it.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Database& database_;
  bool committed_ = false;
};

}  // namespace rellama::history
