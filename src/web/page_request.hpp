#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "options/connection.hpp"
#include "options/context.hpp"
#include "options/model_options.hpp"
#include "prompt/input_schema.hpp"
#include "rellama/cog.hpp"
#include "rellama/generate.hpp"
#include "web/run_order.hpp"

namespace rellama::web {

/// A request, and the options with which a command would make the same one.
struct PageRequest {
  GenerateRequest request;
  program::ModelOptions options;
  std::vector<std::string> assignments;  ///< those of `options`, without secrets
  std::string model;          ///< as the history records it: a reference, or the container
  std::string saved_options;  ///< JSON, as the history records them
};

/// Turns what the page asks for into requests. Nothing in it can name a file, a server or a token.
class RequestMaker {
 public:
  /// All must outlive this. `defaults`: what the command line and the configuration set.
  RequestMaker(const program::ModelOptions& defaults, const program::ConnectionOptions& connection,
               bool demo, const program::Context& context);

  /// Throws Error (invalid_input, not_found) if it cannot be sent, as far as that is known without
  /// the network.
  [[nodiscard]] PageRequest make(const RunOrder& order, std::vector<Turn> earlier) const;

  /// The request for the server's own model, without a prompt, with what its options set. Throws
  /// Error (invalid_input, not_found).
  [[nodiscard]] GenerateRequest make_default() const;

  /// Keeps the schema of the container's model, which tells what is secret. Thread-safe.
  void keep_schema(const JsonText& openapi) const;
  /// The names of the inputs that are neither to be shown nor stored. Without a schema, that is
  /// every text that could be secret.
  [[nodiscard]] std::vector<std::string> find_secrets(const GenerateRequest& request) const;

  /// The field or parameter because of which `make` failed; empty if it cannot be told.
  [[nodiscard]] std::string find_wrong_part(RunOrder order) const;

  /// The request as it would be sent. Throws Error (invalid_input).
  [[nodiscard]] PreparedRequest prepare(const GenerateRequest& request) const;

  /// The request as a `curl` command, without the token.
  [[nodiscard]] std::string render_curl(const GenerateRequest& request) const;

  /// The container, if one is used instead of Replicate.
  [[nodiscard]] const std::optional<CogOptions>& container() const noexcept { return container_; }
  [[nodiscard]] const program::ModelOptions& defaults() const noexcept { return defaults_; }
  [[nodiscard]] const program::Context& context() const noexcept { return context_; }
  [[nodiscard]] bool is_demo() const noexcept { return demo_; }
  [[nodiscard]] ClientOptions client_options() const;

 private:
  const program::ModelOptions& defaults_;
  const program::ConnectionOptions& connection_;
  const bool demo_;
  const program::Context& context_;
  std::optional<CogOptions> container_;
  mutable std::mutex mutex_;  // guards the following
  mutable std::optional<prompt::InputSchema> schema_ = {};
};

}  // namespace rellama::web
