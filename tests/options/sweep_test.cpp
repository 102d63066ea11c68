// What --sweep means, and what models and sweeps make together.

#include "options/sweep.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"

namespace rellama::program {
namespace {

using Texts = std::vector<std::string>;

Texts texts_of(const Sweep& sweep) {
  Texts texts;
  for (const SweepValue& value : sweep.values) texts.push_back(value.text);
  return texts;
}

Texts labels_of(const std::vector<Variant>& variants) {
  Texts labels;
  for (const Variant& variant : variants) labels.push_back(variant.label);
  return labels;
}

TEST(Sweep, values_are_split_at_commas_and_blanks_around_them_go) {
  const Sweep sweep = parse_sweep("temperature=0.1, 0.5 ,1");
  EXPECT_EQ(sweep.input, "temperature");
  EXPECT_EQ(texts_of(sweep), (Texts{"0.1", "0.5", "1"}));
  EXPECT_EQ(sweep.values[0].value, InputValue(UntypedText{"0.1"}));
}

TEST(Sweep, names_are_those_of_the_flags_or_the_models_own) {
  EXPECT_EQ(parse_sweep("temp=1").input, "temperature");
  EXPECT_EQ(parse_sweep("top-p=1").input, "top_p");
  EXPECT_EQ(parse_sweep("max_tokens=1").input, "max_new_tokens");
  EXPECT_EQ(parse_sweep("stop=x").input, "stop_sequences");
  EXPECT_EQ(parse_sweep("system=x").input, "system_prompt");
  EXPECT_EQ(parse_sweep("tone-of-voice=x").input, "tone-of-voice");
}

TEST(Sweep, quotes_hold_commas_blanks_and_quotes) {
  EXPECT_EQ(texts_of(parse_sweep(R"(system="Be brief, please.", Be long.)")),
            (Texts{"Be brief, please.", "Be long."}));
  EXPECT_EQ(texts_of(parse_sweep(R"(stop=" ", "a ""b""","")")), (Texts{" ", "a \"b\"", ""}));
  EXPECT_EQ(parse_sweep(R"(system="@home")").values[0].value, InputValue(UntypedText{"@home"}));
}

TEST(Sweep, json_gives_values_their_types) {
  const Sweep sweep = parse_sweep(R"(x:=["a,b",1,0.5,true,[1,2]])");
  EXPECT_EQ(texts_of(sweep), (Texts{"a,b", "1", "0.5", "true", "[1,2]"}));
  EXPECT_EQ(sweep.values[0].value, InputValue(std::string("a,b")));
  EXPECT_EQ(sweep.values[1].value, InputValue(std::int64_t{1}));
  EXPECT_EQ(sweep.values[2].value, InputValue(0.5));
  EXPECT_EQ(sweep.values[3].value, InputValue(true));
  EXPECT_EQ(sweep.values[4].value, InputValue(JsonText{"[1,2]"}));
}

TEST(Sweep, what_cannot_be_read_is_refused_with_the_reason) {
  const std::vector<std::pair<std::string, std::string>> kBad{{"temperature", "no '='"},
                                                              {"=1", "no name"},
                                                              {"temperature=", "missing"},
                                                              {"temperature=1,,2", "missing"},
                                                              {"temperature=1,", "missing"},
                                                              {"stop=\"a", "not closed"},
                                                              {"stop=\"a\"b", "ends inside"},
                                                              {"x:=1", "not a JSON array"},
                                                              {"x:=[]", "not a JSON array"},
                                                              {"x:=[1", "not a JSON array"},
                                                              {"model=7b,13b", "-m"},
                                                              {"x=@/no/such/file", "/no/such/file"},
                                                              {"x=\xFF", "UTF-8"}};
  for (const auto& [text, why] : kBad) {
    const Error error = test::error_of([&text = text] { (void)parse_sweep(text); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid_input) << text;
    EXPECT_TRUE(test::holds(error.what(), why)) << error.what();
  }
}

TEST(Combine, models_change_slowest_and_the_last_sweep_fastest) {
  const auto variants =
      combine({"7b", "13b"}, {parse_sweep("temperature=0.1,1"), parse_sweep("seed=1,2")});
  EXPECT_EQ(labels_of(variants), (Texts{"7b temperature=0.1 seed=1", "7b temperature=0.1 seed=2",
                                        "7b temperature=1 seed=1", "7b temperature=1 seed=2",
                                        "13b temperature=0.1 seed=1", "13b temperature=0.1 seed=2",
                                        "13b temperature=1 seed=1", "13b temperature=1 seed=2"}));
  EXPECT_EQ(variants[5].model, "13b");
  EXPECT_EQ(variants[5].inputs,
            (Input{{"temperature", UntypedText{"0.1"}}, {"seed", UntypedText{"2"}}}));
}

TEST(Combine, labels_tell_only_what_differs) {
  EXPECT_EQ(labels_of(combine({"70b"}, {parse_sweep("seed=1,2")})), (Texts{"seed=1", "seed=2"}));
  EXPECT_EQ(labels_of(combine({"7b", "70b"}, {parse_sweep("seed=1")})), (Texts{"7b", "70b"}));
  EXPECT_EQ(labels_of(combine({"70b"}, {parse_sweep("seed=1")})), (Texts{"70b"}));
}

TEST(Combine, labels_are_short_and_no_two_are_alike) {
  const std::string long_text(100, 'x');
  const auto labels = labels_of(
      combine({"70b"}, {parse_sweep("system=" + long_text + "a," + long_text + "b,\"\",\"\n\"")}));
  EXPECT_EQ(labels[1], labels[0] + " #2");
  EXPECT_LT(labels[0].size(), 50U);
  EXPECT_EQ(labels[2], "system=\"\"");
  EXPECT_EQ(labels[3], R"(system="\n")");
  const std::string version(64, 'a');
  EXPECT_EQ(labels_of(combine({"x/y:" + version}, {})), (Texts{"x/y:aaaaaaaa…"}));
}

TEST(Combine, the_same_parameter_cannot_be_swept_twice) {
  const Error error = test::error_of([] {
    (void)combine({"7b"}, {parse_sweep("temp=1,2"), parse_sweep("temperature=3,4")});
  });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
}

TEST(CountVariants, counts_without_making_them_and_without_overflow) {
  const std::vector<Sweep> two{parse_sweep("seed=1,2"), parse_sweep("top_k=1,2,3")};
  EXPECT_EQ(count_variants({"a", "b"}, two), 12U);
  EXPECT_EQ(count_variants({"a"}, std::vector<Sweep>(80, parse_sweep("x=1,2"))), SIZE_MAX);
}

}  // namespace
}  // namespace rellama::program
