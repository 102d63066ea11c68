#include "http/transfer.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <stop_token>
#include <utility>

#include "http/easy_options.hpp"
#include "http/loop.hpp"
#include "http/lower_case.hpp"
#include "http/transfer_state.hpp"

namespace rellama::http {
namespace {

constexpr std::size_t kMaxHeadBytes = std::size_t{256} << 10;

// A callback aborts the transfer by returning anything but the number of bytes it was given.
constexpr std::size_t kAbort = 0;

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// What a server sends that speaks TLS and cannot read a request: a record of TLS, mostly an alert.
bool is_tls_record(std::string_view bytes) {
  constexpr std::string_view kTypes = "\x14\x15\x16\x17";
  return bytes.size() >= 2 && kTypes.find(bytes[0]) != std::string_view::npos && bytes[1] == 3;
}

}  // namespace

std::string_view find_header(const Headers& headers, std::string_view name) noexcept {
  for (const auto& [header, value] : headers) {
    if (header == name) return value;
  }
  return {};
}

bool is_event_stream(const Headers& headers) {
  return lower_case(find_header(headers, "content-type")).starts_with("text/event-stream");
}

// No exception may pass through libcurl, which is written in C: for a lack of memory, the two
// callbacks abort the transfer.
std::size_t Transfer::State::take_header(char* data, std::size_t size, std::size_t count,
                                         void* user) noexcept {
  auto& state = *static_cast<State*>(user);
  const std::size_t length = size * count;
  state.header_bytes += length;
  if (state.header_bytes > kMaxHeadBytes) {
    state.too_large = "the response headers are too long";
    return kAbort;
  }
  try {
    state.add_header(trim({data, length}));
  } catch (const std::exception&) {
    state.out_of_memory = true;
    return kAbort;
  }
  return length;
}

void Transfer::State::add_header(std::string_view line) {
  if (line.starts_with("HTTP/")) {  // the final response follows interim ones such as 100
    head = {};
    head_complete = false;
  } else if (line.empty()) {
    const long status = get_info<CURLINFO_RESPONSE_CODE>(easy.get());
    head_complete = status >= 200;
    if (!head_complete) return;
    head.status = static_cast<int>(status);
    announce();
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    head.headers.emplace_back(lower_case(line.substr(0, colon)),
                              std::string(trim(line.substr(colon + 1))));
  }
}

std::size_t Transfer::State::take_bytes(char* data, std::size_t size, std::size_t count,
                                        void* user) noexcept {
  auto& state = *static_cast<State*>(user);
  const std::size_t length = size * count;
  if (!state.head_complete) {  // libcurl takes what is not HTTP/1 for HTTP/0.9
    state.not_http = is_tls_record({data, length}) ? NotHttp::tls : NotHttp::other;
    return kAbort;
  }
  // A few compressed bytes can expand to many before the caller gets to read any.
  if (state.bytes.size() + length > Loop::kMaxBodyBytes) {
    state.too_large = "the response is too long";
    return kAbort;
  }
  try {
    state.bytes.append(data, length);
    if (state.recorded) state.add_to_record({data, length});
  } catch (const std::exception&) {
    state.out_of_memory = true;
    return kAbort;
  }
  state.announce();
  return length;
}

int Transfer::State::begin_request(void* user, char* /*address*/, char* /*own_address*/,
                                   int /*port*/, int /*own_port*/) noexcept {
  static_cast<State*>(user)->is_connected = true;
  return CURL_PREREQFUNC_OK;
}

void Transfer::State::announce() noexcept {
  if (owner == nullptr || has_news) return;
  has_news = true;
  news->push_back(this);  // does not allocate: there is room for every transfer of the loop
}

Transfer::State::State(const Request& request)
    : easy(curl_easy_init()),
      body_to_send(request.body),
      keeps_connection(request.keeps_connection) {
  if (!easy) throw std::bad_alloc();
  set_options(request);
}

void Transfer::State::set_options(const Request& request) {
  CURL* handle = easy.get();
  set_option<CURLOPT_PRIVATE>(handle, this);
  set_option<CURLOPT_URL>(handle, request.url.c_str());
  set_option<CURLOPT_PROTOCOLS_STR>(handle, "http,https");
  set_option<CURLOPT_FOLLOWLOCATION>(handle, 0L);
  set_option<CURLOPT_NOSIGNAL>(handle, 1L);
  set_option<CURLOPT_ERRORBUFFER>(handle, error_text.data());
  set_option<CURLOPT_SUPPRESS_CONNECT_HEADERS>(handle, 1L);
  set_option<CURLOPT_HEADERFUNCTION>(handle, take_header);
  set_option<CURLOPT_HEADERDATA>(handle, this);
  set_option<CURLOPT_WRITEFUNCTION>(handle, take_bytes);
  set_option<CURLOPT_WRITEDATA>(handle, this);
  set_option<CURLOPT_HTTP09_ALLOWED>(handle, 1L);  // see take_bytes
  set_option<CURLOPT_PREREQFUNCTION>(handle, begin_request);
  set_option<CURLOPT_PREREQDATA>(handle, this);
  if (request.accepts_compression) set_option<CURLOPT_ACCEPT_ENCODING>(handle, "");
  if (request.may_reuse_connection) {
    set_option<CURLOPT_HTTP_VERSION>(handle, CURL_HTTP_VERSION_2TLS);
    // Rather wait for a connection that is being made than make another: HTTP/2 can share it. Over
    // plain http that would mean to wait for the response of another request.
    if (request.url.starts_with("https:")) set_option<CURLOPT_PIPEWAIT>(handle, 1L);
  } else {
    set_option<CURLOPT_HTTP_VERSION>(handle, CURL_HTTP_VERSION_1_1);
    set_option<CURLOPT_FRESH_CONNECT>(handle, 1L);
  }
  if (!request.keeps_connection) set_option<CURLOPT_FORBID_REUSE>(handle, 1L);
  if (request.method != "GET") {
    set_option<CURLOPT_POST>(handle, 1L);
    if (request.method != "POST") {
      set_option<CURLOPT_CUSTOMREQUEST>(handle, request.method.c_str());
    }
    set_option<CURLOPT_POSTFIELDSIZE_LARGE>(handle, static_cast<curl_off_t>(body_to_send.size()));
    set_option<CURLOPT_POSTFIELDS>(handle, body_to_send.data());
  }

  curl_slist* list = nullptr;
  const auto add = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list, line.c_str());
    if (longer == nullptr) {
      curl_slist_free_all(list);
      throw std::bad_alloc();
    }
    list = longer;
  };
  for (const auto& [name, value] : request.headers) add(name + ": " + value);
  add("Expect:");  // otherwise libcurl waits up to a second for a 100 before sending a long prompt
  if (request.method == "POST" && request.body.empty()) add("Content-Type:");  // it is not a form
  if (request.token != nullptr) {
    add("Authorization: Bearer " + std::string(request.token->reveal()));
  }
  if (request.gateway_header != nullptr) {
    add(request.gateway_header->name() + ": " + std::string(request.gateway_header->reveal()));
  }
  header_list.reset(list);
  set_option<CURLOPT_HTTPHEADER>(handle, list);
}

Transfer::Transfer(Loop& loop, std::unique_ptr<State> state)
    : loop_(&loop), state_(std::move(state)) {
  loop_->attach(*state_);
}

Transfer::Transfer(Transfer&&) noexcept = default;

Transfer& Transfer::operator=(Transfer&& other) noexcept {
  std::swap(loop_, other.loop_);
  std::swap(state_, other.state_);
  return *this;
}

Transfer::~Transfer() {
  if (state_) loop_->detach(*state_);
}

Transfer::Wake Transfer::wait(const StopToken& stop, Clock::time_point until) {
  const std::stop_callback wake(stop.std_token(), [this] { loop_->wake(); });
  const auto wait_until = std::min(until, stop.deadline().value_or(until));
  for (auto now = Clock::time_point::min();; now = wait_until) {  // at first without waiting
    loop_->turn(now);
    if (!state_->bytes.empty()) return Wake::bytes;
    if (state_->finished) return Wake::finished;
    if (take_head_news()) return Wake::bytes;
    if (stop.reason()) return Wake::stopped;
    if (Clock::now() >= until) return Wake::timed_out;
  }
}

std::string_view Transfer::bytes() const noexcept {
  return state_->bytes;
}

void Transfer::drop_bytes() noexcept {
  state_->bytes.clear();
}

int Transfer::status() const noexcept {
  return state_->head.status;
}

const Headers& Transfer::headers() const noexcept {
  return state_->head.headers;
}

const Head& Transfer::head() const noexcept {
  return state_->head;
}

bool Transfer::finished() const noexcept {
  return state_->finished;
}

void Transfer::report_news_of(void* owner) noexcept {
  state_->owner = owner;
}

bool Transfer::take_head_news() noexcept {
  return state_->head_complete && !std::exchange(state_->head_reported, true);
}

void Transfer::pause() noexcept {
  if (!state_->finished && !std::exchange(state_->paused, true)) {
    curl_easy_pause(state_->easy.get(), CURLPAUSE_RECV);
  }
}

void Transfer::resume() noexcept {
  if (std::exchange(state_->paused, false) && !state_->finished) {
    curl_easy_pause(state_->easy.get(), CURLPAUSE_CONT);
  }
}

}  // namespace rellama::http
