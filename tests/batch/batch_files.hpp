#pragma once

#include <fcntl.h>

#include <string>
#include <vector>

#include "batch/record_reader.hpp"
#include "files/scratch_directory.hpp"
#include "system/file_descriptor.hpp"

namespace rellama::test {

/// Inputs of batches, in files.
class BatchFiles : public ScratchDirectory {
 protected:
  [[nodiscard]] system::FileDescriptor open(const std::string& name) const {
    return system::FileDescriptor(::open(at(name).c_str(), O_RDONLY | O_CLOEXEC));
  }

  /// All rows of an input.
  [[nodiscard]] std::vector<batch::Record> rows_of(batch::Format format,
                                                   const std::string& content) const {
    write("input", content);
    const auto file = open("input");
    batch::RecordReader reader(file.get(), "input", format);
    std::vector<batch::Record> rows;
    batch::Record record;
    while (reader.next(record)) rows.push_back(record);
    return rows;
  }
};

}  // namespace rellama::test
