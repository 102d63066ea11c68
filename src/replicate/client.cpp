#include "rellama/client.hpp"

#include <utility>

#include "http/runner.hpp"
#include "rellama/error.hpp"
#include "replicate/api.hpp"
#include "replicate/create.hpp"
#include "replicate/download.hpp"
#include "replicate/fetch_model.hpp"
#include "replicate/follow.hpp"
#include "replicate/output_kind.hpp"
#include "wire/prediction_json.hpp"
#include "wire/resource_json.hpp"

namespace rellama {
namespace {

using replicate::Attempt;

Prediction with_id(const PredictionId& id) {
  Prediction prediction;
  prediction.id = id;
  return prediction;
}

}  // namespace

class Client::Impl : public replicate::Api {
 public:
  using Api::Api;

  [[nodiscard]] Attempt attempt(std::string failed, std::string prediction_id = {}) const {
    return {.failed = std::move(failed),
            .host = endpoint().host(),
            .prediction_id = std::move(prediction_id)};
  }

  /// Parses a response body with a parser from `wire`. A response that cannot be parsed fails the
  /// attempt.
  template <typename Parse>
  auto read(http::Response response, const Attempt& attempt, Parse parse) const {
    hide_secrets(response);
    try {
      return parse(response.body);
    } catch (const Error& error) {
      throw without_secrets(replicate::error_for_unreadable(response, error.parts().why, attempt));
    }
  }

  /// Parses a prediction. A secret may have been cut in two by the pieces of the output.
  Prediction read_prediction(http::Response response, const Attempt& attempt) const {
    Prediction prediction = read(std::move(response), attempt, [&attempt](const std::string& json) {
      return wire::parse_prediction(json, attempt.prediction_id);
    });
    hide_secrets(prediction);
    hide_secrets(prediction.output);
    return prediction;
  }

  http::Response get(std::string url, const Attempt& attempt, const StopToken& stop) {
    return perform(replicate::plan_get(*this, std::move(url), attempt), stop);
  }
};

Client::Client(ApiToken token, ClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(token), std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

namespace replicate {

Api& api_of(Client& client) noexcept {
  return *client.impl_;
}

}  // namespace replicate

Prediction Client::create(const ModelRef& model, const Input& input, const CreateOptions& options,
                          const StopToken& stop) {
  replicate::Create create(*impl_, model, input, options);
  http::run(impl_->loop(), create, stop);
  Prediction created = create.take();
  impl_->hide_secrets(created.output);
  return created;
}

Prediction Client::get(const Prediction& prediction, const StopToken& stop) {
  const Attempt attempt = impl_->attempt("cannot read the prediction", prediction.id.value);
  Prediction now = impl_->read_prediction(
      impl_->get(impl_->endpoint().get_url(prediction), attempt, stop), attempt);
  now.output_kind = prediction.output_kind;
  if (is_terminal(now.status)) {
    replicate::apply_kind(now.output, now.output_kind, impl_->endpoint());
  }
  return now;
}

Prediction Client::get(const PredictionId& id, const StopToken& stop) {
  return get(with_id(id), stop);
}

Prediction Client::cancel(const Prediction& prediction, const StopToken& stop) {
  const Attempt attempt = impl_->attempt("cannot cancel the prediction", prediction.id.value);
  return impl_->read_prediction(
      impl_->perform(replicate::plan_cancel(*impl_, prediction, attempt), stop), attempt);
}

PredictionPage Client::list(const ListOptions& options, const StopToken& stop) {
  const Attempt attempt = impl_->attempt("cannot list the predictions");
  const std::string url =
      options.cursor.empty() ? impl_->endpoint().list_url(options.created_after) : options.cursor;
  if (!impl_->endpoint().is_own(url)) {
    throw Error(ErrorKind::server, {.failed = attempt.failed,
                                    .why = "the next page is on another host",
                                    .remedy = "check that --base-url points to Replicate's API"});
  }
  PredictionPage page =
      impl_->read(impl_->get(url, attempt, stop), attempt, wire::parse_prediction_page);
  for (Prediction& prediction : page.results) {
    impl_->hide_secrets(prediction);
    impl_->hide_secrets(prediction.output);
  }
  return page;
}

Prediction Client::follow(const Prediction& prediction, Delivery delivery, EventSink& sink,
                          const StopToken& stop) {
  replicate::Follow follow(*impl_, prediction, delivery, sink);
  http::run(impl_->loop(), follow, stop);
  return follow.take();
}

Account Client::account(const StopToken& stop) {
  const Attempt attempt = impl_->attempt("cannot read the account");
  return impl_->read(impl_->get(impl_->endpoint().url_of("/account"), attempt, stop), attempt,
                     wire::parse_account);
}

Model Client::model(const ModelName& name, const StopToken& stop) {
  replicate::FetchModel fetch(*impl_, name);
  http::run(impl_->loop(), fetch, stop);
  return fetch.take();
}

std::vector<PublishedVersion> Client::versions(const ModelName& name, const StopToken& stop) {
  const Attempt attempt = impl_->attempt("cannot list the versions of " + render_model_ref(name));
  return impl_->read(impl_->get(impl_->endpoint().versions_url(name), attempt, stop), attempt,
                     wire::parse_version_page);
}

PublishedVersion Client::version(const ModelName& name, const std::string& id,
                                 const StopToken& stop) {
  replicate::FetchModel fetch(*impl_, ModelVersion{.id = id, .model = name});
  http::run(impl_->loop(), fetch, stop);
  return fetch.take().latest_version;
}

void Client::wake() noexcept {
  impl_->loop().wake();
}

std::vector<Model> Client::search(const std::string& text, const StopToken& stop) {
  const Attempt attempt = impl_->attempt("cannot search for models");
  const std::string url = impl_->endpoint().url_of("/models");
  const http::Request request{.method = "QUERY",  // changes nothing, so it may be repeated
                              .url = url,
                              .headers = {{"Content-Type", "text/plain"}},
                              .token = impl_->token(),
                              .gateway_header = impl_->gateway_header(url),
                              .body = text};
  auto response = impl_->perform(
      {.request = request, .attempt = attempt, .timeout = impl_->options().request_timeout}, stop);
  return impl_->read(std::move(response), attempt, wire::parse_model_page);
}

void Client::download(const std::string& url, FileSink& sink, const DownloadOptions& options,
                      const StopToken& stop) {
  try {
    replicate::download(*impl_, url, sink, options, stop);
  } catch (const Error& error) {
    throw impl_->without_secrets(error);
  }
}

bool is_replicate(const std::string& base_url) {
  return replicate::Endpoint(base_url, /*allow_http=*/true).is_replicate();
}

PreparedRequest prepare_create(const ClientOptions& client, const ModelRef& model,
                               const Input& input, const CreateOptions& options) {
  const replicate::Endpoint endpoint(client.base_url, client.allow_http);
  PreparedRequest request{.method = "POST",
                          .url = endpoint.create_url(model),
                          .headers = replicate::create_headers(options),
                          .body = replicate::create_body(model, input, options)};
  request.headers.emplace_back("User-Agent", replicate::user_agent());
  if (client.gateway_header) request.gateway_header = client.gateway_header->name();
  return request;
}

}  // namespace rellama
