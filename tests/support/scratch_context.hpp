#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "files/scratch_directory.hpp"
#include "options/context.hpp"
#include "support/buffer_streams.hpp"

namespace rellama::test {

/// A command's context, with a new directory for the program's data and nothing else.
class ScratchContext : public ScratchDirectory {
 protected:
  tests::BufferInput in_;
  tests::BufferOutput out_;
  tests::BufferOutput err_;
  program::Context context_{
      .streams = {in_, out_, err_},
      .environment = [this](std::string_view name) -> std::optional<std::string> {
        if (name == "XDG_DATA_HOME") return directory_.string();
        return std::nullopt;
      }};
};

}  // namespace rellama::test
