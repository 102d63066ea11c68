#pragma once

#include <optional>

#include "cog/exchange.hpp"
#include "http/task.hpp"
#include "prompt/conversation.hpp"
#include "prompt/input_schema.hpp"
#include "rellama/generate.hpp"

namespace rellama {

/// Fetches the schema of a container's model, if the request needs it.
class FetchCogSchema final : public http::Task {
 public:
  FetchCogSchema(const cog::Connection& connection, const GenerateRequest& request);

  /// Throws Error if the run would fail for the same reason.
  http::Step handle(const http::Event& event) override;

  /// The schema, once the task is done; nullopt if it is not available. The container validates its
  /// inputs as well.
  [[nodiscard]] std::optional<prompt::InputSchema> take() { return std::move(schema_); }

 private:
  const bool is_needed_;
  cog::Exchange exchange_;
  std::optional<prompt::InputSchema> schema_ = {};
};

/// Renders the input for a request's prompt. A container does not tell the model's family, so its
/// schema decides the conversation format. Throws Error (invalid_input).
[[nodiscard]] prompt::RenderedPrompt render_for_cog(
    const GenerateRequest& request, const std::optional<prompt::InputSchema>& schema);

}  // namespace rellama
