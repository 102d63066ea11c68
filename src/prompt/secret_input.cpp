#include "prompt/secret_input.hpp"

#include <algorithm>
#include <array>

#include "prompt/parameters.hpp"
#include "wire/lower_case.hpp"

namespace rellama::prompt {
namespace {

bool is_named_like_a_secret(std::string_view name) {
  constexpr std::array<std::string_view, 6> kEnds{"key",    "token",    "secret",
                                                  "passwd", "password", "credentials"};
  const std::string lower = wire::lower_case(name);
  return std::any_of(kEnds.begin(), kEnds.end(),
                     [&lower](std::string_view end) { return lower.ends_with(end); });
}

bool is_secret(const std::string& name, const InputSchema* schema) {
  if (schema == nullptr) return is_named_like_a_secret(name);
  const auto& inputs = schema->inputs();
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [&name](const SchemaInput& input) { return input.name == name; });
  return found == inputs.end() ? is_named_like_a_secret(name) : found->is_secret;
}

// A number, `true`, `false`, or more than anybody keeps secret.
bool is_no_secret(const InputValue& value) {
  constexpr std::size_t kLongestSecret = std::size_t{64} << 10;
  if (const auto* file = std::get_if<FileContent>(&value)) {
    return file->bytes->size() > kLongestSecret;
  }
  const auto* untyped = std::get_if<UntypedText>(&value);
  if (untyped == nullptr) {
    return std::holds_alternative<bool>(value) || std::holds_alternative<double>(value) ||
           std::holds_alternative<std::int64_t>(value);
  }
  const std::string& text = untyped->text;
  return text == "true" || text == "false" ||
         (!text.empty() && text.find_first_not_of("+-.0123456789") == std::string::npos);
}

}  // namespace

std::vector<std::string> find_secrets(const Input& fields, const InputSchema* schema) {
  std::vector<std::string> names;
  for (const InputField& field : fields) {
    if (is_secret(field.name, schema)) names.push_back(field.name);
  }
  return names;
}

std::vector<std::string> find_possible_secrets(const Input& fields) {
  std::vector<std::string> names = find_secrets(fields, nullptr);
  for (const InputField& field : fields) {
    const bool is_known = find_parameter(parameter_of(field.name)) != nullptr ||
                          find_by_option(field.name) != nullptr;
    if (!is_known && !is_no_secret(field.value)) names.push_back(field.name);
  }
  return names;
}

void hide_fields(Input& input, const std::vector<std::string>& names) {
  for (InputField& field : input) {
    if (std::find(names.begin(), names.end(), field.name) != names.end()) {
      field.value = std::string(kSecretMark);
    }
  }
}

}  // namespace rellama::prompt
