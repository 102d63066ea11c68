#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "markdown/tree.hpp"

namespace rellama::markdown {

/// Reads the delimiter row under the head of a table, which aligns its columns: `|:--|--:|`. Empty
/// if the row is not one, or has no pipe.
[[nodiscard]] std::vector<Alignment> read_delimiter_row(std::string_view row);

/// Splits a table row into its cells, without the pipes and the blanks around them.
[[nodiscard]] std::vector<std::string> cells_of_row(std::string_view row);

/// Whether a line that begins like this may be the head of a table without a pipe in front: a word,
/// or several with capitals. Prose is shown word by word, so nothing longer is waited for.
[[nodiscard]] bool may_be_first_cell(std::string_view begin);

}  // namespace rellama::markdown
