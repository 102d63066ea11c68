#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace rellama::bench {

/// A server that runs until this object is destroyed.
class Child {
 public:
  /// Starts a command and reads its output until a line contains `ready`, unless that is
  /// empty. Throws std::runtime_error if it ends before.
  Child(std::vector<std::string> words, const std::string& ready);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The output up to the line that showed it to be ready.
  [[nodiscard]] const std::string& output() const noexcept { return output_; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  std::string output_;
};

}  // namespace rellama::bench
