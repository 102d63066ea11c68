#include "terminal/line_editor.hpp"

#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <stop_token>
#include <system_error>
#include <utility>

#include "rellama/error.hpp"
#include "terminal/key_decoder.hpp"
#include "terminal/resize_watch.hpp"
#include "terminal/visible_text.hpp"
#include "wire/utf8.hpp"

namespace rellama::terminal {
namespace {

constexpr const char* kPasteMarksOn = "\x1b[?2004h";
constexpr const char* kPasteMarksOff = "\x1b[?2004l";

// In vi mode, the rest of an escape sequence arrives within this time, or it was the escape key.
// Otherwise nothing depends on that: libedit too waits for the key after it.
constexpr int kEscapeMilliseconds = 100;
constexpr int kDeadlineCheckMilliseconds = 100;

struct FileCloser {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

struct EditLineDeleter {
  void operator()(EditLine* line) const noexcept { el_end(line); }
};
struct HistoryDeleter {
  void operator()(HistoryW* history) const noexcept { history_wend(history); }
};

File open_copy(int fd, const char* mode) {
  return File(::fdopen(::fcntl(fd, F_DUPFD_CLOEXEC, 0), mode));
}

// For what libedit would print: its messages, and the line, which LineDisplay shows better.
File open_nowhere() {
  return File(std::fopen("/dev/null", "we"));
}

// No exception, such as for a lack of memory, may pass through libedit, which is written in C.
template <typename Result, typename Call>
Result guard(Result if_it_throws, Call call) noexcept {
  try {
    return call();
  } catch (const std::exception&) {
    return if_it_throws;
  }
}

// libedit classifies characters by the locale. Another encoding than UTF-8 is none that its input
// has, and the static program could not load the module for it.
void use_utf8() {
  const char* locale = std::setlocale(LC_CTYPE, "");
  if (locale == nullptr || std::string_view(locale).find("UTF-8") == std::string_view::npos) {
    if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) std::setlocale(LC_CTYPE, "C");
  }
}

std::wstring widen(std::string_view text) {
  KeyDecoder decoder;
  decoder.feed(text);
  std::wstring wide;
  while (const auto character = decoder.next()) wide += static_cast<wchar_t>(*character);
  return wide;
}

std::string narrow(std::wstring_view wide) {
  std::string text;
  for (const wchar_t character : wide) {
    wire::append_utf8(static_cast<char32_t>(character), text);
  }
  return text;
}

// libedit puts what is searched for below the line, after a word of its own.
std::string with_our_words(std::string line) {
  struct Word {
    std::string_view theirs;
    std::string_view ours;
  };
  constexpr std::array kWords{Word{"\nbck:", "\nsearch: "}, Word{"\nfwd:", "\nsearch forward: "},
                              Word{"\nbck?", "\nnot found: "}, Word{"\nfwd?", "\nnot found: "}};
  for (const auto& [theirs, ours] : kWords) {
    const auto found = line.find(theirs);
    if (found != std::string::npos) line.replace(found, theirs.size(), ours);
  }
  return line;
}

// The common prefix of all candidates.
std::string common_start(const std::vector<std::string>& candidates) {
  std::string start = candidates.front();
  for (const std::string& candidate : candidates) {
    const auto [differs, other] =
        std::mismatch(start.begin(), start.end(), candidate.begin(), candidate.end());
    start.erase(differs, start.end());
  }
  while (!start.empty() && (static_cast<unsigned char>(start.back()) & 0xC0U) == 0x80U) {
    start.pop_back();  // not half a character
  }
  return start;
}

}  // namespace

class LineEditor::Impl {
 public:
  Impl(int in, OutputStream& out, int out_fd, LineDisplay::Terminal terminal,
       std::optional<InputHistory> history, Completer completer)
      : in_(in),
        input_(open_copy(in, "r")),
        nowhere_(open_nowhere()),
        display_(out, terminal),
        has_paste_marks_(terminal == LineDisplay::Terminal::obeys),
        kept_(std::move(history)),
        completer_(std::move(completer)) {
    use_utf8();
    ::tcgetattr(in, &found_);
    if (input_ && nowhere_) {
      line_.reset(
          el_init_fd("rellama", input_.get(), nowhere_.get(), nowhere_.get(), in, out_fd, out_fd));
    }
    past_.reset(history_winit());
    if (!line_ || !past_) {
      throw Error(ErrorKind::internal, {.failed = "cannot read from the terminal",
                                        .why = std::generic_category().message(errno)});
    }
    prepare_history();
    prepare_editor();
    hold_typed_ahead();
  }
  ~Impl() { mark_pastes(false); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Line read(const std::string& prompt, const StopToken& stop) {
    display_.begin(prompt);
    stop_ = stop;
    stopped_ = false;
    const ResizeWatch resizes(wake_);
    const std::stop_callback wake(stop.std_token(), [this] { wake_.wake(); });
    int count = 0;
    take_terminal_back();
    mark_pastes(true);
    const wchar_t* text = el_wgets(line_.get(), &count);
    std::string line;
    const bool is_line = text != nullptr && count > 0;
    if (is_line) {
      line = narrow({text, static_cast<std::size_t>(count)});
      if (line.ends_with('\n')) line.pop_back();
      display_.show(line, {});
    }
    display_.leave();
    if (!is_line) return {stopped_ ? LineEnd::interrupted : LineEnd::end, {}};
    return {LineEnd::line, without_signs(line)};
  }

  void lend_terminal() {
    mark_pastes(false);
    is_lent_ = ::tcsetattr(in_, TCSADRAIN, &found_) == 0;
  }
  void take_terminal_back() {
    if (is_lent_) ::tcsetattr(in_, TCSADRAIN, &held_);
    is_lent_ = false;
  }

  void remember(std::string_view message) {
    enter(message);
    if (kept_) kept_->append(message);
  }

 private:
  static Impl& of(EditLine* line) {
    void* self = nullptr;
    el_wget(line, EL_CLIENTDATA, &self);
    return *static_cast<Impl*>(self);
  }

  // Between two lines the terminal keeps typed keys without echoing them into an answer. Ctrl-C
  // remains a signal.
  void hold_typed_ahead() {
    el_wset(line_.get(), EL_SETTY, L"-x", L"-icanon", L"-echo", L"-icrnl", nullptr);
    ::tcgetattr(in_, &held_);
  }

  void prepare_history() {
    HistEventW event{};
    history_w(past_.get(), &event, H_SETSIZE, static_cast<int>(InputHistory::kMostMessages));
    history_w(past_.get(), &event, H_SETUNIQUE, 1);
    if (!kept_) return;
    for (const std::string& message : kept_->read()) enter(message);
  }

  void prepare_editor() {
    EditLine* line = line_.get();
    el_wset(line, EL_CLIENTDATA, this);
    el_wset(line, EL_SIGNAL, 0);
    // The terminal would turn the CRLF of a paste into two line ends.
    el_wset(line, EL_SETTY, L"-d", L"-icrnl", L"-inlcr", nullptr);
    el_wset(line, EL_EDITOR, L"emacs");
    el_wset(line, EL_HIST, history_w, past_.get());
    el_wset(
        line, EL_GETCFN, +[](EditLine* of_line, wchar_t* key) {
          return guard(-1, [&] { return of(of_line).read_key(*key); });
        });
    el_wset(
        line, EL_ADDFN, L"rellama-complete", L"complete the word", +[](EditLine* of_line, wint_t) {
          return guard<unsigned char>(CC_ERROR, [&] { return of(of_line).complete(); });
        });
    el_wset(
        line, EL_ADDFN, L"rellama-clear-screen", L"clear the screen",
        +[](EditLine* of_line, wint_t) {
          of(of_line).display_.clear_screen();
          return static_cast<unsigned char>(CC_NORM);
        });
    struct Binding {
      const wchar_t* key;
      const wchar_t* command;
    };
    constexpr std::array kBindings{
        Binding{L"^I", L"rellama-complete"},     Binding{L"^R", L"em-inc-search-prev"},
        Binding{L"^L", L"rellama-clear-screen"}, Binding{L"\\e[1;5C", L"em-next-word"},
        Binding{L"\\e[1;5D", L"ed-prev-word"},   Binding{L"\\e[1;3C", L"em-next-word"},
        Binding{L"\\e[1;3D", L"ed-prev-word"},   Binding{L"\\e[H", L"ed-move-to-beg"},
        Binding{L"\\e[F", L"ed-move-to-end"},    Binding{L"\\e[3~", L"ed-delete-next-char"},
        Binding{L"^W", L"ed-delete-prev-word"},
    };
    for (const auto& [key, command] : kBindings) {
      el_wset(line, EL_BIND, key, command, nullptr);
    }
    el_source(line, nullptr);
  }

  void enter(std::string_view message) {
    HistEventW event{};
    history_w(past_.get(), &event, H_ENTER, widen(with_signs(message)).c_str());
  }

  // Pastes are marked for the whole session, because one may come while an answer is shown.
  void mark_pastes(bool on) const {
    if (has_paste_marks_) display_.write(on ? kPasteMarksOn : kPasteMarksOff);
  }

  void show_line() {
    const LineInfoW* info = el_wline(line_.get());
    const auto text = [](const wchar_t* begin, const wchar_t* end) {
      return with_our_words(narrow({begin, static_cast<std::size_t>(end - begin)}));
    };
    display_.show(text(info->buffer, info->cursor), text(info->cursor, info->lastchar));
  }

  [[nodiscard]] bool has_escape_key() const {
    const wchar_t* editor = nullptr;
    el_wget(line_.get(), EL_EDITOR, &editor);
    return editor != nullptr && std::wstring_view(editor) == L"vi";
  }

  // libedit calls this for a key: 1 and the key, 0 at the end of input, -1 to leave the line.
  int read_key(wchar_t& key) {
    while (true) {
      if (const auto character = keys_.next()) {
        key = static_cast<wchar_t>(*character);
        return 1;
      }
      if (stop_.reason()) {
        stopped_ = true;
        keys_ = {};
        return -1;
      }
      show_line();
      if (!wait_for_bytes()) continue;
      std::array<char, 4096> bytes{};
      const ssize_t count = ::read(in_, bytes.data(), bytes.size());
      if (count == 0) return 0;
      if (count < 0 && errno != EINTR && errno != EAGAIN) return errno == EIO ? 0 : -1;
      if (count > 0) keys_.feed({bytes.data(), static_cast<std::size_t>(count)});
    }
  }

  bool wait_for_bytes() {
    std::array<pollfd, 2> waiting{pollfd{.fd = in_, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = wake_.read_end(), .events = POLLIN, .revents = 0}};
    const bool may_be_key = keys_.may_be_key() && has_escape_key();
    const int idle = stop_.deadline() ? kDeadlineCheckMilliseconds : -1;
    const int ready =
        ::poll(waiting.data(), waiting.size(), may_be_key ? kEscapeMilliseconds : idle);
    if (ready == 0 && may_be_key) keys_.take_as_key();
    if (ready > 0 && waiting[1].revents != 0) {
      wake_.drain();
      el_resize(line_.get());
    }
    return ready > 0 && waiting[0].revents != 0;
  }

  unsigned char complete() {
    const LineInfoW* info = el_wline(line_.get());
    const std::string before = narrow(
        std::wstring_view(info->buffer, static_cast<std::size_t>(info->cursor - info->buffer)));
    const Completion found = completer_(before);
    if (found.candidates.empty()) return CC_REFRESH_BEEP;
    const std::string word = before.substr(std::min(found.begin, before.size()));
    std::string more = common_start(found.candidates);
    more.erase(0, std::min(word.size(), more.size()));
    const bool is_only = found.candidates.size() == 1;
    if (is_only && !found.candidates.front().ends_with('/')) more += ' ';
    if (!more.empty()) {
      el_winsertstr(line_.get(), widen(more).c_str());
      return CC_REFRESH;
    }
    if (is_only) return CC_REFRESH;
    std::string list;
    for (const std::string& candidate : found.candidates) list += one_line(candidate) + "  ";
    display_.leave();
    display_.write(list + "\n");
    return CC_NORM;
  }

  int in_;
  File input_;
  File nowhere_;
  LineDisplay display_;
  bool has_paste_marks_;
  WakePipe wake_;
  std::unique_ptr<EditLine, EditLineDeleter> line_;
  std::unique_ptr<HistoryW, HistoryDeleter> past_;
  std::optional<InputHistory> kept_;
  Completer completer_;
  KeyDecoder keys_;
  StopToken stop_;
  bool stopped_ = false;
  termios found_{};  // the terminal as we found it
  termios held_{};   // the terminal between two lines
  bool is_lent_ = false;
};

LineEditor::LineEditor(int in, OutputStream& out, int out_fd, LineDisplay::Terminal terminal,
                       std::optional<InputHistory> history, Completer completer)
    : impl_(std::make_unique<Impl>(in, out, out_fd, terminal, std::move(history),
                                   std::move(completer))) {}
LineEditor::~LineEditor() = default;

Line LineEditor::read(const std::string& prompt, const StopToken& stop) {
  return impl_->read(prompt, stop);
}

void LineEditor::lend_terminal() {
  impl_->lend_terminal();
}

void LineEditor::take_terminal_back() {
  impl_->take_terminal_back();
}

void LineEditor::remember(std::string_view message) {
  impl_->remember(message);
}

}  // namespace rellama::terminal
