#pragma once

#include <memory>
#include <string_view>

#include "rellama/model_ref.hpp"

namespace rellama {

namespace prompt {
class UsersCatalogue;
}

/// The models that rellama knows: their short names, what they take and whether Replicate runs
/// them. Cheap to make and to copy.
class Catalogue {
 public:
  /// Those compiled in.
  Catalogue() = default;

  /// Those compiled in, with a user's own over them: JSON in the form of
  /// `src/prompt/catalogue.json`. Throws Error (invalid_input) with the place of the first mistake.
  explicit Catalogue(std::string_view json);

  /// Reads a reference as a user writes it: a short name such as `70b`, or one of the long forms of
  /// ModelRef. Throws Error: invalid_input with the accepted forms, not_found for the short name of
  /// a model that Replicate does not run, with what to use instead.
  [[nodiscard]] ModelRef parse_model_ref(std::string_view text) const;

  /// The user's own models; null if there are none.
  [[nodiscard]] const prompt::UsersCatalogue* users() const noexcept { return users_.get(); }

 private:
  std::shared_ptr<const prompt::UsersCatalogue> users_;
};

}  // namespace rellama
