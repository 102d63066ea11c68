#include "rellama/model_ref.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "prompt/catalogue.hpp"
#include "prompt/catalogue_file.hpp"
#include "prompt/model_spelling.hpp"
#include "rellama/catalogue.hpp"
#include "rellama/error.hpp"
#include "wire/lower_case.hpp"

namespace rellama {
namespace {

constexpr std::string_view kDeploymentPrefix = "deployments/";
constexpr std::size_t kVersionDigits = 64;

bool is_word(std::string_view text) {
  // Characters allowed unescaped in a URL path segment. `.` and `..` would change the path.
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

[[noreturn]] void refuse(std::string_view text) {
  const std::string_view provider = prompt::find_other_provider(text);
  if (!provider.empty()) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "'" + std::string(text) + "' is not a model that rellama can ask",
                 .why = "it belongs to " + std::string(provider) +
                        ", and rellama asks models that Replicate hosts",
                 .remedy = "use -m 70b, or owner/name as on its page at replicate.com (rellama "
                           "models list)"});
  }
  const std::string meant = prompt::find_similar_model({}, text);
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + std::string(text) + "' is not a model",
               .remedy = (meant.empty() ? "" : "did you mean " + meant + "? If not, ") +
                         "write owner/name, owner/name:version, a version of 64 hex digits, "
                         "deployments/owner/name, or a short name such as 70b (rellama models "
                         "list)"});
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

Catalogue::Catalogue(std::string_view json)
    : users_(std::make_shared<prompt::UsersCatalogue>(json, prompt::compiled_catalogue)) {}

ModelRef parse_model_ref(std::string_view text) {
  return Catalogue().parse_model_ref(text);
}

ModelRef Catalogue::parse_model_ref(std::string_view text) const {
  if (const std::string reference = prompt::model_of_address(text); !reference.empty()) {
    return parse_model_ref(reference);
  }
  auto entry = prompt::find_model(*this, text);
  if (!entry) entry = prompt::find_respelled(*this, text);
  if (entry && entry->model->id != text) {
    if (can_be_asked(*entry->model)) return parse_name(entry->model->id, entry->model->id);
    throw Error(ErrorKind::not_found, describe_missing(*entry));
  }
  if (is_bare_version(text)) return ModelVersion{wire::lower_case(text), std::nullopt};
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
