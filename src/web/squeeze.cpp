#include "web/squeeze.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

namespace rellama::web {
namespace {

using Tokens = std::vector<std::string>;

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '#' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_word(const std::string& token) {
  return is_word_byte(token.front());
}

/// Cuts a script into tokens. Comments and blanks are left out.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Tokens scan() {
    while (skip_blanks(), at_ < text_.size()) tokens_.push_back(next());
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] bool sees(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }

  void skip_blanks() {
    for (;;) {
      if (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        ++at_;
      } else if (sees("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (sees("/*")) {
        at_ = std::min(text_.find("*/", at_), text_.size() - 2) + 2;
      } else {
        return;
      }
    }
  }

  std::string next() {
    const char first = text_[at_];
    if (first == '"' || first == '\'') return until_unescaped(first);
    if (first == '`') return template_text();
    if (first == '/' && starts_expression()) return regular_expression();
    std::size_t end = at_ + 1;
    if (is_word_byte(first)) {
      while (end < text_.size() && is_word_byte(text_[end])) ++end;
    } else if (sees("=>") || sees("++") || sees("--")) {
      end = at_ + 2;
    }
    return take(end);
  }

  std::string take(std::size_t end) {
    std::string token(text_.substr(at_, end - at_));
    at_ = end;
    return token;
  }

  // A slash here begins a regular expression: it cannot divide anything.
  [[nodiscard]] bool starts_expression() const {
    if (tokens_.empty()) return true;
    const std::string& last = tokens_.back();
    return last == "return" || (!is_word(last) && std::string_view(")]}\"'`").find(last.back()) ==
                                                      std::string_view::npos);
  }

  std::string until_unescaped(char mark) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != mark) end += text_[end] == '\\' ? 2U : 1U;
    if (end >= text_.size()) throw std::runtime_error("a text does not end");
    return take(end + 1);
  }

  std::string regular_expression() {
    bool in_class = false;
    std::size_t end = at_ + 1;
    for (; end < text_.size() && (in_class || text_[end] != '/'); ++end) {
      if (text_[end] == '\\')
        ++end;
      else if (text_[end] == '[')
        in_class = true;
      else if (text_[end] == ']')
        in_class = false;
    }
    while (end + 1 < text_.size() && is_word_byte(text_[end + 1])) ++end;
    return take(end + 1);
  }

  // One token, as it is. A template in a template would end it too early.
  std::string template_text() {
    std::string token = until_unescaped('`');
    const std::size_t inner = token.rfind("${");
    if (inner != std::string::npos && token.find('}', inner) == std::string::npos) {
      throw std::runtime_error("a template is in another one: " + token);
    }
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Tokens tokens_;
};

// Short names for private members: a, b, …, aa, …
class ShortNames {
 public:
  std::string of(const std::string& name) {
    const auto [found, is_new] = names_.try_emplace(name);
    if (is_new) found->second = render(names_.size() - 1);
    return found->second;
  }

 private:
  static std::string render(std::size_t number) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string name(1, kLetters[number % kLetters.size()]);
    if (number >= kLetters.size()) name += render(number / kLetters.size() - 1);
    return name;
  }

  std::map<std::string, std::string> names_;
};

// In a template, the private members in `${…}`.
std::string shorten_in_template(const std::string& text, ShortNames& names) {
  std::string shorter;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t found = text.find(".#", at);
    if (found == std::string::npos) return shorter + text.substr(at);
    std::size_t end = found + 2;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    shorter += text.substr(at, found + 2 - at) + names.of(text.substr(found + 2, end - found - 2));
    at = end;
  }
  return shorter;
}

std::string render(const Tokens& tokens) {
  ShortNames names;
  Tokens kept;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string token = tokens[i];
    if (token == "const") token = "let";
    if (token.front() == '#') token = "#" + names.of(token.substr(1));
    if (token.front() == '`') token = shorten_in_template(token, names);
    const bool closes = token == "}" || token == ")" || token == "]";
    if (!kept.empty() && ((token == "}" && kept.back() == ";") || (closes && kept.back() == ","))) {
      kept.pop_back();
    }
    // (name) => is name =>
    if (token == "=>" && kept.size() >= 3 && kept.back() == ")" && kept[kept.size() - 3] == "(" &&
        is_word(kept[kept.size() - 2])) {
      kept.pop_back();
      kept.erase(kept.end() - 2);
    }
    kept.push_back(std::move(token));
  }
  std::string script;
  for (const std::string& token : kept) {
    const char last = script.empty() ? ';' : script.back();
    const bool are_words = is_word_byte(last) && is_word_byte(token.front());
    const bool are_signs = (last == '+' || last == '-') && last == token.front();
    if (are_words || are_signs) script += ' ';
    script += token;
  }
  return script;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Appends modules in an order in which each follows what it imports.
class Joiner {
 public:
  void add(const std::filesystem::path& file) {
    if (!added_.insert(file.filename().string()).second) return;
    const Tokens tokens = Scanner(read(file)).scan();
    std::size_t at = 0;
    while (at < tokens.size() && tokens[at] == "import") {
      while (tokens.at(at) != ";") ++at;
      const std::string& from = tokens[at - 1];  // "./name.js", with its quotes
      add(file.parent_path() / from.substr(3, from.size() - 4));
      ++at;
    }
    int depth = 0;
    for (; at < tokens.size(); ++at) {
      const std::string& token = tokens[at];
      if (depth == 0 && token == "export") continue;
      if (depth == 0 &&
          (token == "const" || token == "let" || token == "function" || token == "class")) {
        const std::string& name = tokens.at(at + 1);
        const auto [other, is_new] = declared_.try_emplace(name, file.filename().string());
        if (!is_new) {
          throw std::runtime_error(file.string() + ": " + name + " is declared in " +
                                   other->second + " as well");
        }
      }
      if (token == "{" || token == "(" || token == "[") ++depth;
      if (token == "}" || token == ")" || token == "]") --depth;
      tokens_.push_back(token);
    }
  }

  [[nodiscard]] const Tokens& tokens() const { return tokens_; }

 private:
  std::set<std::string> added_;
  std::map<std::string, std::string> declared_;
  Tokens tokens_;
};

}  // namespace

std::string join_modules(const std::filesystem::path& main) {
  Joiner joiner;
  joiner.add(main);
  return render(joiner.tokens());
}

std::string squeeze_script(std::string_view script) {
  return render(Scanner(script).scan());
}

std::string squeeze_style(std::string_view style) {
  std::string squeezed;
  bool is_blank = false;
  for (std::size_t at = 0; at < style.size(); ++at) {
    const char c = style[at];
    if (style.substr(at).starts_with("/*")) {
      at = std::min(style.find("*/", at), style.size() - 2) + 1;
    } else if (c == '"') {
      const std::size_t end = std::min(style.find('"', at + 1), style.size() - 1);
      if (is_blank) squeezed += ' ';
      squeezed += style.substr(at, end + 1 - at);
      is_blank = false;
      at = end;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      // Before a colon and around a plus or minus a blank has a meaning.
      is_blank = !squeezed.empty() &&
                 std::string_view("{};,>:").find(squeezed.back()) == std::string_view::npos;
    } else {
      if (c == '}' && squeezed.ends_with(';')) squeezed.pop_back();
      if (is_blank && std::string_view("{};,>").find(c) == std::string_view::npos) squeezed += ' ';
      is_blank = false;
      // 0.5 is .5
      const bool is_fraction = c == '0' && style.substr(at + 1).starts_with('.') &&
                               !squeezed.empty() && !is_word_byte(squeezed.back()) &&
                               squeezed.back() != '.';
      if (!is_fraction) squeezed += c;
    }
  }
  return squeezed;
}

std::string squeeze_markup(std::string_view markup) {
  std::string squeezed;
  for (const char c : markup) {
    const bool is_indentation = c == ' ' && (squeezed.empty() || squeezed.back() == '\n');
    if (!is_indentation) squeezed += c;
  }
  return squeezed;
}

}  // namespace rellama::web
