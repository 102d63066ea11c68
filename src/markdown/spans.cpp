// md4c parses and calls back. It may close a span it never opened, so open spans are kept here.

#include "markdown/spans.hpp"

#include <md4c.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "markdown/character_reference.hpp"
#include "markdown/flanking.hpp"

namespace rellama::markdown {
namespace {

// Precedes the text, so that it is not read as the start of a list or a heading.
constexpr std::string_view kParagraph = "a ";

constexpr std::string_view kMarks = "\x1e\x1f";  // kLetterMark and kLineBreakMark

std::string decode(const MD_ATTRIBUTE& attribute) {
  std::string text;
  if (attribute.text == nullptr || attribute.size == 0) return text;
  for (int i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const MD_OFFSET begin = attribute.substr_offsets[i];
    const std::string_view part(attribute.text + begin, attribute.substr_offsets[i + 1] - begin);
    if (attribute.substr_types[i] == MD_TEXT_ENTITY) {
      text += decode_reference(part);
    } else {
      for (const char c : part) {
        if (c != kLetterMark) text += c == kLineBreakMark ? ' ' : c;
      }
    }
  }
  return text;
}

std::optional<Span::Kind> kind_of(MD_SPANTYPE type) {
  switch (type) {
    case MD_SPAN_EM: return Span::Kind::emphasis;
    case MD_SPAN_STRONG: return Span::Kind::strong;
    case MD_SPAN_CODE: return Span::Kind::code;
    case MD_SPAN_DEL: return Span::Kind::strike;
    case MD_SPAN_A: return Span::Kind::link;
    case MD_SPAN_IMG: return Span::Kind::image;
    default: return std::nullopt;
  }
}

Span make_span(Span::Kind kind, const void* detail) {
  Span span{.kind = kind};
  if (kind == Span::Kind::link) {
    const auto* link = static_cast<const MD_SPAN_A_DETAIL*>(detail);
    span.address = decode(link->href);
    span.title = decode(link->title);
  } else if (kind == Span::Kind::image) {
    const auto* image = static_cast<const MD_SPAN_IMG_DETAIL*>(detail);
    span.address = decode(image->src);
    span.title = decode(image->title);
  }
  return span;
}

class Spans {
 public:
  explicit Spans(SpanSink& sink) : sink_(sink) {}

  void enter(MD_SPANTYPE type, void* detail) {
    const auto kind = kind_of(type);
    if (!kind) return;
    open_.push_back(make_span(*kind, detail));
    sink_.open_span(open_.back());
  }

  void leave(MD_SPANTYPE type) {
    if (kind_of(type) && !open_.empty()) close();
  }

  void finish() {
    while (!open_.empty()) close();
  }

  void text(MD_TEXTTYPE type, std::string_view text) {
    const std::size_t skipped = std::min(skip_, text.size());
    skip_ -= skipped;
    text.remove_prefix(skipped);
    if (type == MD_TEXT_ENTITY) {
      sink_.text(decode_reference(text));
    } else if (type == MD_TEXT_NULLCHAR) {
      sink_.text("\uFFFD");
    } else {
      send_lines(text);
    }
  }

  std::exception_ptr failure;  // what the sink threw

 private:
  void close() {
    sink_.close_span(open_.back());
    open_.pop_back();
  }

  void send_lines(std::string_view text) {
    while (true) {
      const std::size_t length = std::min(text.find_first_of(kMarks), text.size());
      if (length > 0) sink_.text(text.substr(0, length));
      if (length == text.size()) return;
      if (text[length] == kLineBreakMark) sink_.line_break();
      text.remove_prefix(length + 1);
    }
  }

  SpanSink& sink_;
  std::vector<Span> open_;
  std::size_t skip_ = kParagraph.size();
};

Spans& spans(void* user) {
  return *static_cast<Spans*>(user);
}

// md4c is C: no exception may leave these. One that would ends the parsing, and is thrown again
// after it.
template <typename Call>
int guard(void* user, Call call) noexcept {
  try {
    call(spans(user));
    return 0;
  } catch (...) {
    spans(user).failure = std::current_exception();
    return -1;
  }
}
int ignore_block(MD_BLOCKTYPE /*type*/, void* /*detail*/, void* /*user*/) noexcept {
  return 0;
}
int enter_span(MD_SPANTYPE type, void* detail, void* user) noexcept {
  return guard(user, [=](Spans& spans) { spans.enter(type, detail); });
}
int leave_span(MD_SPANTYPE type, void* /*detail*/, void* user) noexcept {
  return guard(user, [=](Spans& spans) { spans.leave(type); });
}
int take_text(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) noexcept {
  return guard(user, [=](Spans& spans) { spans.text(type, {text, size}); });
}

// md4c 0.4.8 closes spans it never opened when asked to find bare addresses. Terminals find those
// themselves.
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

void parse_spans(std::string_view text, SpanSink& sink) {
  const std::string paragraph = std::string(kParagraph) += with_letter_marks(text);
  Spans spans(sink);
  const int result =
      md_parse(paragraph.data(), static_cast<MD_SIZE>(paragraph.size()), &kParser, &spans);
  if (spans.failure) std::rethrow_exception(spans.failure);
  if (result != 0) throw std::bad_alloc();
  spans.finish();
}

}  // namespace rellama::markdown
