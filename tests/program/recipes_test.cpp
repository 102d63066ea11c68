// The recipes of docs/recipes.md, run exactly as shown there.

#include <algorithm>
#include <fstream>

#include "program/program_test.hpp"

namespace rellama::test {
namespace {

struct Recipe {
  std::string title;
  std::string script;
};

std::vector<Recipe> read_recipes() {
  std::ifstream page(std::string(RELLAMA_SOURCE_DIR) + "/docs/recipes.md");
  std::vector<Recipe> recipes;
  std::string title;
  bool in_script = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) title = line.substr(3);
    if (line == "```") in_script = false;
    if (in_script) recipes.back().script += line + "\n";
    if (line == "```sh") {
      in_script = true;
      recipes.push_back({title, {}});
    }
  }
  return recipes;
}

constexpr const char* kRepository =
    "git init -q -b main; echo one > poem; git add poem; git commit -qm first; ";

// How to set up and check one recipe. The model answers with its prompt.
struct RecipeCase {
  const char* title;
  std::string before;
  const char* after;
  std::vector<std::string> expected;
  std::size_t creates = 1;
};

const std::vector<RecipeCase>& cases() {
  static const std::vector<RecipeCase> all{
      {"Write a commit message",
       std::string(kRepository) + "echo two >> poem; git add poem",
       "git log --format=%B -n 1",
       {"+two", "Write the commit message for the change above."}},
      {"Explain an error",
       "printf '#!/bin/sh\\necho cc main.c; echo main.c:1: no such thing >&2; exit 2' > bin/make; "
       "chmod +x bin/make",
       "true",
       {"Explain the following", "cc main.c\nmain.c:1: no such thing"}},
      {"Summarize a log",
       "printf '%s\\n' 'INFO up' 'WARN hot' 'ERROR down' > server.log",
       "true",
       {"WARN hot\nERROR down\n\nSummarise the text above in five points."}},
      {"Review a branch",
       std::string(kRepository) +
           "git checkout -qb better; echo three >> poem; git commit -qam more",
       "true",
       {"+three", "Review the change above."}},
      {"Translate a file in place",
       "echo 'Good morning!' > notes.txt",
       "cat notes.txt",
       {"Translate the following text into German.", "\n\nGood morning!\n"}},
      {"Get a shell command", "true", "true", {"does this: find the files below"}},
      {"Classify the rows of a table",
       "printf 'id,text\\n1,great\\n2,bad\\n' > reviews.csv",
       "sort sentiment.csv",
       {"\"1\",\"One word, positive or", "\"2\",\"One word, positive or"},
       2},
      {"Run a batch in four processes",
       "for i in 1 2 3 4 5 6 7 8 9; do echo \"{\\\"prompt\\\":\\\"row $i\\\"}\"; done > "
       "prompts.jsonl; "
       "mkdir -p ~/.parallel; touch ~/.parallel/will-cite",
       "jq -r .output answers.jsonl | tr '\\n' ' '",
       {"row 1 row 2 row 3 row 4 row 5 row 6 row 7 row 8 row 9"},
       9},
      {"Run a batch as a Slurm array",
       "echo '\"Hello\"' > prompts.jsonl; "
       "export SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=1; (",
       ") && cat answers.jsonl",
       {"\"status\":\"succeeded\""}},
      {"Mail a daily digest",
       "printf '#!/bin/sh\\necho the disk is full' > bin/journalctl; "
       "printf '#!/bin/sh\\necho \"to $3: $2\"; cat' > bin/mail; chmod +x bin/*; LOGNAME=ann",
       "true",
       {"to ann: ", ": the last 24 hours\nthe disk is full\n\nSummarise the text above"}},
  };
  return all;
}

class Recipes : public ProgramTest {
 protected:
  Recipes() { std::filesystem::create_directory(home_ / "bin"); }

  [[nodiscard]] Outcome run_recipe(const RecipeCase& recipe_case) const {
    const auto recipes = read_recipes();
    const auto recipe = std::find_if(recipes.begin(), recipes.end(), [&](const Recipe& candidate) {
      return candidate.title == recipe_case.title;
    });
    if (recipe == recipes.end()) return {.exit_code = -1, .out = {}, .err = "no such recipe"};
    return shell("export RELLAMA_MODEL=" + std::string(kEcho) +
                 " PATH=\"$HOME/bin:$PATH\" GIT_EDITOR=true LOGNAME GIT_CONFIG_COUNT=2 "
                 "GIT_CONFIG_KEY_0=user.name GIT_CONFIG_VALUE_0=Ann "
                 "GIT_CONFIG_KEY_1=user.email GIT_CONFIG_VALUE_1=ann@example.com; cd && " +
                 recipe_case.before + "\n" + recipe->script + "\n" + recipe_case.after);
  }
};

TEST_F(Recipes, every_recipe_has_a_test) {
  const auto recipes = read_recipes();
  EXPECT_EQ(recipes.size(), cases().size());
  for (const Recipe& recipe : recipes) {
    EXPECT_TRUE(std::any_of(cases().begin(), cases().end(), [&](const RecipeCase& recipe_case) {
      return recipe_case.title == recipe.title;
    })) << recipe.title;
  }
}

class EachRecipe : public Recipes, public testing::WithParamInterface<std::size_t> {};

TEST_P(EachRecipe, does_what_it_says) {
  const RecipeCase& recipe_case = cases()[GetParam()];
  const Outcome outcome = run_recipe(recipe_case);
  EXPECT_EQ(outcome.exit_code, 0) << recipe_case.title << ": " << outcome.err;
  EXPECT_EQ(creates(), recipe_case.creates) << recipe_case.title;
  for (const std::string& text : recipe_case.expected) {
    EXPECT_NE(outcome.out.find(text), std::string::npos)
        << recipe_case.title << ": " << text << " is not in\n"
        << outcome.out;
  }
}

INSTANTIATE_TEST_SUITE_P(Recipes, EachRecipe, testing::Range(std::size_t{0}, cases().size()));

class FailingRecipes : public Recipes {
 protected:
  FailingRecipes() { start_emulator_with({"create:402"}); }

  [[nodiscard]] Outcome run_recipe(const std::string& title, const char* after) const {
    RecipeCase recipe_case =
        *std::find_if(cases().begin(), cases().end(),
                      [&](const RecipeCase& candidate) { return candidate.title == title; });
    recipe_case.after = after;
    return Recipes::run_recipe(recipe_case);
  }
};

TEST_F(FailingRecipes, leave_everything_unchanged) {
  EXPECT_EQ(run_recipe("Write a commit message", "git log --format=%s").out, "first\n");
  EXPECT_EQ(run_recipe("Translate a file in place", "cat notes.txt").out, "Good morning!\n");
  const Outcome digest = run_recipe("Mail a daily digest", "echo sent");
  EXPECT_EQ(digest.out, "");
  EXPECT_EQ(digest.exit_code, 5);
}

}  // namespace
}  // namespace rellama::test
