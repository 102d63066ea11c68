#include "wire/secret_mask.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace rellama::wire {
namespace {

constexpr std::string_view kSecret = "r8_s/Cr+t-0";

class SecretMaskTest : public testing::Test {
 protected:
  SecretMaskTest() { mask_.add(kSecret, "[token]"); }

  std::string hide(std::string text) {
    mask_.hide_in(text);
    return text;
  }

  SecretMask mask_;
};

TEST_F(SecretMaskTest, a_secret_is_replaced_wherever_it_is) {
  EXPECT_EQ(hide("r8_s/Cr+t-0"), "[token]");
  EXPECT_EQ(hide("Bearer r8_s/Cr+t-0, r8_s/Cr+t-0!"), "Bearer [token], [token]!");
  EXPECT_EQ(hide("r8_r8_s/Cr+t-0r8_"), "r8_[token]r8_");
  EXPECT_EQ(hide("nothing r8_s/Cr+t-1"), "nothing r8_s/Cr+t-1");
  EXPECT_EQ(hide(""), "");
}

TEST_F(SecretMaskTest, a_secret_with_escapes_is_recognized) {
  for (const std::string text :
       {R"(\u00728_s/Cr+t-0)",
        R"(\u0072\u0038\u005f\u0073\u002F\u0043\u0072\u002b\u0074\u002d\u0030)", R"(r8_s\/Cr+t-0)",
        R"(\\u00728_s\\\/Cr+t-0)", R"(\x728_s/Cr+t-0)", "r8_s%2FCr%2Bt-0",
        "%72%38%5F%73%2f%43%72%2b%74%2d%30", "%25728_s%25252fCr+t-0",
        "&#114;8_s&#x2f;Cr&#x2B;t-0"}) {
    EXPECT_EQ(hide("a" + text + "z"), "a[token]z") << text;
  }
}

TEST_F(SecretMaskTest, a_secret_in_base64_is_recognized_at_any_offset) {
  // base64(3 bytes + secret), base64("x" + secret), base64("xy" + secret)
  EXPECT_EQ(hide("YWJjcjhfcy9Dcit0LTA="), "YWJj[token]A=");
  EXPECT_EQ(hide("eHI4X3MvQ3IrdC0w"), "eH[token]");
  EXPECT_EQ(hide("eHlyOF9zL0NyK3QtMA=="), "eHl[token]A==");
}

TEST_F(SecretMaskTest, base64_may_be_for_urls_broken_into_lines_or_escaped) {
  SecretMask mask;
  mask.add("k>?k>?k>?", "*");  // Az4/az4/az4/
  for (std::string text : {"az4/az4/az4/", "az4_az4_az4_", "az4/\naz4/\r\naz4/",
                           R"(az4\/az4\/\naz4\/)", "az4%2Faz4%2Faz4%2F", "aZaz4/az4/az4/"}) {
    mask.hide_in(text);
    EXPECT_TRUE(text == "*" || text == "aZ*") << text;
  }
}

TEST_F(SecretMaskTest, a_secret_in_hexadecimal_is_recognized) {
  EXPECT_EQ(hide("0x72385f732f43722b742d30"), "0x[token]");
  EXPECT_EQ(hide("72385F732F43722B742D30"), "[token]");
}

TEST_F(SecretMaskTest, a_short_secret_is_not_looked_for) {
  SecretMask mask;
  mask.add("token", "[token]");
  std::string text = "an authentication token";
  mask.hide_in(text);
  EXPECT_EQ(text, "an authentication token");
}

TEST_F(SecretMaskTest, a_secret_may_consist_of_what_encodings_are_made_of) {
  for (const std::string secret : {R"(a\u0062c\\)", "%25%25%25", R"("q"u"o")", "&#48;&#48;"}) {
    SecretMask mask;
    mask.add(secret, "*");
    std::string text = "<" + secret + ">";
    mask.hide_in(text);
    EXPECT_EQ(text, "<*>") << secret;
  }
}

TEST_F(SecretMaskTest, every_secret_has_its_mark) {
  mask_.add("sk-other", "…");
  EXPECT_EQ(hide("sk-other r8_s/Cr+t-0 sk-other"), "… [token] …");
}

std::string in_pieces(const SecretMask& mask, std::string_view text, std::size_t size) {
  MaskedText masked(mask);
  std::string shown;
  for (std::size_t at = 0; at < text.size(); at += size)
    shown += masked.filter(text.substr(at, size));
  shown += masked.finish();
  return shown;
}

TEST_F(SecretMaskTest, a_secret_cut_into_pieces_is_not_shown_whole) {
  for (const std::string& form : {std::string(kSecret), std::string(R"(r8_s\/Cr\u002bt-0)"),
                                  std::string("r8_s%2FCr%2Bt-0")}) {
    for (std::size_t size = 1; size < form.size() + 2; ++size) {
      const std::string shown = in_pieces(mask_, "so " + form + " it is", size);
      EXPECT_TRUE(shown.ends_with("[token] it is")) << shown;
      EXPECT_LE(shown.size(), std::string_view("so r8_[token] it is").size()) << shown;
    }
  }
}

TEST_F(SecretMaskTest, a_secret_spread_over_the_pieces_of_a_body_is_recognized) {
  const SecretMask bodies = mask_.for_bodies();
  const auto hide_in_body = [&bodies](std::string text) {
    bodies.hide_in(text);
    return text;
  };
  EXPECT_EQ(hide_in_body(R"({"output":["a r8_s","/Cr" , "","+t-0 z","y"]})"),
            R"({"output":["a [token] z","y"]})");
  EXPECT_EQ(hide_in_body("event: output\nid: 1\ndata: r\n\nevent: output\nid: 2\ndata: "
                         "8_s/Cr+t\n\nid: 3\ndata:-0 z\n\n"),
            "event: output\nid: 1\ndata: [token] z\n\n");
  EXPECT_EQ(hide_in_body("data: r8_s\r\n\r\ndata: /Cr+t-0\r\n\r\n"), "data: [token]\r\n\r\n");
  EXPECT_EQ(hide_in_body(R"(["cjhfcy9D","cit0LTA"])"), R"(["[token]A"])");
  for (const std::string text :
       {R"(["r8_s":"/Cr+t-0"])", R"(["r8_s",["/Cr+t-0"]])", "data: r8_s\n\n/Cr+t-0\n\n"}) {
    EXPECT_EQ(hide_in_body(text), text);
  }
  EXPECT_EQ(hide(R"(["r8_s","/Cr+t-0"])"), R"(["r8_s","/Cr+t-0"])");
}

TEST_F(SecretMaskTest, text_without_a_secret_arrives_whole_and_at_once) {
  MaskedText masked(mask_);
  for (const std::string_view piece : {"over", " r8_", " and", " 50%", " C:\\", " &"}) {
    EXPECT_EQ(masked.filter(piece), piece) << "an ordinary end is not held back";
  }
  EXPECT_EQ(masked.filter("r8_s/C"), "");
  EXPECT_EQ(masked.filter("ro"), "r8_s/Cro");
  EXPECT_EQ(masked.filter("r8_s/"), "");
  EXPECT_EQ(masked.finish(), "r8_s/");
}

}  // namespace
}  // namespace rellama::wire
