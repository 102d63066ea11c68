#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/create_limit.hpp"
#include "emulator/dialect.hpp"
#include "emulator/faults.hpp"
#include "emulator/options.hpp"
#include "emulator/picture_store.hpp"
#include "emulator/prediction_store.hpp"
#include "emulator/upload_store.hpp"
#include "emulator/webhooks.hpp"

namespace rellama::emulator {

struct Model;

/// Replicate's API: requests to replies, without sockets. Thread-safe.
class Service final : public Dialect {
 public:
  /// Throws as parse_fault does.
  explicit Service(EmulatorOptions options);

  [[nodiscard]] Reply answer(const Request& request) override;
  [[nodiscard]] std::string base_path() const override { return "/v1"; }

 private:
  /// A request and the names in its path.
  struct Call {
    const Request& request;
    std::vector<std::string> names;
    std::optional<Fault> fault;
  };

  struct Route {
    std::string_view method;
    std::string_view path;  ///< `*` stands for one name
    Place place;
    bool needs_token;
    int requests_left;  ///< for ratelimit-remaining; -1: no such header
    Reply (Service::*answer)(const Call&);
  };

  static const Route kRoutes[];

  [[nodiscard]] Reply answer_route(const Route& route, Call call);

  // prediction_routes.cpp
  Reply create_by_version(const Call& call);
  Reply create_by_model(const Call& call);
  Reply create_by_deployment(const Call& call);
  Reply get_prediction(const Call& call);
  Reply cancel_prediction(const Call& call);
  Reply list_predictions(const Call& call);
  Reply stream_prediction(const Call& call);

  /// What a create request runs.
  struct Target {
    const Model& model;
    const Build& build;
    std::string version;
    std::string deployment = {};
  };
  Reply create(const Call& call, const Json& body, const Target& target);

  // file_routes.cpp
  Reply get_file(const Call& call);
  [[nodiscard]] std::vector<std::string> paint_files(const Json& input, const std::string& origin);

  // upload_routes.cpp
  Reply create_upload(const Call& call);
  Reply list_uploads(const Call& call);
  Reply get_upload(const Call& call);
  Reply delete_upload(const Call& call);
  Reply download_upload(const Call& call);

  // model_routes.cpp
  Reply list_models(const Call& call);
  Reply search_models(const Call& call);
  Reply get_model(const Call& call);
  Reply list_versions(const Call& call);
  Reply get_version(const Call& call);
  Reply get_readme(const Call& call);
  Reply list_examples(const Call& call);

  // directory_routes.cpp
  Reply get_account(const Call& call);
  Reply get_webhook_secret(const Call& call);
  Reply list_hardware(const Call& call);
  Reply list_deployments(const Call& call);
  Reply get_deployment(const Call& call);
  Reply list_collections(const Call& call);
  Reply get_collection(const Call& call);
  Reply search(const Call& call);

  EmulatorOptions options_;
  FaultPlan faults_;
  CreateLimit create_limit_;
  PredictionStore store_;
  PictureStore pictures_;
  UploadStore uploads_;
  Webhooks webhooks_;
};

}  // namespace rellama::emulator
