// The tables of docs/api.md are those by which requests are read.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "api/field_tables.hpp"

namespace rellama::api {
namespace {

std::string words_of(const Field& field) {
  std::string values;
  for (const Json& value : Json::parse(field.usual)) {
    values += (values.empty() ? "`" : ", `") + value.dump() + "`";
  }
  switch (field.treatment) {
    case Treatment::honored: return "honored";
    case Treatment::label: return "harmless";
    case Treatment::usual:
      return values.empty() ? "refused" : "harmless at " + values + ", otherwise refused";
    case Treatment::input: break;
  }
  return "harmless at " + values + ", otherwise sent if the model has it";
}

std::string render(const FieldTable& table) {
  std::string text = "### " + std::string(table.title) + "\n\n| field | treatment | remarks |\n" +
                     "|---|---|---|\n";
  for (const Field& field : table.fields) {
    text += "| `" + std::string(field.name) + "` | " + words_of(field) + " | " +
            std::string(field.note) + (field.note.empty() ? "|\n" : " |\n");
  }
  text += table.takes_inputs ? "| any other | sent if the model has such an input, otherwise "
                               "refused | |\n"
                             : "| any other | refused | |\n";
  return text;
}

TEST(ApiDocumentation, every_field_is_in_the_tables_as_it_is_treated) {
  std::ifstream file(std::string(RELLAMA_SOURCE_DIR) + "/docs/api.md");
  std::stringstream content;
  content << file.rdbuf();
  const std::string text = content.str();
  for (const FieldTable* table : field_tables()) {
    EXPECT_NE(text.find(render(*table)), std::string::npos) << "docs/api.md should have:\n\n"
                                                            << render(*table);
  }
}

TEST(ApiDocumentation, no_table_has_a_field_twice) {
  for (const FieldTable* table : field_tables()) {
    for (const Field& field : table->fields) {
      EXPECT_EQ(find_field(*table, field.name), &field) << table->title << ": " << field.name;
      EXPECT_TRUE(Json::parse(field.usual).is_array()) << table->title << ": " << field.name;
    }
  }
}

}  // namespace
}  // namespace rellama::api
