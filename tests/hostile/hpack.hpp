#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rellama::test {

/// Header names and values.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Reads the header blocks of one HTTP/2 connection (RFC 7541), as far as a server needs them that
/// only asks for method, path and what has no row in the static table.
class HpackReader {
 public:
  /// The fields of a block. Those of the static table have no name, unless they are method or path.
  [[nodiscard]] Fields read(std::string_view block);

 private:
  std::size_t read_number(int prefix_bits);
  std::string read_string();
  [[nodiscard]] std::pair<std::string, std::string> indexed(std::size_t index) const;

  std::string_view rest_;
  // Never shortened: what the client has dropped from its table, it does not refer to.
  std::deque<std::pair<std::string, std::string>> recent_;
};

/// A header block of fields that no table remembers.
[[nodiscard]] std::string render_fields(const Fields& fields);

}  // namespace rellama::test
