#pragma once

namespace rellama::lazy {

/// A shared library that is loaded when one of its functions is first called. It stays loaded.
class SharedLibrary {
 public:
  /// Throws rellama::Error (internal) if the system has no library of that name.
  explicit SharedLibrary(const char* name);

  /// A function by its name and type. Throws rellama::Error (internal) if there is none.
  template <class Function>
  [[nodiscard]] Function* find(const char* name) const {
    return reinterpret_cast<Function*>(find_address(name));
  }

 private:
  [[nodiscard]] void* find_address(const char* name) const;

  const char* name_;
  void* handle_;
};

}  // namespace rellama::lazy
