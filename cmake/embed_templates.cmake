# Writes the templates that come with rellama into a C++ table.
#   cmake -D OUTPUT=FILE -D "TEMPLATES=a.toml;b.toml" -P embed_templates.cmake
set(table "#include \"settings/saved_prompt.hpp\"

namespace rellama::settings {

const std::vector<BuiltInTemplate>& built_in_templates() {
  static const std::vector<BuiltInTemplate> templates{
")
foreach(template IN LISTS TEMPLATES)
  cmake_path(GET template STEM name)
  file(READ "${template}" text)
  string(APPEND table "      {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()
string(APPEND table "  };
  return templates;
}

}  // namespace rellama::settings
")
file(WRITE "${OUTPUT}" "${table}")
