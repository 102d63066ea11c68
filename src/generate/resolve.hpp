#pragma once

#include <optional>

#include "prompt/conversation.hpp"
#include "prompt/input_schema.hpp"
#include "prompt/render.hpp"
#include "rellama/generate.hpp"

namespace rellama {

/// What a request is sent to, and what is known of what that takes. It is not copied: the build of
/// a schema points into it.
class ResolvedModel {
 public:
  /// From the catalogue and what is kept: without asking anybody.
  explicit ResolvedModel(const GenerateRequest& request);
  /// With what the model published of itself.
  ResolvedModel(const GenerateRequest& request, const Model& model);
  ResolvedModel(const ResolvedModel&) = delete;
  ResolvedModel& operator=(const ResolvedModel&) = delete;

  [[nodiscard]] const ModelRef& ref() const noexcept { return ref_; }
  /// The input for the request's prompt, and how its conversation fits. Throws Error
  /// (invalid_input).
  [[nodiscard]] prompt::RenderedConversation render() const;
  /// What comes out of it, as far as that is known.
  [[nodiscard]] OutputKind output_kind() const noexcept { return output_kind_; }
  /// Whether to ask the model what it takes before it is run: where that is not known, and
  /// something was set that it could refuse, or a conversation has to be put in its own form. A
  /// bare prompt goes out at once.
  [[nodiscard]] bool needs_schema() const;

 private:
  void use(const Model& model);

  const GenerateRequest& request_;
  ModelRef ref_;
  std::optional<prompt::InputSchema> schema_;
  prompt::Target target_;
  OutputKind output_kind_ = OutputKind::unknown;
};

/// Whether the prompt goes out as a turn of a conversation.
[[nodiscard]] bool is_conversation(const GenerateRequest& request) noexcept;

/// The input for a request's prompt, and how its conversation fits. `family` may be null. Throws
/// Error (invalid_input).
[[nodiscard]] prompt::RenderedConversation render_request(const prompt::Target& target,
                                                          const prompt::CatalogueFamily* family,
                                                          const GenerateRequest& request);

/// What `ref` publishes of itself, and keeps it in the request's store. Nothing if it is not to be
/// had. Throws Error where the run itself could not go on either.
[[nodiscard]] std::optional<Model> fetch_model(Client& client, const GenerateRequest& request,
                                               const StopToken& stop);

}  // namespace rellama
