#include "http/loop.hpp"

#include <algorithm>
#include <charconv>
#include <new>
#include <stdexcept>
#include <utility>

#include "http/authorities.hpp"
#include "http/easy_options.hpp"
#include "http/handle.hpp"
#include "http/transfer_state.hpp"

namespace rellama::http {
namespace {

using Clock = std::chrono::steady_clock;

// Initializes libcurl once per process, before any of our threads uses it.
void initialize_libcurl() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
}

// The Content-Length of the response, at most 4 MiB since it cannot be trusted; 0 if there is none.
std::size_t announced_size(const Transfer& transfer) {
  const std::string_view text = find_header(transfer.headers(), "content-length");
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  return error == std::errc() ? std::min(size, std::size_t{4} << 20) : 0;
}

}  // namespace

struct Loop::Multi {
  MultiHandle handle;
};

Loop::Loop(ConnectionOptions options) : options_(std::move(options)) {
  initialize_libcurl();
  multi_ = std::make_unique<Multi>(Multi{MultiHandle(curl_multi_init())});
  if (!multi_->handle) throw std::bad_alloc();
}

Loop::~Loop() = default;

Transfer Loop::open(const Request& request) {
  auto state = std::make_unique<Transfer::State>(request);
  CURL* handle = state->easy.get();
  set_option<CURLOPT_CONNECTTIMEOUT_MS>(handle,
                                        static_cast<long>(options_.connect_timeout.count()));
  set_option<CURLOPT_USERAGENT>(handle, options_.user_agent.c_str());
  if (request.url.starts_with("https:")) trust_authorities(handle, options_.ca_file);
  if (!options_.proxy.empty()) set_option<CURLOPT_PROXY>(handle, options_.proxy.c_str());
  return Transfer(*this, std::move(state));
}

std::optional<Failure> Loop::finish(Transfer& transfer, Response& response, const StopToken& stop,
                                    Clock::time_point until) {
  using Cause = Failure::Cause;
  while (true) {
    switch (transfer.wait(stop, until)) {
      case Transfer::Wake::bytes:
        if (response.body.empty()) response.body.reserve(announced_size(transfer));
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
  const auto until = Clock::now() + duration;
  while (!stop.reason() && Clock::now() < until) idle(stop, until);
}

void Loop::attach(Transfer::State& state) {
  curl_multi_add_handle(multi_->handle.get(), state.easy.get());
}

void Loop::detach(Transfer::State& state) noexcept {
  curl_multi_remove_handle(multi_->handle.get(), state.easy.get());
}

void Loop::advance() {
  int running = 0;
  curl_multi_perform(multi_->handle.get(), &running);
  int queued = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_->handle.get(), &queued)) {
    if (message->msg != CURLMSG_DONE) continue;
    auto* state =
        reinterpret_cast<Transfer::State*>(get_info<CURLINFO_PRIVATE>(message->easy_handle));
    state->finished = true;
    state->result = message->data.result;
  }
}

void Loop::idle(const StopToken& stop, Clock::time_point until) {
  CURLM* handle = multi_->handle.get();
  const std::stop_callback wake(stop.std_token(), [handle] { curl_multi_wakeup(handle); });
  if (const auto deadline = stop.deadline()) until = std::min(until, *deadline);
  // Rounded up: waking up too early would only cause another iteration.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  const auto bounded = std::clamp<std::int64_t>(left.count(), 0, 60'000);
  curl_multi_poll(handle, nullptr, 0, static_cast<int>(bounded), nullptr);
}

}  // namespace rellama::http
