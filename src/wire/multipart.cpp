#include "wire/multipart.hpp"

#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

// The API refuses longer names.
constexpr std::size_t kMaxName = 255;

// The last part of a path, with what would end the header escaped as browsers do.
std::string file_name_of(std::string_view path) {
  std::string_view name = path.substr(path.find_last_of('/') + 1);
  if (name.empty() || name.size() > kMaxName || find_invalid_utf8(name)) name = "file";
  std::string escaped;
  for (const char c : name) {
    if (c == '"') {
      escaped += "%22";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      escaped += '_';
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// A line that does not occur in `bytes`.
std::string choose_boundary(std::string_view bytes) {
  for (int number = 0;; ++number) {
    std::string boundary = "rellama-file-boundary-" + std::to_string(number);
    if (bytes.find(boundary) == std::string_view::npos) return boundary;
  }
}

}  // namespace

Multipart render_upload(std::string_view name, std::string_view media_type,
                        std::string_view bytes) {
  const std::string boundary = choose_boundary(bytes);
  Multipart form{.content_type = "multipart/form-data; boundary=" + boundary, .body = {}};
  form.body.reserve(bytes.size() + 512);
  form.body.append("--").append(boundary);
  form.body.append("\r\nContent-Disposition: form-data; name=\"content\"; filename=\"");
  form.body.append(file_name_of(name)).append("\"\r\nContent-Type: ").append(media_type);
  form.body.append("\r\n\r\n").append(bytes);
  form.body.append("\r\n--").append(boundary).append("--\r\n");
  return form;
}

}  // namespace rellama::wire
