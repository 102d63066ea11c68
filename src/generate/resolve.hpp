#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "prompt/conversation.hpp"
#include "prompt/input_schema.hpp"
#include "prompt/render.hpp"
#include "rellama/error.hpp"
#include "rellama/generate.hpp"

namespace rellama {

/// The URLs of the files that have been uploaded, by their place in the request's `others`.
using Uploads = std::map<std::size_t, std::string>;

/// The model or version that a request is sent to, and what is known about its inputs. It cannot be
/// copied because it contains pointers into itself.
class ResolvedModel {
 public:
  /// Uses the catalogue and the request's model store, without sending a request.
  explicit ResolvedModel(const GenerateRequest& request);
  /// Uses the model's published data.
  ResolvedModel(const GenerateRequest& request, const Model& model);
  ResolvedModel(const ResolvedModel&) = delete;
  ResolvedModel& operator=(const ResolvedModel&) = delete;

  [[nodiscard]] const ModelRef& ref() const noexcept { return ref_; }
  /// Renders the input for the request's prompt. Throws Error (invalid_input).
  [[nodiscard]] prompt::RenderedPrompt render(const Uploads& uploads = {}) const;
  /// Which of the request's files has to be uploaded next.
  [[nodiscard]] std::optional<std::size_t> find_upload(const Uploads& uploads) const;
  /// The kind of the model's output, if it is known.
  [[nodiscard]] OutputKind output_kind() const noexcept { return output_kind_; }
  /// The names of the inputs of the request that are neither to be shown nor stored.
  [[nodiscard]] std::vector<std::string> secrets() const;
  /// As above, and if nothing is known about the model, those that could be secret.
  [[nodiscard]] std::vector<std::string> possible_secrets() const;
  /// Whether to fetch the model's schema before running it: if its inputs are unknown. The prompt
  /// may have another name, and an input of another name is billed like any other.
  [[nodiscard]] bool needs_schema() const;

 private:
  void use(const Model& model);
  [[nodiscard]] GenerationParameters parameters_with(const Uploads& uploads) const;

  const GenerateRequest& request_;
  ModelRef ref_;
  std::optional<prompt::InputSchema> schema_;
  prompt::Target target_;
  OutputKind output_kind_ = OutputKind::unknown;
};

/// Whether the prompt is sent as a turn of a conversation.
[[nodiscard]] bool is_conversation(const GenerateRequest& request) noexcept;

/// Renders the input for a request's prompt, with `parameters` in place of its own. `family` may be
/// null. Throws Error (invalid_input).
[[nodiscard]] prompt::RenderedPrompt render_request(const prompt::Target& target,
                                                    const prompt::CatalogueFamily* family,
                                                    const GenerateRequest& request,
                                                    const GenerationParameters& parameters);

/// Stores a model's published data in the request's model store, if it has one.
void keep_model(const GenerateRequest& request, const Model& model);

/// Whether a prompt can be run although fetching its model's schema failed: the run itself would
/// not fail for the same reason.
[[nodiscard]] bool runs_without_schema(ErrorKind failure) noexcept;

}  // namespace rellama
