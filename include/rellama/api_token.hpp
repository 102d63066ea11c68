#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace rellama {

/// A Replicate API token. It has no formatter and no stream operator, so code that would print or
/// log one does not compile. Its memory is overwritten when it goes away.
class ApiToken {
 public:
  /// Throws Error (invalid_input) if `secret` is empty or holds anything but printable ASCII: such
  /// a value could smuggle a line into an HTTP header.
  explicit ApiToken(std::string_view secret);
  ApiToken(const ApiToken&) = default;
  ApiToken(ApiToken&&) noexcept = default;
  ApiToken& operator=(const ApiToken&) = default;
  ApiToken& operator=(ApiToken&&) noexcept = default;
  ~ApiToken();

  /// The secret itself, for the one place that writes the Authorization header and the one that
  /// stores the token in its file.
  [[nodiscard]] std::string_view reveal() const noexcept { return secret_; }

 private:
  std::string secret_;
};

std::ostream& operator<<(std::ostream&, const ApiToken&) = delete;

}  // namespace rellama
