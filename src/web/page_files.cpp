#include "web/page_files.hpp"

#include <algorithm>
#include <string>

#include "web/reply.hpp"

namespace rellama::web {
namespace {

// Whether an Accept-Encoding header names gzip, and not to refuse it.
bool accepts_gzip(const std::string& encodings) {
  const std::size_t at = encodings.find("gzip");
  if (at == std::string::npos) return false;
  const std::string rest = encodings.substr(at, encodings.find(',', at) - at);
  return rest.find("q=0") == std::string::npos || rest.find("q=0.") != std::string::npos;
}

}  // namespace

const PageFile* find_page_file(std::string_view path) noexcept {
  const auto files = page_files();
  const auto found = std::find_if(files.begin(), files.end(),
                                  [path](const PageFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

httpd::Reply send_page_file(const PageFile& file, const httpd::Request& request) {
  httpd::Reply reply{.headers = {{"Content-Type", std::string(file.media_type)},
                                 {"Cache-Control", "no-cache"},
                                 {"ETag", std::string(file.etag)},
                                 {"Vary", "Accept-Encoding"}}};
  add_safety_headers(reply.headers);
  if (request.header("If-None-Match").find(file.etag) != std::string::npos) {
    reply.status = 304;
  } else if (accepts_gzip(request.header("Accept-Encoding"))) {
    reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.body = file.gzipped;
  } else {
    reply.body = file.bytes;
  }
  return reply;
}

}  // namespace rellama::web
