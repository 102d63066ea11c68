// Uploads, lists, downloads and deletes files (docs/protocol.md §4).

#include <charconv>

#include "emulator/multipart.hpp"
#include "emulator/pages.hpp"
#include "emulator/service.hpp"

namespace rellama::emulator {
namespace {

constexpr std::size_t kLargestFile = 100'000'000;
constexpr std::size_t kLongestName = 255;

Reply no_such_file() {
  return problem(404, "", "File not found");
}

/// Whether a Unix time, as a client wrote it, lies ahead.
bool lies_ahead(const std::string& text) {
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return error == std::errc{} && rest == end && seconds > now.count();
}

/// Fills `upload` from a form. Returns why that is not possible.
std::optional<Reply> read_form(const RecordedRequest& request, Upload& upload) {
  auto form = parse_form(request.header("Content-Type"), request.body);
  if (!form) {
    return problem(400, "Bad request", "The body of the request is not multipart/form-data");
  }
  bool has_content = false;
  for (FormPart& part : *form) {
    if (part.name == "content") {
      has_content = true;
      upload.bytes = std::move(part.body);
      if (upload.name.empty()) upload.name = std::move(part.file_name);
      if (upload.content_type.empty()) upload.content_type = std::move(part.content_type);
    } else if (part.name == "filename") {
      upload.name = std::move(part.body);
    } else if (part.name == "type") {
      upload.content_type = std::move(part.body);
    } else if (part.name == "metadata") {
      upload.metadata = Json::parse(part.body, nullptr, false);
      if (!upload.metadata.is_object()) {
        return invalid({{"invalid_type", "metadata", "Must be a JSON object"}});
      }
    }
  }
  if (!has_content) return invalid({{"required", "content", "content is required"}});
  if (upload.bytes.size() >= kLargestFile) {
    return problem(413, "", "Files must be less than 100MB in size");
  }
  if (upload.name.size() > kLongestName) {
    return invalid({{"string_lte", "filename", "Must have at most 255 characters"}});
  }
  if (upload.content_type.empty()) upload.content_type = "application/octet-stream";
  return std::nullopt;
}

}  // namespace

Reply Service::create_upload(const Call& call) {
  Upload upload;
  if (auto refusal = read_form(call.request.recorded, upload)) return *refusal;
  return json_reply(upload_json(*uploads_.add(std::move(upload)), call.request.origin), 201);
}

Reply Service::list_uploads(const Call& call) {
  const auto uploads = uploads_.list();
  const auto name_at = [&uploads](std::size_t i) { return uploads[i]->id; };
  const auto json_at = [&](std::size_t i) { return upload_json(*uploads[i], call.request.origin); };
  return json_reply(page_json({call.request.origin + "/v1/files", call.request.parameter("cursor"),
                               options_.prediction_page_size},
                              uploads.size(), name_at, json_at));
}

Reply Service::get_upload(const Call& call) {
  const UploadPtr upload = uploads_.find(call.names[0]);
  return upload ? json_reply(upload_json(*upload, call.request.origin)) : no_such_file();
}

Reply Service::delete_upload(const Call& call) {
  if (!uploads_.remove(call.names[0])) return no_such_file();
  return {.status = 204, .content_type = ""};
}

Reply Service::download_upload(const Call& call) {
  const std::string& id = call.names[0];
  const std::string expiry = call.request.parameter("expiry");
  const std::string signature = download_signature(call.request.parameter("owner"), id, expiry);
  const UploadPtr upload = uploads_.find(id);
  if (!upload || !lies_ahead(expiry) || call.request.parameter("signature") != signature) {
    return no_such_file();
  }
  return {.content_type = "application/octet-stream", .body = upload->bytes};
}

}  // namespace rellama::emulator
