#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rellama/model_ref.hpp"
#include "rellama/prediction.hpp"

namespace rellama {

/// One input of a model, from the schema that its version publishes. Empty and unset mean that the
/// schema does not say.
struct ModelInput {
  std::string name;
  std::string type;    ///< string, integer, number, boolean, array
  std::string format;  ///< of a string: `uri` is a file
  std::string description;
  std::string default_value;  ///< as JSON
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::vector<std::string> choices;  ///< as JSON
  bool required = false;
};

/// A model as the server describes it.
struct Model {
  ModelName name;
  std::string description;
  std::string visibility;  ///< public or private
  std::int64_t run_count = 0;
  std::string latest_version_id;  ///< empty where the model has no version, as some official ones
  std::string latest_version_created_at;  ///< ISO 8601, as the server wrote it
  JsonText schema;                        ///< OpenAPI, of the latest version; may be empty
  std::vector<ModelInput> inputs;         ///< from the schema, in its own order (`x-order`)
};

}  // namespace rellama
