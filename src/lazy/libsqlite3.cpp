// The functions of SQLite that the program calls: only what is kept in the history, or read from
// it, loads it.

#include <sqlite3.h>

#include <cstdarg>

#include "lazy/shared_library.hpp"

namespace {

template <class Function>
Function* find(const char* name) {
  static const rellama::lazy::SharedLibrary library(RELLAMA_LIBSQLITE3);
  return library.find<Function>(name);
}

}  // namespace

extern "C" {

// Of its operations only those that take a number and a place for the answer are used.
int sqlite3_db_config(sqlite3* database, int operation, ...) {
  static const auto call = find<decltype(sqlite3_db_config)>("sqlite3_db_config");
  std::va_list arguments;
  va_start(arguments, operation);
  const int value = va_arg(arguments, int);
  int* const answer = va_arg(arguments, int*);
  va_end(arguments);
  return call(database, operation, value, answer);
}

int sqlite3_open_v2(const char* name, sqlite3** database, int flags, const char* system) {
  static const auto call = find<decltype(sqlite3_open_v2)>("sqlite3_open_v2");
  return call(name, database, flags, system);
}

int sqlite3_close_v2(sqlite3* database) {
  static const auto call = find<decltype(sqlite3_close_v2)>("sqlite3_close_v2");
  return call(database);
}

int sqlite3_busy_timeout(sqlite3* database, int milliseconds) {
  static const auto call = find<decltype(sqlite3_busy_timeout)>("sqlite3_busy_timeout");
  return call(database, milliseconds);
}

int sqlite3_exec(sqlite3* database, const char* sql, int (*row)(void*, int, char**, char**),
                 void* user, char** error) {
  static const auto call = find<decltype(sqlite3_exec)>("sqlite3_exec");
  return call(database, sql, row, user, error);
}

const char* sqlite3_errmsg(sqlite3* database) {
  static const auto call = find<decltype(sqlite3_errmsg)>("sqlite3_errmsg");
  return call(database);
}

sqlite3_int64 sqlite3_last_insert_rowid(sqlite3* database) {
  static const auto call = find<decltype(sqlite3_last_insert_rowid)>("sqlite3_last_insert_rowid");
  return call(database);
}

int sqlite3_prepare_v2(sqlite3* database, const char* sql, int size, sqlite3_stmt** statement,
                       const char** rest) {
  static const auto call = find<decltype(sqlite3_prepare_v2)>("sqlite3_prepare_v2");
  return call(database, sql, size, statement, rest);
}

int sqlite3_step(sqlite3_stmt* statement) {
  static const auto call = find<decltype(sqlite3_step)>("sqlite3_step");
  return call(statement);
}

int sqlite3_reset(sqlite3_stmt* statement) {
  static const auto call = find<decltype(sqlite3_reset)>("sqlite3_reset");
  return call(statement);
}

int sqlite3_finalize(sqlite3_stmt* statement) {
  static const auto call = find<decltype(sqlite3_finalize)>("sqlite3_finalize");
  return call(statement);
}

int sqlite3_bind_int64(sqlite3_stmt* statement, int index, sqlite3_int64 value) {
  static const auto call = find<decltype(sqlite3_bind_int64)>("sqlite3_bind_int64");
  return call(statement, index, value);
}

int sqlite3_bind_double(sqlite3_stmt* statement, int index, double value) {
  static const auto call = find<decltype(sqlite3_bind_double)>("sqlite3_bind_double");
  return call(statement, index, value);
}

int sqlite3_bind_null(sqlite3_stmt* statement, int index) {
  static const auto call = find<decltype(sqlite3_bind_null)>("sqlite3_bind_null");
  return call(statement, index);
}

int sqlite3_bind_text64(sqlite3_stmt* statement, int index, const char* text, sqlite3_uint64 size,
                        void (*release)(void*), unsigned char encoding) {
  static const auto call = find<decltype(sqlite3_bind_text64)>("sqlite3_bind_text64");
  return call(statement, index, text, size, release, encoding);
}

int sqlite3_column_type(sqlite3_stmt* statement, int column) {
  static const auto call = find<decltype(sqlite3_column_type)>("sqlite3_column_type");
  return call(statement, column);
}

sqlite3_int64 sqlite3_column_int64(sqlite3_stmt* statement, int column) {
  static const auto call = find<decltype(sqlite3_column_int64)>("sqlite3_column_int64");
  return call(statement, column);
}

double sqlite3_column_double(sqlite3_stmt* statement, int column) {
  static const auto call = find<decltype(sqlite3_column_double)>("sqlite3_column_double");
  return call(statement, column);
}

const unsigned char* sqlite3_column_text(sqlite3_stmt* statement, int column) {
  static const auto call = find<decltype(sqlite3_column_text)>("sqlite3_column_text");
  return call(statement, column);
}

int sqlite3_column_bytes(sqlite3_stmt* statement, int column) {
  static const auto call = find<decltype(sqlite3_column_bytes)>("sqlite3_column_bytes");
  return call(statement, column);
}

}  // extern "C"
