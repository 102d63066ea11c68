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
  std::string prompt;  ///< UTF-8, not blank; in a conversation the newest message
  GenerationParameters parameters = {};
  Delivery delivery = Delivery::stream;
  std::chrono::seconds cancel_after{0};  ///< see CreateOptions
  Catalogue catalogue = {};
  /// A model that the catalogue does not know is checked against its own schema: the one kept here,
  /// or, if a parameter is set, the one that is then fetched first and kept here. Where none is to
  /// be had the server decides.
  Validation validation = Validation::full;
  std::shared_ptr<ModelStore> models = {};  ///< null: nothing is kept
  /// What was said before, the oldest first, as it was typed and answered: the model gets it in the
  /// form that it reads, shortened to what it can read (`PromptFit`), and with every marker in it
  /// parted by a blank, so that no text can pass for a turn.
  std::vector<Turn> earlier = {};
  /// Whether this is a conversation although nothing was said before. Its first message then goes
  /// out in the same form as it will have in the next turn; a prompt of its own goes out as it is.
  bool conversation = false;
  TokenEstimate tokens = {};  ///< of this model, with what it has learned
};

/// Runs one prompt from beginning to end and gives the final prediction; its `output.text()` is the
/// whole answer. A prediction that failed or was cancelled elsewhere is a value, not an error. If
/// the run has to end early (`stop`, a sink that throws, a lost connection) the prediction is
/// cancelled first, so that nothing is billed that nobody reads. Throws Error.
Prediction generate(Client& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop = {});

/// Starts one prompt and leaves it running, for whoever has its id. Throws Error; a `stop` that
/// comes before it returns cancels the prediction.
Prediction submit(Client& client, const GenerateRequest& request, const StopToken& stop = {});

/// Checks a request as `generate` does before it sends anything. Throws Error (invalid_input).
void check_generate(const GenerateRequest& request);

/// As above, with the model's own schema where `generate` would fetch it: it is fetched and kept.
/// What is right then will not be refused before it is sent. Throws Error.
void check_generate(Client& client, const GenerateRequest& request, const StopToken& stop = {});

/// How the conversation of a request fits, as far as it can be told without asking anybody;
/// `EventSink::prompt_fitted` has what was sent. All zero if it is none. Throws Error
/// (invalid_input).
[[nodiscard]] PromptFit fit_prompt(const GenerateRequest& request);

/// The create request that `generate` would send first. Throws Error (invalid_input).
[[nodiscard]] PreparedRequest prepare_generate(const ClientOptions& client,
                                               const GenerateRequest& request);

}  // namespace rellama
