#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "rellama/catalogue.hpp"
#include "rellama/client.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/generation_parameters.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/model_store.hpp"
#include "rellama/stop.hpp"
#include "rellama/transcript.hpp"

namespace rellama {

/// One prompt and how to answer it.
struct GenerateRequest {
  ModelRef model = ModelName{"meta", "llama-2-70b-chat"};
  std::string prompt;  ///< UTF-8, not blank; in a conversation, the newest message
  GenerationParameters parameters = {};
  Delivery delivery = Delivery::stream;
  std::chrono::seconds cancel_after{0};  ///< see CreateOptions
  Catalogue catalogue = {};
  /// Parameters of a model that is not in the catalogue are checked against the model's own schema:
  /// the one in `models`, or, if a parameter is set, one fetched first and stored there. Without a
  /// schema, the server validates.
  Validation validation = Validation::full;
  std::shared_ptr<ModelStore> models = {};  ///< null: no schema is stored
  /// The earlier turns, oldest first, exactly as typed and answered. They are rendered in the
  /// model's format, cut to its context window (`PromptFit`), with every role marker broken by a
  /// space, so that no text can pass for a turn.
  std::vector<Turn> earlier = {};
  /// Whether this is a conversation even if `earlier` is empty. If so, the first message is sent in
  /// the same format that later turns will use; a single prompt is sent as it is.
  bool conversation = false;
  /// How the answer begins, if not blank: the model continues it. Makes it a conversation.
  std::string answer_start = {};
  TokenEstimate tokens = {};  ///< the estimate for this model, including what it has observed
};

/// Runs one prompt to its end and returns the final prediction; its `output.text()` is the whole
/// answer. A prediction that failed or was canceled elsewhere is returned, not thrown. If the run
/// has to end early (`stop`, a sink that throws, a lost connection), the prediction is canceled
/// first, so that unread output is not billed. Throws Error.
Prediction generate(Client& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop = {});

/// Starts one prompt and leaves it running. A `stop` requested before this returns cancels the
/// prediction. Throws Error.
Prediction submit(Client& client, const GenerateRequest& request, const StopToken& stop = {});

/// Checks a request as `generate` does before sending anything. Throws Error (invalid_input).
void check_generate(const GenerateRequest& request);

/// As above, but fetches and stores the model's schema if `generate` would. `generate` will then
/// not reject the request before sending it. Throws Error.
void check_generate(Client& client, const GenerateRequest& request, const StopToken& stop = {});

/// The names of the inputs in `request.parameters.others` that are neither to be shown nor stored:
/// those that the model's schema marks with `x-cog-secret`, `writeOnly` or the format `password`,
/// or, without a schema, those that are named like a secret. Fetches and stores the schema as
/// `check_generate` does. Throws Error.
[[nodiscard]] std::vector<std::string> find_secret_inputs(Client& client,
                                                          const GenerateRequest& request,
                                                          const StopToken& stop = {});

/// How the conversation of a request fits the context window, estimated without sending anything;
/// `EventSink::prompt_fitted` reports what was actually sent. All zero if the request is not a
/// conversation. Throws Error (invalid_input).
[[nodiscard]] PromptFit fit_prompt(const GenerateRequest& request);

/// Which inputs are neither to be shown nor stored.
enum class HiddenInputs {
  known_secrets,
  possible_secrets,  ///< also, if nothing is known about the model, every input that could be one
};

/// As `find_secret_inputs` above, with a schema only if it is stored.
[[nodiscard]] std::vector<std::string> find_secret_inputs(
    const GenerateRequest& request, HiddenInputs hidden = HiddenInputs::known_secrets);

/// The create request that `generate` would send, with marks instead of secret inputs. Throws Error
/// (invalid_input).
[[nodiscard]] PreparedRequest prepare_generate(const ClientOptions& client,
                                               const GenerateRequest& request,
                                               HiddenInputs hidden = HiddenInputs::known_secrets);

}  // namespace rellama
