#include "rellama/prediction.hpp"

#include <array>
#include <utility>

namespace rellama {
namespace {

constexpr std::array<std::pair<std::string_view, Status>, 7> kStatusWords{{
    {"starting", Status::starting},
    {"processing", Status::processing},
    {"succeeded", Status::succeeded},
    {"failed", Status::failed},
    {"canceled", Status::canceled},
    {"aborted", Status::aborted},
    // Used in two examples of the public documentation, but in no recording (docs/protocol.md §3).
    {"successful", Status::succeeded},
}};

}  // namespace

Status parse_status(std::string_view word) noexcept {
  for (const auto& [known, status] : kStatusWords) {
    if (word == known) return status;
  }
  return Status::unknown;
}

std::string_view render_status(Status status) noexcept {
  for (const auto& [word, known] : kStatusWords) {
    if (status == known) return word;
  }
  return "unknown";
}

void Output::append(std::string_view piece) {
  text_ += piece;
  ends_.push_back(static_cast<std::uint32_t>(text_.size()));
}

void Output::set_text(std::string_view text) {
  *this = Output();
  append(text);
  is_list_ = false;
}

void Output::set_json(std::string json) {
  *this = Output();
  json_ = std::move(json);
}

void Output::set_files(std::vector<std::string> urls, std::string json) {
  set_json(std::move(json));
  files_ = std::move(urls);
}

std::string_view Output::piece(std::size_t index) const noexcept {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(text_).substr(begin, ends_[index] - begin);
}

}  // namespace rellama
