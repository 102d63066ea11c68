#include "terminal/line_editor.hpp"

#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
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
#include "wire/utf8.hpp"

namespace rellama::terminal {
namespace {

constexpr const char* kPasteMarksOn = "\x1b[?2004h";
constexpr const char* kPasteMarksOff = "\x1b[?2004l";

// The rest of an escape sequence arrives within this time, or it was the escape key.
constexpr int kEscapeMilliseconds = 30;
constexpr int kDeadlineCheckMilliseconds = 100;

// The write end of the pipe that wakes the reader, global for the signal handler.
int wake_descriptor = -1;

void wake_up(int /*signal*/) {
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(wake_descriptor, "", 1);
  errno = error;
}

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      throw Error(ErrorKind::internal, {.failed = "cannot read from the terminal",
                                        .why = std::generic_category().message(errno)});
    }
  }
  ~Pipe() {
    for (const int end : ends) ::close(end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void drain() const {
    std::array<char, 64> bytes{};
    while (::read(ends[0], bytes.data(), bytes.size()) > 0) {
    }
  }

  std::array<int, 2> ends{};
};

// Wakes the reader when the terminal is resized.
class ResizeWatch {
 public:
  explicit ResizeWatch(int wake) {
    wake_descriptor = wake;
    struct sigaction action {};
    action.sa_handler = wake_up;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGWINCH, &action, &previous_);
  }
  ~ResizeWatch() {
    ::sigaction(SIGWINCH, &previous_, nullptr);
    wake_descriptor = -1;
  }
  ResizeWatch(const ResizeWatch&) = delete;
  ResizeWatch& operator=(const ResizeWatch&) = delete;

 private:
  struct sigaction previous_ {};
};

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

// No exception, such as for a lack of memory, may pass through libedit, which is written in C.
template <typename Result, typename Call>
Result guard(Result if_it_throws, Call call) noexcept {
  try {
    return call();
  } catch (const std::exception&) {
    return if_it_throws;
  }
}

// What cannot be shown is dropped: reading a key notices the reason.
void write_to(void* stream, std::string_view bytes) noexcept {
  guard(0, [&] {
    static_cast<OutputStream*>(stream)->write(bytes);
    return 0;
  });
}

// A C stream that writes to `out`, so that a stop ends it.
File open_writer(OutputStream& out) {
#ifdef __GLIBC__
  cookie_io_functions_t calls{};
  calls.write = [](void* stream, const char* bytes, std::size_t size) -> ssize_t {
    write_to(stream, {bytes, size});
    return static_cast<ssize_t>(size);
  };
  return File(::fopencookie(&out, "w", calls));
#else
  return File(::funopen(
      &out, nullptr,
      [](void* stream, const char* bytes, int size) {
        write_to(stream, {bytes, static_cast<std::size_t>(size)});
        return size;
      },
      nullptr, nullptr));
#endif
}

// libedit measures and writes characters in the locale's character set.
void use_utf8() {
  const char* locale = std::setlocale(LC_CTYPE, "");
  if (locale == nullptr || std::string_view(locale).find("UTF-8") == std::string_view::npos) {
    std::setlocale(LC_CTYPE, "C.UTF-8");
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
  Impl(int in, OutputStream& out, int out_fd, std::optional<InputHistory> history,
       Completer completer)
      : in_(in),
        input_(open_copy(in, "r")),
        output_(open_writer(out)),
        kept_(std::move(history)),
        completer_(std::move(completer)) {
    use_utf8();
    ::tcgetattr(in, &found_);
    if (input_ && output_) {
      line_.reset(
          el_init_fd("rellama", input_.get(), output_.get(), output_.get(), in, out_fd, out_fd));
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

  Line read(const std::string& prompt, const StopToken& stop) {
    prompt_ = widen(prompt);
    stop_ = stop;
    stopped_ = false;
    const ResizeWatch resizes(wake_.ends[1]);
    const std::stop_callback wake(stop.std_token(), [this] {
      [[maybe_unused]] const ssize_t written = ::write(wake_.ends[1], "", 1);
    });
    show(kPasteMarksOn);
    int count = 0;
    take_terminal_back();
    const wchar_t* text = el_wgets(line_.get(), &count);
    show(kPasteMarksOff);
    if (text == nullptr || count <= 0) {
      show("\n");
      return {stopped_ ? LineEnd::interrupted : LineEnd::end, {}};
    }
    std::wstring_view line(text, static_cast<std::size_t>(count));
    if (line.ends_with(L'\n')) line.remove_suffix(1);
    return {LineEnd::line, without_signs(narrow(line))};
  }

  void lend_terminal() { is_lent_ = ::tcsetattr(in_, TCSADRAIN, &found_) == 0; }
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
    el_wset(line, EL_EDITOR, L"emacs");
    el_wset(line, EL_HIST, history_w, past_.get());
    el_wset(
        line, EL_PROMPT, +[](EditLine* of_line) { return of(of_line).prompt_.data(); });
    el_wset(
        line, EL_GETCFN, +[](EditLine* of_line, wchar_t* key) {
          return guard(-1, [&] { return of(of_line).read_key(*key); });
        });
    el_wset(
        line, EL_ADDFN, L"rellama-complete", L"complete the word", +[](EditLine* of_line, wint_t) {
          return guard<unsigned char>(CC_ERROR, [&] { return of(of_line).complete(); });
        });
    struct Binding {
      const wchar_t* key;
      const wchar_t* command;
    };
    constexpr std::array kBindings{
        Binding{L"^I", L"rellama-complete"},        Binding{L"^R", L"em-inc-search-prev"},
        Binding{L"\\e[1;5C", L"em-next-word"},      Binding{L"\\e[1;5D", L"ed-prev-word"},
        Binding{L"\\e[1;3C", L"em-next-word"},      Binding{L"\\e[1;3D", L"ed-prev-word"},
        Binding{L"\\e[H", L"ed-move-to-beg"},       Binding{L"\\e[F", L"ed-move-to-end"},
        Binding{L"\\e[3~", L"ed-delete-next-char"}, Binding{L"^W", L"ed-delete-prev-word"},
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

  void show(std::string_view text) const {
    std::fwrite(text.data(), 1, text.size(), output_.get());
    std::fflush(output_.get());
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
                                  pollfd{.fd = wake_.ends[0], .events = POLLIN, .revents = 0}};
    const int idle = stop_.deadline() ? kDeadlineCheckMilliseconds : -1;
    const int ready =
        ::poll(waiting.data(), waiting.size(), keys_.waits_for_mark() ? kEscapeMilliseconds : idle);
    if (ready == 0) keys_.give_up_mark();
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
    std::string list = "\n";
    for (const std::string& candidate : found.candidates) list += candidate + "  ";
    show(list + "\n");
    return CC_REDISPLAY;
  }

  int in_;
  File input_;
  File output_;
  Pipe wake_;
  std::unique_ptr<EditLine, EditLineDeleter> line_;
  std::unique_ptr<HistoryW, HistoryDeleter> past_;
  std::optional<InputHistory> kept_;
  Completer completer_;
  KeyDecoder keys_;
  std::wstring prompt_;
  StopToken stop_;
  bool stopped_ = false;
  termios found_{};  // the terminal as we found it
  termios held_{};   // the terminal between two lines
  bool is_lent_ = false;
};

LineEditor::LineEditor(int in, OutputStream& out, int out_fd, std::optional<InputHistory> history,
                       Completer completer)
    : impl_(std::make_unique<Impl>(in, out, out_fd, std::move(history), std::move(completer))) {}
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
