#include "options/users_catalogue.hpp"

#include <filesystem>
#include <system_error>

#include "options/prompt_input.hpp"
#include "rellama/error.hpp"
#include "settings/directories.hpp"

namespace rellama::program {

Catalogue read_catalogue(const Context& context) {
  const auto directory = settings::find_directories(context.environment).config;
  if (!directory) return {};
  const auto path = *directory / "models.json";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  const std::string json = read_text_file(path.string(), context.stop);
  try {
    return Catalogue(json);
  } catch (const Error& error) {
    throw Error(error.kind(), {.failed = "cannot use the models in '" + path.string() + "'",
                               .why = error.parts().why,
                               .remedy = "fix or remove the file"});
  }
}

}  // namespace rellama::program
