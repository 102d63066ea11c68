#include "prompt/build.hpp"

#include <algorithm>

#include "prompt/catalogue.hpp"
#include "prompt/parameters.hpp"

namespace rellama::prompt {
namespace {

const Build& unknown_build() {
  // The entry in catalogue.json for models that are not listed there.
  const auto builds = compiled_catalogue.builds;
  return *std::find_if(builds.begin(), builds.end(),
                       [](const Build& build) { return build.name == "unknown"; });
}

}  // namespace

const Build& find_build(const ModelRef& ref, const Catalogue& catalogue) {
  if (const auto* version = std::get_if<ModelVersion>(&ref)) {
    if (const auto known = find_version(catalogue, version->id)) return *known->version->build;
  } else if (std::holds_alternative<ModelName>(ref)) {
    const auto entry = find_model(catalogue, render_model_ref(ref));
    if (entry) return *entry->model->build;
  }
  return unknown_build();
}

const InputSpec* find_input(const Build& build, std::string_view name) noexcept {
  const auto find = [&build](auto matches) {
    const auto found = std::find_if(build.inputs.begin(), build.inputs.end(), matches);
    return found == build.inputs.end() ? nullptr : &*found;
  };
  if (const auto* own = find([name](const InputSpec& input) { return input.name == name; })) {
    return own;
  }
  // If the list is incomplete, a name is not translated: the model may have both inputs, or
  // neither.
  const std::string_view wanted = build.complete ? parameter_of(name) : name;
  return find([wanted](const InputSpec& input) { return input.parameter == wanted; });
}

}  // namespace rellama::prompt
