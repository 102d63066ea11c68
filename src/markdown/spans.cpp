// md4c parses, and calls back with spans; what is kept here is the stack of those that are open.

#include "terminal/markdown_spans.hpp"

#include <md4c.h>

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "terminal/visible_text.hpp"

namespace rellama::terminal {
namespace {

// In front of the text, so that it cannot be taken for the beginning of a list or a heading.
constexpr std::string_view kParagraph = "a ";

struct Reference {
  std::string_view name;
  std::string_view text;
};

// Those that occur in prose; md4c knows none. Others are shown as they are written.
constexpr std::array kReferences{
    Reference{"&amp;", "&"},    Reference{"&lt;", "<"},    Reference{"&gt;", ">"},
    Reference{"&quot;", "\""},  Reference{"&apos;", "'"},  Reference{"&nbsp;", "\u00A0"},
    Reference{"&copy;", "©"},   Reference{"&reg;", "®"},   Reference{"&trade;", "™"},
    Reference{"&hellip;", "…"}, Reference{"&ndash;", "–"}, Reference{"&mdash;", "—"},
    Reference{"&lsquo;", "‘"},  Reference{"&rsquo;", "’"}, Reference{"&ldquo;", "“"},
    Reference{"&rdquo;", "”"},  Reference{"&times;", "×"}, Reference{"&deg;", "°"},
    Reference{"&euro;", "€"},   Reference{"&rarr;", "→"},
};

std::string encode_utf8(std::uint32_t code) {
  const auto tail = [code](unsigned shift) {
    return static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | (code >> 6U)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | (code >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (code >> 18U)), tail(12), tail(6), tail(0)};
}

// "&#65;" or "&#x41;"
std::optional<std::string> decode_number(std::string_view entity) {
  if (!entity.starts_with("&#")) return std::nullopt;
  std::string_view digits = entity.substr(2, entity.size() - 3);
  const bool is_hex = digits.starts_with('x') || digits.starts_with('X');
  if (is_hex) digits.remove_prefix(1);
  std::uint32_t code = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, code, is_hex ? 16 : 10);
  if (error != std::errc{} || rest != end) return std::nullopt;
  const bool is_character = code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return is_character ? encode_utf8(code) : "\uFFFD";
}

std::string decode_reference(std::string_view entity) {
  for (const Reference& reference : kReferences) {
    if (reference.name == entity) return std::string(reference.text);
  }
  const auto decoded = decode_number(entity);
  if (!decoded) return std::string(entity);
  if (*decoded == "\n" || *decoded == "\t") return " ";
  VisibleText visible;
  std::string shown(visible.filter(*decoded));
  shown += visible.finish();
  return shown;
}

std::string decode(const MD_ATTRIBUTE& attribute) {
  std::string text;
  if (attribute.text == nullptr || attribute.size == 0) return text;
  for (int i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const MD_OFFSET begin = attribute.substr_offsets[i];
    const std::string_view part(attribute.text + begin, attribute.substr_offsets[i + 1] - begin);
    text +=
        attribute.substr_types[i] == MD_TEXT_ENTITY ? decode_reference(part) : std::string(part);
  }
  for (char& c : text) {
    if (c == kLineBreakMark) c = ' ';
  }
  return text;
}

struct SpanKind {
  MD_SPANTYPE type;
  TextStyle style;
  std::string_view mark;
};

constexpr std::array kKinds{
    SpanKind{MD_SPAN_EM, TextStyle::emphasis, "*"},
    SpanKind{MD_SPAN_STRONG, TextStyle::strong, "**"},
    SpanKind{MD_SPAN_CODE, TextStyle::code, "`"},
    SpanKind{MD_SPAN_DEL, TextStyle::strike, "~~"},
    SpanKind{MD_SPAN_A, TextStyle::underline, ""},
    SpanKind{MD_SPAN_IMG, TextStyle::underline, ""},
};

SpanKind kind_of(MD_SPANTYPE type) {
  for (const SpanKind& kind : kKinds) {
    if (kind.type == type) return kind;
  }
  return {type, TextStyle::plain, ""};
}

class Spans {
 public:
  Spans(SpanMarks marks, SpanSink& sink) : marks_(marks), sink_(sink) {}

  void enter(MD_SPANTYPE type, void* detail) {
    const SpanKind kind = kind_of(type);
    Open open{.style = style() | kind.style};
    if (type == MD_SPAN_A) {
      const auto* link = static_cast<const MD_SPAN_A_DETAIL*>(detail);
      open.address = decode(link->href);
      open.title = decode(link->title);
    } else if (type == MD_SPAN_IMG) {
      const auto* image = static_cast<const MD_SPAN_IMG_DETAIL*>(detail);
      open.address = decode(image->src);
      open.title = decode(image->title);
    }
    open_.push_back(std::move(open));
    print_mark(kind);
  }

  void leave(MD_SPANTYPE type) {
    if (open_.empty()) return;  // a parser's mistake must not become ours
    print_mark(kind_of(type));
    const Open closed = std::move(open_.back());
    open_.pop_back();
    if (type == MD_SPAN_A || type == MD_SPAN_IMG) print_address(closed);
    if (!open_.empty()) open_.back().text += closed.text;
  }

  void text(MD_TEXTTYPE type, std::string_view text) {
    const std::size_t skipped = std::min(skip_, text.size());
    skip_ -= skipped;
    text.remove_prefix(skipped);
    if (type == MD_TEXT_ENTITY) {
      print(decode_reference(text));
    } else if (type == MD_TEXT_NULLCHAR) {
      print("\uFFFD");
    } else {
      print_lines(text);
    }
  }

 private:
  struct Open {
    TextStyle style = TextStyle::plain;
    std::string address = {};
    std::string title = {};
    std::string text = {};  // what stands in it
  };

  [[nodiscard]] TextStyle style() const {
    return open_.empty() ? TextStyle::plain : open_.back().style;
  }

  void print_mark(const SpanKind& kind) {
    if (marks_ == SpanMarks::written && !kind.mark.empty()) sink_.span(kind.mark, style());
  }

  void print(std::string_view text) {
    if (text.empty()) return;
    if (!open_.empty()) open_.back().text += text;
    sink_.span(text, style());
  }

  void print_lines(std::string_view text) {
    while (true) {
      const std::size_t length = text.find(kLineBreakMark);
      print(text.substr(0, length));
      if (length == std::string_view::npos) return;
      sink_.line_break();
      text.remove_prefix(length + 1);
    }
  }

  // Where a link leads is always to be seen: its text may say anything.
  void print_address(const Open& link) {
    const bool is_shown = link.address == link.text || link.address == "mailto:" + link.text;
    std::string behind;
    if (!is_shown && !link.address.empty()) behind = link.address;
    if (!link.title.empty()) behind += (behind.empty() ? "\"" : " \"") + link.title + "\"";
    if (!behind.empty())
      sink_.span((link.text.empty() ? "(" : " (") + behind + ")", style() | TextStyle::faint);
  }

  SpanMarks marks_;
  SpanSink& sink_;
  std::vector<Open> open_;
  std::size_t skip_ = kParagraph.size();
};

Spans& spans(void* user) {
  return *static_cast<Spans*>(user);
}

// md4c is C: an exception that came out of these would have nowhere to go.
int ignore_block(MD_BLOCKTYPE /*type*/, void* /*detail*/, void* /*user*/) noexcept {
  return 0;
}
int enter_span(MD_SPANTYPE type, void* detail, void* user) noexcept {
  spans(user).enter(type, detail);
  return 0;
}
int leave_span(MD_SPANTYPE type, void* /*detail*/, void* user) noexcept {
  spans(user).leave(type);
  return 0;
}
int take_text(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) noexcept {
  spans(user).text(type, {text, size});
  return 0;
}

// Addresses that stand in the text as they are, terminals find themselves; md4c 0.4.8, asked to
// find them, closes spans that it never opened.
constexpr MD_PARSER kParser{
    .abi_version = 0,
    .flags = MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
    .enter_block = ignore_block,
    .leave_block = ignore_block,
    .enter_span = enter_span,
    .leave_span = leave_span,
    .text = take_text,
    .debug_log = nullptr,
    .syntax = nullptr,
};

}  // namespace

void print_spans(std::string_view text, SpanMarks marks, SpanSink& sink) {
  const std::string paragraph = std::string(kParagraph) += text;
  Spans spans(marks, sink);
  md_parse(paragraph.data(), static_cast<MD_SIZE>(paragraph.size()), &kParser, &spans);
}

void prepare_spans() {
  class Nobody final : public SpanSink {
    void span(std::string_view /*text*/, TextStyle /*style*/) override {}
    void line_break() override {}
  } nobody;
  print_spans("", SpanMarks::styles, nobody);
}

}  // namespace rellama::terminal
