#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "options/context.hpp"
#include "settings/config_file.hpp"
#include "settings/precedence.hpp"
#include "settings/saved_prompt.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rellama::program {

/// An option that variables and files can set.
struct SettableOption {
  CLI::Option* option = nullptr;
  std::vector<std::string> names;  ///< all long names, without dashes in front
  bool shared = false;             ///< whether it means the same in every command
};

/// Whether an option cannot be set on the command line: only in the configuration file or, if it is
/// a secret, in its variable.
[[nodiscard]] bool is_file_only(const CLI::Option& option);

/// What can set the options of one command besides flags: variables, a template, a profile, the
/// command's table in the configuration file, and the top of that file, in order of precedence.
class Layers {
 public:
  /// Reads the configuration file. Throws Error (invalid_input) if a key is not an option.
  /// The context must outlive the layers.
  Layers(const CLI::App& app, const Context& context);

  /// Adds a profile above the file. Throws Error (invalid_input) if it does not exist.
  void use_profile(const std::string& name);

  /// Adds a template above the profile and the file. Throws Error (invalid_input) if there is none
  /// of that name.
  void use_template(const std::string& name, const CLI::App& app);

  /// What the topmost layer says about an option; `built_in` without values if none sets it. An
  /// option that is not shared is set by the command's own table only.
  [[nodiscard]] settings::Setting find(const SettableOption& option) const;

  /// The file, if its group can change it: nothing in it is worth a refusal, but users should know.
  [[nodiscard]] std::optional<std::filesystem::path> shared_file() const;

 private:
  void add_tables(const CLI::App& app);

  const Context& context_;
  std::filesystem::path path_;
  std::optional<settings::ConfigFile> file_;
  std::optional<settings::SavedPrompt> template_;
  std::vector<settings::Layer> shared_;
  std::vector<settings::Layer> own_;
};

}  // namespace rellama::program
