#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "httpd/reply.hpp"
#include "httpd/request.hpp"

namespace rellama::web {

/// A file of the page, compiled into the program (cmake/embed_page.cmake).
struct PageFile {
  std::string_view path;  ///< in the URL: "/js/main.js"
  std::string_view media_type;
  std::string_view etag;  ///< with its quotes
  std::string_view bytes;
  std::string_view gzipped;
};

/// All files of the page.
[[nodiscard]] std::span<const PageFile> page_files() noexcept;

/// The file at a path; null if there is none.
[[nodiscard]] const PageFile* find_page_file(std::string_view path) noexcept;

/// The file as the client wants it: compressed if it accepts that, and not at all if it has it.
[[nodiscard]] httpd::Reply send_page_file(const PageFile& file, const httpd::Request& request);

}  // namespace rellama::web
