#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "rellama/catalogue.hpp"
#include "rellama/client.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/generation_parameters.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/model_store.hpp"
#include "rellama/stop.hpp"

namespace rellama {

/// One prompt and how to answer it.
struct GenerateRequest {
  ModelRef model = ModelName{"meta", "llama-2-70b-chat"};
  std::string prompt;  ///< UTF-8, not blank
  GenerationParameters parameters = {};
  Delivery delivery = Delivery::stream;
  std::chrono::seconds cancel_after{0};  ///< see CreateOptions
  Catalogue catalogue = {};
  /// A model that the catalogue does not know is checked against its own schema: the one kept here,
  /// or, if a parameter is set, the one that is then fetched first and kept here. Where none is to
  /// be had the server decides.
  Validation validation = Validation::full;
  std::shared_ptr<ModelStore> models = {};  ///< null: nothing is kept
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

/// The create request that `generate` would send first. Throws Error (invalid_input).
[[nodiscard]] PreparedRequest prepare_generate(const ClientOptions& client,
                                               const GenerateRequest& request);

}  // namespace rellama
