#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace rellama {

/// A Replicate API token. It has no formatter and no stream operator, so code that prints or logs
/// one does not compile. The destructor overwrites its memory.
class ApiToken {
 public:
  /// Throws Error (invalid_input) if `secret` is empty or contains anything but printable ASCII
  /// without spaces: such a value could inject a line into an HTTP header.
  explicit ApiToken(std::string_view secret);
  ApiToken(const ApiToken&) = default;
  ApiToken(ApiToken&&) noexcept = default;
  ApiToken& operator=(const ApiToken&) = default;
  ApiToken& operator=(ApiToken&&) noexcept = default;
  ~ApiToken();

  /// The secret itself. Only the code that writes the Authorization header and the code that stores
  /// the token in its file need it.
  [[nodiscard]] std::string_view reveal() const noexcept { return secret_; }

 private:
  std::string secret_;
};

std::ostream& operator<<(std::ostream&, const ApiToken&) = delete;

}  // namespace rellama
