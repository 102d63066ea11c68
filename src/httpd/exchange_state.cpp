#include "httpd/exchange_state.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

#include "httpd/hangups.hpp"
#include "httpd/tcp.hpp"

namespace rellama::httpd {
namespace {

/// libmicrohttpd reads a body in blocks of this size, which it allocates for each response. Chunks
/// do without them, except those sent to HTTP/1.0 clients.
constexpr std::size_t kBlockSize = 32 * 1024;
constexpr std::size_t kBlockSizeOfChunks = 1024;

/// A buffer that has grown beyond this is not kept for the next piece.
constexpr std::size_t kSmallBuffer = 4 * 1024;

struct DestroyResponse {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Response = std::unique_ptr<MHD_Response, DestroyResponse>;

int socket_of(MHD_Connection* connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

ssize_t read_body(void* state, std::uint64_t, char* to, std::size_t size) noexcept {
  try {
    return (*static_cast<std::shared_ptr<ExchangeState>*>(state))->read(to, size);
  } catch (...) {
    return MHD_CONTENT_READER_END_WITH_ERROR;
  }
}

void release_body(void* state) noexcept {
  delete static_cast<std::shared_ptr<ExchangeState>*>(state);
}

}  // namespace

ExchangeState::ExchangeState(MHD_Connection* connection, Watcher& watcher, bool head_only)
    : watcher_(watcher),
      id_(watcher.new_id()),
      socket_(socket_of(connection)),
      head_only_(head_only),
      connection_(connection) {}

void ExchangeState::reply(Reply reply) {
  const Lock lock(mutex_);
  if (is_over() || head_ || ending_ != Ending::open) return;
  head_ = {.status = reply.status, .headers = std::move(reply.headers)};
  whole_ = true;
  body_ = std::move(reply.body);
  ending_ = Ending::complete;
  resume();
}

void ExchangeState::begin(Head head) {
  const Lock lock(mutex_);
  if (is_over() || head_ || ending_ != Ending::open) return;
  head_ = std::move(head);
  resume();
}

void ExchangeState::send(std::string_view bytes) {
  const Lock lock(mutex_);
  if (is_over() || gone_ || ending_ != Ending::open || bytes.empty()) return;
  body_.append(bytes);
  if (head_) resume();
}

void ExchangeState::end(Ending ending) {
  const Lock lock(mutex_);
  if (is_over() || ending_ != Ending::open) return;
  ending_ = ending;
  resume();
}

void ExchangeState::abandon() {
  reply({.status = 500,
         .headers = {{"Content-Type", "text/plain"}},
         .body = "the server did not answer\n"});
  end(Ending::aborted);
}

void ExchangeState::on_ready(std::function<void()> ready) {
  auto callback = std::make_shared<const std::function<void()>>(std::move(ready));
  const Lock lock(mutex_);
  if (is_over() || gone_) return;
  on_ready_.swap(callback);
  woken_ = true;
  resume();
}

void ExchangeState::on_gone(std::function<void()> gone) {
  {
    const Lock lock(mutex_);
    if (!gone_) {
      if (is_over() || ending_ != Ending::open) return;
      on_gone_ = std::make_shared<const std::function<void()>>(std::move(gone));
      return;
    }
  }
  gone();
}

void ExchangeState::wake_at(Watcher::Clock::time_point time) {
  const Lock lock(mutex_);
  if (!is_over()) watcher_.schedule(id_, weak_from_this(), time);
}

bool ExchangeState::is_gone() const {
  const Lock lock(mutex_);
  return gone_;
}

bool ExchangeState::has_hung_up() const {
  const Lock lock(mutex_);
  return gone_ || (!is_over() && httpd::has_hung_up(socket_));
}

void ExchangeState::wake() {
  const Lock lock(mutex_);
  woken_ = true;
  resume();
}

void ExchangeState::hung_up() {
  Callback gone;
  {
    const Lock lock(mutex_);
    if (is_over() || gone_) return;
    gone_ = true;
    if (ending_ == Ending::open) gone.swap(on_gone_);
    resume();
  }
  if (gone) (*gone)();
}

void ExchangeState::resume() {
  if (!suspended_) return;
  suspended_ = false;
  MHD_resume_connection(connection_);
}

MHD_Result ExchangeState::answer() {
  Lock lock(mutex_);
  bool asked = false;
  while (true) {
    if (gone_ || stopping_) return MHD_NO;
    if (head_) return queue_response(lock);
    if (ending_ == Ending::reset) reset_connection(socket_);
    if (ending_ != Ending::open) return MHD_NO;
    if (!wait(lock, asked)) return MHD_YES;
  }
}

MHD_Result ExchangeState::queue_response(Lock& lock) {
  MHD_Connection* const connection = connection_;
  const auto status = static_cast<unsigned int>(head_->status);
  const auto length = head_->length;
  const Headers headers = std::exchange(head_->headers, {});
  // libmicrohttpd 0.9.75 sends the last chunk even in reply to HEAD.
  const bool whole = whole_ || (head_only_ && !length);
  std::string body;
  if (whole) body.swap(body_);
  // libmicrohttpd locks a response while it reads the body, and also below.
  lock.unlock();

  Response response;
  if (whole) {
    response.reset(
        MHD_create_response_from_buffer(body.size(), body.data(), MHD_RESPMEM_MUST_COPY));
  } else {
    auto self = std::make_unique<std::shared_ptr<ExchangeState>>(shared_from_this());
    response.reset(MHD_create_response_from_callback(length.value_or(MHD_SIZE_UNKNOWN),
                                                     length ? kBlockSize : kBlockSizeOfChunks,
                                                     read_body, self.get(), release_body));
    if (response) static_cast<void>(self.release());
  }
  if (!response) return MHD_NO;
  for (const auto& [name, value] : headers) {
    MHD_add_response_header(response.get(), name.c_str(), value.c_str());
  }
  return MHD_queue_response(connection, status, response.get());
}

ssize_t ExchangeState::read(char* to, std::size_t size) {
  Lock lock(mutex_);
  bool asked = false;
  while (true) {
    if (gone_ || stopping_) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (taken_ < body_.size()) {
      std::size_t count = std::min(size, body_.size() - taken_);
      if (head_->largest_chunk > 0) count = std::min(count, head_->largest_chunk);
      std::memcpy(to, body_.data() + taken_, count);
      taken_ += count;
      if (taken_ == body_.size()) {
        taken_ = 0;
        body_.clear();
        if (body_.capacity() > kSmallBuffer) body_.shrink_to_fit();
      }
      return static_cast<ssize_t>(count);
    }
    switch (ending_) {
      case Ending::open: break;
      case Ending::complete: return MHD_CONTENT_READER_END_OF_STREAM;
      case Ending::reset: reset_connection(socket_); [[fallthrough]];
      case Ending::aborted: return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (!wait(lock, asked)) return 0;
  }
}

bool ExchangeState::wait(Lock& lock, bool& asked) {
  if (woken_ || !asked) {
    woken_ = false;
    asked = true;
    if (on_ready_) call_ready(lock);
    return true;
  }
  if (!watcher_.watch(id_, weak_from_this(), socket_)) {
    stopping_ = true;
    return true;
  }
  suspended_ = true;
  MHD_suspend_connection(connection_);
  return false;
}

void ExchangeState::call_ready(Lock& lock) {
  Callback ready = on_ready_;
  lock.unlock();
  try {
    (*ready)();
  } catch (const std::exception& error) {
    reply({.status = 500, .headers = {{"Content-Type", "text/plain"}}, .body = error.what()});
    end(Ending::aborted);
  }
  ready.reset();
  lock.lock();
}

void ExchangeState::completed() {
  // Callbacks often hold an Exchange, and thereby this object: dropping them breaks the cycle.
  Callback gone;
  Callback ready;
  bool unfinished = false;
  {
    const Lock lock(mutex_);
    connection_ = nullptr;
    unfinished = ending_ == Ending::open && !gone_;
    gone_ = gone_ || unfinished;
    gone.swap(on_gone_);
    ready.swap(on_ready_);
  }
  watcher_.forget(id_);
  if (unfinished && gone) (*gone)();
}

}  // namespace rellama::httpd
