#include "rellama/backend.hpp"

#include <utility>

#include "wire/redact_url.hpp"

namespace rellama {

ReplicateBackend::ReplicateBackend(ClientOptions options, TokenFunction token)
    : options_(std::move(options)), token_(std::move(token)) {}

std::string ReplicateBackend::name(const GenerateRequest& request) const {
  return render_model_ref(request.model);
}

PreparedRequest ReplicateBackend::prepare(const GenerateRequest& request) const {
  return prepare_generate(options_, request, HiddenInputs::possible_secrets);
}

void ReplicateBackend::check(const GenerateRequest& request, const StopToken& stop) {
  check_generate(client(), request, stop);
}

std::vector<std::string> ReplicateBackend::find_secrets(const GenerateRequest& request,
                                                        const StopToken& stop) {
  return find_secret_inputs(client(), request, stop);
}

Prediction ReplicateBackend::ask(const GenerateRequest& request, EventSink& sink,
                                 const StopToken& stop) {
  return generate(client(), request, sink, stop);
}

void ReplicateBackend::cancel(const Prediction& prediction, const StopToken& stop) {
  (void)client().cancel(prediction, stop);
}

void ReplicateBackend::download(const std::string& url, FileSink& sink,
                                const DownloadOptions& options, const StopToken& stop) {
  client().download(url, sink, options, stop);
}

Client& ReplicateBackend::client() {
  if (!client_) client_.emplace(token_(), options_);
  return *client_;
}

CogBackend::CogBackend(CogOptions options) : options_(std::move(options)), client_(options_) {}

std::string CogBackend::name(const GenerateRequest& /*request*/) const {
  return "the model at " + wire::without_credentials(options_.base_url);
}

PreparedRequest CogBackend::prepare(const GenerateRequest& request) const {
  return prepare_generate(options_, request);
}

void CogBackend::check(const GenerateRequest& request, const StopToken& stop) {
  check_generate(client_, request, stop);
}

std::vector<std::string> CogBackend::find_secrets(const GenerateRequest& request,
                                                  const StopToken& stop) {
  return find_secret_inputs(client_, request, stop);
}

Prediction CogBackend::ask(const GenerateRequest& request, EventSink& sink, const StopToken& stop) {
  return generate(client_, request, sink, stop);
}

void CogBackend::cancel(const Prediction& prediction, const StopToken& stop) {
  client_.cancel(prediction.id, stop);
}

void CogBackend::download(const std::string& url, FileSink& sink, const DownloadOptions& options,
                          const StopToken& stop) {
  client_.download(url, sink, options, stop);
}

}  // namespace rellama
