#include "generate/resolve.hpp"

#include <utility>

#include "prompt/build.hpp"
#include "prompt/catalogue.hpp"
#include "prompt/checks.hpp"
#include "prompt/context_fit.hpp"
#include "prompt/file_input.hpp"
#include "prompt/messages.hpp"
#include "prompt/output_schema.hpp"
#include "prompt/parameters.hpp"
#include "prompt/secret_input.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

// A bare version ID does not tell its model, and a deployment does not tell what it runs.
bool can_be_looked_up(const ModelRef& ref) {
  const auto* version = std::get_if<ModelVersion>(&ref);
  return version != nullptr ? version->model.has_value() : std::holds_alternative<ModelName>(ref);
}

// Whether the catalogue says that the model is run by name. What runs may differ from the model's
// latest version (docs/protocol.md §2), so the version's schema does not apply.
bool is_official(const GenerateRequest& request) {
  if (!std::holds_alternative<ModelName>(request.model)) return false;
  const auto entry = prompt::find_model(request.catalogue, render_model_ref(request.model));
  return entry && entry->model->hosting == prompt::Hosting::official;
}

// All models in the catalogue are language models.
OutputKind kind_of(const prompt::Build& build) {
  return build.complete ? OutputKind::text : OutputKind::unknown;
}

std::optional<Model> find_stored(const GenerateRequest& request) {
  if (!request.models || !can_be_looked_up(request.model) || is_official(request)) {
    return std::nullopt;
  }
  return request.models->find(request.model);
}

}  // namespace

ResolvedModel::ResolvedModel(const GenerateRequest& request)
    : request_(request),
      ref_(request.model),
      target_{.model = request.model,
              .build = prompt::find_build(request.model, request.catalogue),
              .validation = request.validation},
      output_kind_(kind_of(target_.build)) {
  if (const auto stored = find_stored(request)) use(*stored);
}

ResolvedModel::ResolvedModel(const GenerateRequest& request, const Model& model)
    : request_(request),
      ref_(request.model),
      target_{.model = request.model,
              .build = prompt::find_build(request.model, request.catalogue),
              .validation = request.validation},
      output_kind_(kind_of(target_.build)) {
  use(model);
}

void ResolvedModel::use(const Model& model) {
  const PublishedVersion& version = model.latest_version;
  // A model that is not official can be run only by version, and has the inputs of that version.
  if (std::holds_alternative<ModelName>(ref_) && !model.is_official.value_or(true) &&
      !version.id.empty()) {
    ref_ = ModelVersion{version.id, std::get<ModelName>(ref_)};
    if (!target_.build.complete) target_.build = prompt::find_build(ref_, request_.catalogue);
  }
  if (is_official(request_) && std::holds_alternative<ModelName>(ref_)) return;
  if (output_kind_ == OutputKind::unknown) output_kind_ = prompt::read_output_kind(version);
  schema_ = prompt::InputSchema::parse(version.openapi_schema);
  if (!schema_) return;
  target_.schema = &*schema_;
  // The inputs come from the schema, the rest from the catalogue.
  prompt::Build build = schema_->build();
  build.form = target_.build.form;
  build.takes_defaults = target_.build.takes_defaults;
  target_.build = build;
}

prompt::RenderedPrompt ResolvedModel::render(const Uploads& uploads) const {
  return render_request(target_, prompt::find_family(request_.catalogue, ref_), request_,
                        parameters_with(uploads));
}

std::optional<std::size_t> ResolvedModel::find_upload(const Uploads& uploads) const {
  return prompt::find_upload(target_, parameters_with(uploads));
}

GenerationParameters ResolvedModel::parameters_with(const Uploads& uploads) const {
  GenerationParameters parameters = request_.parameters;
  for (const auto& [index, url] : uploads) parameters.others[index].value = url;
  return parameters;
}

bool ResolvedModel::needs_schema() const {
  return request_.validation == Validation::full && target_.schema == nullptr &&
         !target_.build.complete && can_be_looked_up(request_.model) && !is_official(request_);
}

std::vector<std::string> ResolvedModel::secrets() const {
  return prompt::find_secrets(request_.parameters.others, schema_ ? &*schema_ : nullptr);
}

std::vector<std::string> ResolvedModel::possible_secrets() const {
  if (schema_ || target_.build.complete) return secrets();
  return prompt::find_possible_secrets(request_.parameters.others);
}

bool is_conversation(const GenerateRequest& request) noexcept {
  return request.conversation || !request.earlier.empty() || !request.answer_start.empty();
}

prompt::RenderedPrompt render_request(const prompt::Target& target,
                                      const prompt::CatalogueFamily* family,
                                      const GenerateRequest& request,
                                      const GenerationParameters& parameters) {
  const prompt::Transcript transcript{.earlier = request.earlier,
                                      .prompt = request.prompt,
                                      .family = family,
                                      .tokens = request.tokens,
                                      .answer_start = request.answer_start};
  if (!prompt::is_blank(request.prompt) &&
      prompt::is_sent_as_messages(target, parameters, is_conversation(request))) {
    return prompt::render_messages(target, transcript, parameters);
  }
  if (is_conversation(request)) return prompt::render_transcript(target, transcript, parameters);
  Input input = prompt::render_input(target, request.prompt, parameters);
  prompt::check_fits(target, transcript, input);
  return {std::move(input), {}};
}

void keep_model(const GenerateRequest& request, const Model& model) {
  if (request.models) request.models->keep(request.model, model);
}

bool runs_without_schema(ErrorKind failure) noexcept {
  return failure == ErrorKind::not_found || failure == ErrorKind::invalid_input ||
         failure == ErrorKind::rate_limited || failure == ErrorKind::server;
}

}  // namespace rellama
