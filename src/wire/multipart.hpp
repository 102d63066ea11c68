#pragma once

#include <string>
#include <string_view>

namespace rellama::wire {

/// A body of multipart/form-data (RFC 7578) and the content type that belongs to it.
struct Multipart {
  std::string content_type;
  std::string body;
};

/// Renders the form that uploads a file: one field `content` (docs/protocol.md §4). `name` is the
/// path or the name of the file, of which only the last part is sent.
[[nodiscard]] Multipart render_upload(std::string_view name, std::string_view media_type,
                                      std::string_view bytes);

}  // namespace rellama::wire
