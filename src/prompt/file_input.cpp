#include "prompt/file_input.hpp"

#include "prompt/checks.hpp"
#include "rellama/error.hpp"
#include "wire/counted.hpp"
#include "wire/data_url.hpp"
#include "wire/file_url.hpp"
#include "wire/media_type.hpp"
#include "wire/plain_text.hpp"
#include "wire/utf8.hpp"

namespace rellama::prompt {
namespace {

bool is_inlined(const Target& target, const FileContent& file) {
  return target.files == Files::inlined || file.bytes->size() <= kMaxInlineFile;
}

// Whether the content is of no use as text: what is not UTF-8, and pictures that are.
bool is_media(const FileContent& file) {
  if (wire::find_invalid_utf8(*file.bytes)) return true;
  const std::string_view type = wire::media_type_of(file.name, *file.bytes);
  return type.starts_with("image/") || type.starts_with("audio/") || type.starts_with("video/");
}

std::string text_of(const FileContent& file) {
  check_text("'" + file.name + "'", *file.bytes);
  std::string text = wire::plain_text(*file.bytes);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

bool is_sent_as_url(const Build& build, const InputField& field) {
  const auto* file = std::get_if<FileContent>(&field.value);
  if (file == nullptr) return false;
  const InputSpec* spec = find_input(build, field.name);
  if (spec != nullptr && spec->type != InputType::any) return spec->type == InputType::file;
  return is_media(*file);
}

std::optional<std::size_t> find_upload(const Target& target,
                                       const GenerationParameters& parameters) {
  const Input& others = parameters.others;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (is_sent_as_url(target.build, others[i]) &&
        !is_inlined(target, std::get<FileContent>(others[i].value))) {
      return i;
    }
  }
  return std::nullopt;
}

std::string render_file(const Target& target, const InputField& field) {
  const auto& file = std::get<FileContent>(field.value);
  if (!is_sent_as_url(target.build, field)) {
    return text_of(file);
  }
  if (!is_inlined(target, file)) return "(the URL of " + file.name + " after its upload)";
  return wire::render_data_url(wire::media_type_of(file.name, *file.bytes), *file.bytes);
}

void make_texts(const Build& build, GenerationParameters& parameters) {
  for (InputField& field : parameters.others) {
    const auto* file = std::get_if<FileContent>(&field.value);
    if (file == nullptr || is_sent_as_url(build, field)) continue;
    field.value = text_of(*file);
  }
}

void check_file_url(std::string_view name, std::string_view text) {
  if (wire::is_file_url(text)) return;
  constexpr std::size_t kShown = 60;
  std::string shown(text.substr(0, kShown));
  if (text.size() > kShown) shown = "a text of " + wire::counted(text.size(), "byte");
  throw Error(ErrorKind::invalid_input,
              {.failed = std::string(name) + " cannot be '" + shown + "'",
               .why = "it must be the URL of a file",
               .remedy = "for a file on this machine, use -o " + std::string(name) + "=@FILE",
               .input = std::string(name)});
}

}  // namespace rellama::prompt
