#pragma once

#include <memory>
#include <string_view>

#include "rellama/model_ref.hpp"

namespace rellama {

namespace prompt {
class UsersCatalogue;
}

/// The models rellama knows: their short names, the inputs they accept and whether Replicate hosts
/// them. Cheap to construct and to copy.
class Catalogue {
 public:
  /// The built-in models.
  Catalogue() = default;

  /// The built-in models plus a user's own, which override built-in ones: JSON in the format of
  /// `src/prompt/catalogue.json`. Throws Error (invalid_input) that locates the first mistake.
  explicit Catalogue(std::string_view json);

  /// Parses a model reference as a user types it: a short name such as `70b`, or one of the long
  /// forms of ModelRef. Throws Error: invalid_input, listing the accepted forms, or not_found for
  /// the short name of a model that Replicate does not host, suggesting an alternative.
  [[nodiscard]] ModelRef parse_model_ref(std::string_view text) const;

  /// The user's own models, or null.
  [[nodiscard]] const prompt::UsersCatalogue* users() const noexcept { return users_.get(); }

 private:
  std::shared_ptr<const prompt::UsersCatalogue> users_;
};

}  // namespace rellama
