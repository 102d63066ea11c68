#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "emulator/json.hpp"

namespace rellama::emulator {

/// One page of a list (docs/protocol.md §4).
struct PageRequest {
  std::string url;     ///< absolute URL of the list
  std::string cursor;  ///< the name of the item before the page; "": the first page
  std::size_t size;
};

/// `name_at(i)` is the name of item i in cursors, `json_at(i)` is the item. An unknown cursor gives
/// an empty page.
template <class NameAt, class JsonAt>
[[nodiscard]] Json page_json(const PageRequest& page, std::size_t count, NameAt name_at,
                             JsonAt json_at) {
  std::size_t begin = 0;
  if (!page.cursor.empty()) {
    while (begin < count && name_at(begin) != page.cursor) ++begin;
    begin = std::min(begin + 1, count);
  }
  const std::size_t end = begin + std::min(page.size, count - begin);
  const auto url_after = [&](std::size_t item) -> Json {
    const char* mark = page.url.find('?') == std::string::npos ? "?" : "&";
    return page.url + mark + "cursor=" + name_at(item);
  };

  Json json = {{"previous", nullptr}, {"next", nullptr}, {"results", Json::array()}};
  if (begin > page.size) {
    json["previous"] = url_after(begin - page.size - 1);
  } else if (begin > 0) {
    json["previous"] = page.url;
  }
  if (end < count) json["next"] = url_after(end - 1);
  for (std::size_t i = begin; i < end; ++i) json["results"].push_back(json_at(i));
  return json;
}

/// A list that always fits on one page.
[[nodiscard]] inline Json only_page_json(Json results) {
  return {{"previous", nullptr}, {"next", nullptr}, {"results", std::move(results)}};
}

}  // namespace rellama::emulator
