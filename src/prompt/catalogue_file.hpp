#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/catalogue.hpp"

namespace rellama::prompt {

/// A catalogue file read at run time: the table and the data it points to.
class UsersCatalogue {
  /// The names that models use for one of rellama's parameters.
  struct ParameterNames {
    std::string_view parameter;
    std::span<const std::string_view> names;
  };

 public:
  /// Parses JSON in the format of `catalogue.json`, in which every section is optional. It may
  /// refer to the builds of `base`. A further section adds names that models use for a parameter:
  /// `"parameters": [{"name": "max_new_tokens", "names": ["n_predict"]}]`. Throws Error
  /// (invalid_input) that locates the first mistake.
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
