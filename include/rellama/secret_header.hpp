#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace rellama {

/// A header with a secret value that a gateway in front of the API wants, such as
/// `cf-aig-authorization` of Cloudflare's AI Gateway. Like ApiToken, it has no formatter and no
/// stream operator, and its destructor overwrites the value.
class SecretHeader {
 public:
  /// Parses `Name: value`. Throws Error (invalid_input), without the value, if it is no header, or
  /// one that rellama sets itself.
  explicit SecretHeader(std::string_view line);
  SecretHeader(const SecretHeader&) = default;
  SecretHeader(SecretHeader&&) noexcept = default;
  SecretHeader& operator=(const SecretHeader&) = default;
  SecretHeader& operator=(SecretHeader&&) noexcept = default;
  ~SecretHeader();

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The secret value. Only the code that writes the header and the code that hides it need it.
  [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
  /// The value without a scheme such as `Bearer` in front.
  [[nodiscard]] std::string_view reveal_credentials() const noexcept;

 private:
  std::string name_;
  std::string value_;
};

std::ostream& operator<<(std::ostream&, const SecretHeader&) = delete;

}  // namespace rellama
