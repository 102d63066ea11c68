#include "rellama/model_ref.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "rellama/catalogue.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

constexpr std::string_view kDeploymentPrefix = "deployments/";
constexpr std::size_t kVersionDigits = 64;

bool is_word(std::string_view text) {
  // What may stand in one segment of a URL path unescaped. A segment of dots would climb the path.
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  };
  return !text.empty() && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), allowed);
}

bool is_bare_version(std::string_view text) {
  return text.size() == kVersionDigits &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

[[noreturn]] void refuse(std::string_view text) {
  const std::string nearest = nearest_alias(text);
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + std::string(text) + "' is not a model",
               .remedy = (nearest.empty() ? "" : "did you mean " + nearest + "? Otherwise ") +
                         "write owner/name, owner/name:version, a version of 64 hex digits, "
                         "deployments/owner/name, or a short name from: rellama models list"});
}

[[noreturn]] void refuse_unhosted(const CatalogueModel& model) {
  const bool was_there = model.hosting == Hosting::gone;
  throw Error(
      ErrorKind::not_found,
      {.failed = "cannot run " + std::string(model.name),
       .why = was_there ? "Replicate does not host it any more" : "Replicate does not host it",
       .remedy = "use -m " + std::string(model.instead) + ", or name a copy of it as owner/name"});
}

ModelName parse_name(std::string_view text, std::string_view whole) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) refuse(whole);
  const std::string_view owner = text.substr(0, slash);
  const std::string_view name = text.substr(slash + 1);
  if (!is_word(owner) || !is_word(name)) refuse(whole);
  return {std::string(owner), std::string(name)};
}

}  // namespace

ModelRef parse_model_ref(std::string_view text) {
  if (const CatalogueModel* model = find_in_catalogue(text)) {
    if (!is_hosted(*model)) refuse_unhosted(*model);
    return parse_name(model->id, text);
  }
  if (is_bare_version(text)) return ModelVersion{lower_case(text), std::nullopt};
  if (text.starts_with(kDeploymentPrefix) && std::count(text.begin(), text.end(), '/') == 2) {
    const ModelName name = parse_name(text.substr(kDeploymentPrefix.size()), text);
    return Deployment{name.owner, name.name};
  }
  const auto colon = text.find(':');
  ModelName name = parse_name(text.substr(0, colon), text);
  if (colon == std::string_view::npos) return name;
  const std::string_view version = text.substr(colon + 1);
  if (!is_word(version)) refuse(text);
  return ModelVersion{std::string(version), std::move(name)};
}

std::string render_model_ref(const ModelRef& ref) {
  if (const auto* name = std::get_if<ModelName>(&ref)) return name->owner + "/" + name->name;
  if (const auto* deployment = std::get_if<Deployment>(&ref)) {
    return std::string(kDeploymentPrefix) + deployment->owner + "/" + deployment->name;
  }
  const auto& version = std::get<ModelVersion>(ref);
  if (!version.model) return version.id;
  return version.model->owner + "/" + version.model->name + ":" + version.id;
}

}  // namespace rellama
