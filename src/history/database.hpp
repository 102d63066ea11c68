#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace rellama::history {

/// A statement of SQL with its values. All of it throws Error (internal) where SQLite reports one.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql, const std::filesystem::path& path);

  /// Gives the parameters of the statement their values, from the first on.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }

  /// Goes to the next row; false behind the last one.
  [[nodiscard]] bool step();
  /// Runs a statement that gives no rows, so that it can be bound and run again.
  void run();

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
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A file of SQLite's that is nobody else's: of mode 0600, in a directory of mode 0700, with a
/// write-ahead log. Used by one thread at a time.
class Database {
 public:
  enum class Open {
    existing,  ///< throws Error where there is none
    create,    ///< makes the file and its directory where they are missing
  };

  /// Another process that is writing is waited for, `patience` at most. Throws Error (internal)
  /// where the file cannot be used, with what to do.
  Database(std::filesystem::path path, Open open, std::chrono::milliseconds patience);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  /// Runs statements without values.
  void execute(const char* sql);
  [[nodiscard]] Statement prepare(std::string_view sql) const;
  /// The row that was inserted last.
  [[nodiscard]] std::int64_t last_row() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// Writes that become visible together, or not at all unless `commit` is reached.
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
