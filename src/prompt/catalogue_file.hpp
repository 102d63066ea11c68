#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/catalogue.hpp"

namespace rellama::prompt {

/// A catalogue file read at run time: the table and the data it points to.
class UsersCatalogue {
 public:
  /// Parses JSON in the format of `catalogue.json`, in which every section is optional. It may
  /// refer to the builds and parameters of `base`. Throws Error (invalid_input) that locates the
  /// first mistake.
  UsersCatalogue(std::string_view json, const CatalogueTable& base);
  UsersCatalogue(const UsersCatalogue&) = delete;
  UsersCatalogue& operator=(const UsersCatalogue&) = delete;

  [[nodiscard]] const CatalogueTable& table() const noexcept { return table_; }

 private:
  friend class CatalogueReader;

  // Deques, so that pointers to elements stay valid.
  std::deque<std::string> texts_;
  std::deque<std::vector<std::string_view>> lists_;
  std::deque<std::vector<InputSpec>> inputs_;
  std::deque<std::vector<CatalogueVersion>> versions_;
  std::deque<std::vector<CatalogueModel>> models_;
  std::vector<Build> builds_;
  std::vector<ParameterNames> parameters_;
  std::vector<CatalogueFamily> families_;
  CatalogueTable table_;
};

}  // namespace rellama::prompt
