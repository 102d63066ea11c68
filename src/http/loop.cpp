#include "http/loop.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <stdexcept>
#include <stop_token>
#include <utility>

#include "http/authorities.hpp"
#include "http/easy_options.hpp"
#include "http/handle.hpp"
#include "http/transfer_state.hpp"
#include "http/waiter.hpp"

namespace rellama::http {
namespace {

// With libcurl's default of 16 KiB, a fast stream needs a system call per thousand tokens. Among
// many transfers, none is that fast.
constexpr long kReadBytes = 128L << 10;
constexpr long kReadBytesOfMany = 16L << 10;
constexpr std::size_t kMany = 8;

// Initializes libcurl once per process, before any of our threads uses it.
void initialize_libcurl() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
}

std::unique_ptr<Waiter> make_waiter() {
  auto waiter = make_epoll_waiter();
  return waiter ? std::move(waiter) : make_poll_waiter();
}

long max_connections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;  // no limit
  return static_cast<long>(std::min<rlim_t>(limit.rlim_cur / 4 * 3, 100'000));
}

}  // namespace

std::size_t announced_size(const Headers& headers) noexcept {
  const std::string_view text = find_header(headers, "content-length");
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  return error == std::errc() ? std::min(size, std::size_t{4} << 20) : 0;
}

// What libcurl's callbacks write to.
struct Loop::Core {
  static int watch(CURL* /*easy*/, curl_socket_t socket, int what, void* user,
                   void* /*socket_data*/) noexcept {
    const bool read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
    const bool write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
    static_cast<Core*>(user)->waiter->watch(socket, read, write);
    return 0;
  }

  static int set_timer(CURLM* /*multi*/, long milliseconds, void* user) noexcept {
    auto& timer = static_cast<Core*>(user)->timer;
    timer =
        milliseconds < 0 ? Step::kNever : Clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }

  void act(curl_socket_t socket, int what) {
    int running = 0;
    curl_multi_socket_action(multi.get(), socket, what, &running);
  }

  void collect_ended() {
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto* state =
          reinterpret_cast<Transfer::State*>(get_info<CURLINFO_PRIVATE>(message->easy_handle));
      state->finished = true;
      state->result = message->data.result;
      state->announce();
    }
  }

  std::unique_ptr<Waiter> waiter;  // before `multi`, which stops watching its sockets when it ends
  std::vector<Waiter::Ready> ready = {};
  Clock::time_point timer = Step::kNever;  // when libcurl wants to be called
  std::vector<Transfer::State*> news = {};
  std::size_t transfers = 0;
  MultiHandle multi = {};
};

Loop::Loop(ConnectionOptions options) : options_(std::move(options)) {
  initialize_libcurl();
  core_ = std::make_unique<Core>(Core{.waiter = make_waiter()});
  core_->multi.reset(curl_multi_init());
  if (!core_->multi) throw std::bad_alloc();
  CURLM* multi = core_->multi.get();
  set_option<CURLMOPT_SOCKETFUNCTION>(multi, &Core::watch);
  set_option<CURLMOPT_SOCKETDATA>(multi, core_.get());
  set_option<CURLMOPT_TIMERFUNCTION>(multi, &Core::set_timer);
  set_option<CURLMOPT_TIMERDATA>(multi, core_.get());
  set_option<CURLMOPT_MAX_TOTAL_CONNECTIONS>(multi, max_connections());
}

Loop::~Loop() = default;

Transfer Loop::open(const Request& request) {
  auto state = std::make_unique<Transfer::State>(request);
  CURL* handle = state->easy.get();
  set_option<CURLOPT_CONNECTTIMEOUT_MS>(handle,
                                        static_cast<long>(options_.connect_timeout.count()));
  set_option<CURLOPT_USERAGENT>(handle, options_.user_agent.c_str());
  set_option<CURLOPT_BUFFERSIZE>(handle, core_->transfers < kMany ? kReadBytes : kReadBytesOfMany);
  if (request.url.starts_with("https:")) trust_authorities(handle, options_.ca_file);
  if (!options_.proxy.empty()) set_option<CURLOPT_PROXY>(handle, options_.proxy.c_str());
  return Transfer(*this, std::move(state));
}

void Loop::turn(Clock::time_point until) {
  Core& core = *core_;
  if (core.timer > Clock::now()) {
    core.waiter->wait(core.news.empty() ? std::min(until, core.timer) : Clock::time_point::min(),
                      core.ready);
    for (const Waiter::Ready& ready : core.ready) {
      core.act(ready.socket,
               (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0));
    }
  }
  if (core.timer <= Clock::now()) {
    core.timer = Step::kNever;
    core.act(CURL_SOCKET_TIMEOUT, 0);
  }
  core.collect_ended();
}

void Loop::wake() noexcept {
  core_->waiter->wake();
}

void Loop::take_news(std::vector<void*>& owners) {
  owners.clear();
  for (Transfer::State* state : core_->news) {
    state->has_news = false;
    owners.push_back(state->owner);
  }
  core_->news.clear();
}

std::optional<Failure> Loop::finish(Transfer& transfer, Response& response, const StopToken& stop,
                                    Clock::time_point until) {
  using Cause = Failure::Cause;
  while (true) {
    switch (transfer.wait(stop, until)) {
      case Transfer::Wake::bytes:
        if (response.body.empty()) response.body.reserve(announced_size(transfer.headers()));
        response.body += transfer.bytes();
        transfer.drop_bytes();
        if (response.body.size() > kMaxBodyBytes) {
          return Failure{Cause::too_large, true, "the response is too long"};
        }
        break;
      case Transfer::Wake::finished:
        response.status = transfer.status();
        response.headers = transfer.headers();
        return transfer.failure();
      case Transfer::Wake::timed_out:
        return Failure{Cause::timed_out, transfer.request_sent(), "the request timed out"};
      case Transfer::Wake::stopped:
        return Failure{Cause::stopped, transfer.request_sent(), "stopped"};
    }
  }
}

void Loop::sleep(std::chrono::milliseconds duration, const StopToken& stop) {
  const std::stop_callback callback(stop.std_token(), [this] { wake(); });
  auto until = Clock::now() + duration;
  if (const auto deadline = stop.deadline()) until = std::min(until, *deadline);
  while (!stop.reason() && Clock::now() < until) turn(until);
}

void Loop::attach(Transfer::State& state) {
  core_->news.reserve(++core_->transfers);
  state.news = &core_->news;
  curl_multi_add_handle(core_->multi.get(), state.easy.get());
}

void Loop::detach(Transfer::State& state) noexcept {
  curl_multi_remove_handle(core_->multi.get(), state.easy.get());
  if (state.has_news) std::erase(core_->news, &state);
  --core_->transfers;
}

}  // namespace rellama::http
