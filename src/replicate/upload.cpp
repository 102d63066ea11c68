#include "replicate/upload.hpp"

#include <utility>

#include "wire/media_type.hpp"
#include "wire/multipart.hpp"
#include "wire/resource_json.hpp"

namespace rellama::replicate {
namespace {

// A slow connection sends this much in a second.
constexpr std::size_t kSlowBytesPerSecond = 50'000;

ExchangePlan plan_upload(const Api& api, const FileContent& file) {
  wire::Multipart form =
      wire::render_upload(file.name, wire::media_type_of(file.name, *file.bytes), *file.bytes);
  const std::chrono::seconds transfer(form.body.size() / kSlowBytesPerSecond);
  return plan_post(api,
                   {.url = api.endpoint().url_of("/files"),
                    .headers = {{"Content-Type", std::move(form.content_type)}},
                    .body = std::move(form.body)},
                   Repeat::freely, transfer,
                   {.failed = "cannot upload '" + file.name + "'", .host = api.endpoint().host()});
}

}  // namespace

Upload::Upload(Api& api, const FileContent& file) : exchange_(api, plan_upload(api, file)) {}

http::Step Upload::handle(const http::Event& event) {
  http::Step step = exchange_.handle(event);
  if (step.kind != http::Step::Kind::done) return step;
  const http::Response response = exchange_.take_response();
  try {
    url_ = wire::parse_file_url(response.body);
  } catch (const Error& error) {
    throw exchange_.unreadable(response, error.parts().why);
  }
  return step;
}

}  // namespace rellama::replicate
