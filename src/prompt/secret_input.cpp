#include "prompt/secret_input.hpp"

#include <algorithm>
#include <array>

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
  return std::any_of(inputs.begin(), inputs.end(), [&name](const SchemaInput& input) {
    return input.is_secret && input.name == name;
  });
}

}  // namespace

std::vector<std::string> find_secrets(const Input& fields, const InputSchema* schema) {
  std::vector<std::string> names;
  for (const InputField& field : fields) {
    if (is_secret(field.name, schema)) names.push_back(field.name);
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
