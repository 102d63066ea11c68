#include "options/users_catalogue.hpp"

#include <filesystem>

#include "rellama/error.hpp"
#include "settings/directories.hpp"
#include "system/own_file.hpp"

namespace rellama::program {

Catalogue read_catalogue(const Context& context) {
  const auto directory = settings::find_directories(context.environment).config;
  if (!directory) return {};
  const auto path = *directory / "models.json";
  const auto json = system::find_own_text(path);
  if (!json) return {};
  if (json->group_can_write) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "cannot use the models in '" + path.string() + "'",
                 .why = "its group can change it",
                 .remedy = "run: chmod go-w " + path.string()});
  }
  try {
    return Catalogue(json->text);
  } catch (const Error& error) {
    throw Error(error.kind(), {.failed = "cannot use the models in '" + path.string() + "'",
                               .why = error.parts().why,
                               .remedy = "fix or remove the file"});
  }
}

}  // namespace rellama::program
