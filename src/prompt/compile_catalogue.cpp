// Converts catalogue.json to a constant table, so that startup need not parse it. Run at build
// time:
//   compile_catalogue CATALOGUE.json TABLE.cpp

#include <array>
#include <charconv>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "prompt/catalogue_file.hpp"

namespace rellama::prompt {
namespace {

std::string text_literal(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string bound(const std::optional<double>& value) {
  if (!value) return "{}";
  std::array<char, 32> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), *value);
  return "double{" + std::string(text.data(), result.ptr) + "}";
}

/// Writes the table bottom-up, so that everything is defined before a pointer to it.
class TableWriter {
 public:
  TableWriter(std::ostream& out, const CatalogueTable& table) : out_(out), table_(table) {}

  void write() {
    out_ << "// Generated from catalogue.json by compile_catalogue.\n\n#include "
            "\"prompt/catalogue.hpp\"\n\n"
            "namespace rellama::prompt {\nnamespace {\n\nusing Text = std::string_view;\n";
    std::string builds;
    for (const Build& build : table_.builds) builds += render(build);
    out_ << "\nconstexpr Build kBuilds[] = {\n" << builds << "};\n";
    std::string families;
    for (const CatalogueFamily& family : table_.families) families += render(family);
    out_ << "\nconstexpr CatalogueFamily kFamilies[] = {\n"
         << families << "};\n\n}  // namespace\n\n"
         << "const CatalogueTable compiled_catalogue{kBuilds, kFamilies};\n\n"
         << "}  // namespace rellama::prompt\n";
  }

 private:
  // Each of these writes an array, unless it is empty, and returns an expression for it.

  std::string array(const std::string& type, const std::string& items) {
    if (items.empty()) return "{}";
    std::string name = "k" + std::to_string(++count_);
    out_ << "\nconstexpr " << type << " " << name << "[] = {\n" << items << "};\n";
    return name;
  }

  std::string texts(std::span<const std::string_view> texts) {
    std::string items;
    for (const std::string_view text : texts) items += "    " + text_literal(text) + ",\n";
    return array("Text", items);
  }

  std::string render(const Build& build) {
    std::string items;
    for (const InputSpec& input : build.inputs) {
      items += "    {" + text_literal(input.name) + ", " + text_literal(input.parameter) + ", " +
               "InputType::" + std::string(render_input_type(input.type)) + ", " +
               bound(input.minimum) + ", " + bound(input.maximum) + "},\n";
    }
    const std::string inputs = array("InputSpec", items);
    return "    {" + text_literal(build.name) + ", " + (build.complete ? "true" : "false") + ", " +
           (build.takes_defaults ? "true" : "false") + ", " +
           (build.form == PromptForm::bare ? "PromptForm::bare" : "PromptForm::instruction_tags") +
           ", " + inputs + "},\n";
  }

  std::string pointer_to(const Build* build) {
    return "&kBuilds[" + std::to_string(build - table_.builds.data()) + "]";
  }

  std::string render(const CatalogueModel& model) {
    std::string items;
    for (const CatalogueVersion& version : model.versions) {
      items += "    {" + text_literal(version.id) + ", " + pointer_to(version.build) + "},\n";
    }
    const std::string versions = array("CatalogueVersion", items);
    const std::string short_names = texts(model.short_names);
    return "    {" + text_literal(model.size) + ", " + short_names + ", " + text_literal(model.id) +
           ", Hosting::" + std::string(render_hosting(model.hosting)) + ", " +
           text_literal(model.source) + ", " + text_literal(model.date) + ", " +
           text_literal(model.instead) + ", " + pointer_to(model.build) + ", " + versions + ", " +
           text_literal(model.parameters) + ", " + text_literal(model.license) + ", " +
           text_literal(model.memory) + ", " + text_literal(model.storage) + "},\n";
  }

  std::string render(const CatalogueFamily& family) {
    std::string items;
    for (const CatalogueModel& model : family.models) items += render(model);
    const std::string models = array("CatalogueModel", items);
    const std::string stops = texts(family.stop_sequences);
    return "    {" + text_literal(family.name) + ", " + std::to_string(family.context_length) +
           ", " + text_literal(family.context_length_source) + ", " +
           text_literal(family.prompt_template) + ", " +
           text_literal(family.prompt_template_source) + ", " + stops + ", " +
           text_literal(family.stop_sequences_source) + ", " + text_literal(family.conversation) +
           ", " + models + ", " + text_literal(family.needs_source) + "},\n";
  }

  std::ostream& out_;
  const CatalogueTable& table_;
  int count_ = 0;
};

}  // namespace
}  // namespace rellama::prompt

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    std::ifstream in(argv[1], std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(in), {}};
    const rellama::prompt::UsersCatalogue catalogue(json, {});
    std::ostringstream table;
    rellama::prompt::TableWriter(table, catalogue.table()).write();
    std::ofstream out(argv[2], std::ios::binary);
    out << table.str();
    out.close();
    return out ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << argv[1] << ": " << error.what() << "\n";
    return 1;
  }
}
