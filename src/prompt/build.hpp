#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "rellama/catalogue.hpp"
#include "rellama/model_ref.hpp"

namespace rellama::prompt {

/// The type of a model input. `file` is the URL of a file, `any` any JSON that the model's schema
/// allows.
enum class InputType { boolean, integer, number, string, file, any };

/// One input of a build.
struct InputSpec {
  std::string_view name;       ///< the build's name for it, which is what is sent
  std::string_view parameter;  ///< rellama's name for it
  InputType type;
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
  bool is_list = false;    ///< a list of values of this type
  bool is_secret = false;  ///< not to be shown
};

/// How a build expects the prompt.
enum class PromptForm {
  bare,              ///< the build inserts the prompt into its own template
  instruction_tags,  ///< the build strips the letters of [INST] and [/INST], so they must be sent
};

/// One generation of a model's code. Models of the same build have the same inputs and treat them
/// the same way.
struct Build {
  std::string_view name = {};
  /// Whether `inputs` lists all inputs. If not, other inputs that the user sets are sent under the
  /// name given.
  bool complete = false;
  /// Whether to send rellama's own defaults.
  bool takes_defaults = false;
  PromptForm form = PromptForm::bare;
  std::span<const InputSpec> inputs = {};
};

/// The build of the model `ref`, as far as it is known without a request to the server.
[[nodiscard]] const Build& find_build(const ModelRef& ref, const Catalogue& catalogue = {});

/// The input of `build` called `name`, which can be the build's own name, rellama's, or another
/// model's name for the same input (`max_tokens`, `max_new_tokens`, `max_length`). Null if there is
/// none.
[[nodiscard]] const InputSpec* find_input(const Build& build, std::string_view name) noexcept;

}  // namespace rellama::prompt
