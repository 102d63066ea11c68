#include "rellama/catalogue.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/expect_error.hpp"
#include "rellama/model_ref.hpp"

namespace rellama {
namespace {

std::vector<std::string> aliases_of(const CatalogueModel& model) {
  std::vector<std::string> aliases{""};
  for (const char c : model.aliases) {
    if (c == ' ') {
      aliases.emplace_back();
    } else {
      aliases.back() += c;
    }
  }
  return aliases;
}

TEST(Catalogue, every_alias_leads_to_its_model_and_no_other) {
  std::set<std::string> seen;
  for (const CatalogueModel& model : catalogue()) {
    for (const std::string& alias : aliases_of(model)) {
      EXPECT_FALSE(alias.empty());
      EXPECT_TRUE(seen.insert(alias).second) << alias << " is there twice";
      EXPECT_EQ(find_in_catalogue(alias), &model);
    }
  }
  EXPECT_EQ(find_in_catalogue(""), nullptr);
  EXPECT_EQ(find_in_catalogue("7b llama-2-7b-chat"), nullptr);
}

TEST(Catalogue, a_hosted_model_runs_and_another_names_one_that_does) {
  for (const CatalogueModel& model : catalogue()) {
    const std::string alias = aliases_of(model).front();
    if (is_hosted(model)) {
      EXPECT_EQ(render_model_ref(parse_model_ref(alias)), model.id);
    } else {
      const CatalogueModel* instead = find_in_catalogue(model.instead);
      ASSERT_NE(instead, nullptr) << alias;
      EXPECT_TRUE(is_hosted(*instead)) << alias;
      const Error error = test::error_of([&] { return parse_model_ref(alias); });
      EXPECT_EQ(error.kind(), ErrorKind::not_found);
      EXPECT_TRUE(test::holds(error.what(), std::string(model.name)));
      EXPECT_TRUE(test::holds(error.what(), "use -m " + std::string(model.instead)));
    }
    EXPECT_FALSE(model.source.empty());
    EXPECT_FALSE(model.date.empty());
  }
}

TEST(Catalogue, the_families_the_project_is_about_are_all_known) {
  for (const char* alias :
       {"bloom", "falcon-7b", "falcon-40b", "falcon-180b", "llama-7b", "llama-13b", "llama-65b",
        "openllama-3b", "openllama-7b", "openllama-13b", "7b", "13b", "70b", "7b-base", "13b-base",
        "70b-base", "alpaca", "vicuna", "open-orca"}) {
    EXPECT_NE(find_in_catalogue(alias), nullptr) << alias;
  }
}

TEST(Catalogue, a_slip_is_answered_with_the_nearest_alias) {
  EXPECT_EQ(nearest_alias("vicunna"), "vicuna");
  EXPECT_EQ(nearest_alias("lama-2-70b-chat"), "llama-2-70b-chat");
  EXPECT_EQ(nearest_alias("gpt-4"), "");
  EXPECT_EQ(nearest_alias(std::string(10'000, 'x')), "");
  EXPECT_TRUE(test::holds(test::error_of([] { return parse_model_ref("falcn"); }).what(),
                          "did you mean falcon?"));
}

}  // namespace
}  // namespace rellama
