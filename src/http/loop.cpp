#include "http/loop.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <new>
#include <stdexcept>
#include <stop_token>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "http/easy_options.hpp"
#include "http/handle.hpp"
#include "http/proxy.hpp"
#include "http/transfer_state.hpp"
#include "http/url.hpp"
#include "http/waiter.hpp"

namespace rellama::http {
namespace {

// With libcurl's default of 16 KiB, a fast stream needs a system call per thousand tokens. Among
// many transfers, none is that fast, and each has a buffer of its own.
constexpr long kReadBytes = 128L << 10;
constexpr long kReadBytesOfMany = 2L << 10;
constexpr std::size_t kMany = 8;

// A server can name any number of hosts for the files of a run.
constexpr std::size_t kMostRoots = 100;

// Initializes libcurl once per process, before any of our threads uses it.
void initialize_libcurl() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
}

std::unique_ptr<Waiter> make_waiter() {
  auto waiter = make_epoll_waiter();
  return waiter ? std::move(waiter) : make_poll_waiter();
}

// Scheme and authority of a URL.
std::string_view root_of(std::string_view url) {
  const std::size_t authority = url.find("://");
  return authority == std::string_view::npos ? url : url.substr(0, url.find('/', authority + 3));
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

// One of libcurl's sets of transfers and connections. Its callbacks write here.
struct Loop::Multi {
  Multi(Core& loop, long max_connections) : core(loop), handle(curl_multi_init()) {
    if (!handle) throw std::bad_alloc();
    CURLM* multi = handle.get();
    set_option<CURLMOPT_SOCKETFUNCTION>(multi, &Multi::watch);
    set_option<CURLMOPT_SOCKETDATA>(multi, this);
    set_option<CURLMOPT_TIMERFUNCTION>(multi, &Multi::set_timer);
    set_option<CURLMOPT_TIMERDATA>(multi, this);
    set_option<CURLMOPT_MAX_TOTAL_CONNECTIONS>(multi, max_connections);
  }

  static int watch(CURL* easy, curl_socket_t socket, int what, void* user,
                   void* socket_data) noexcept;

  static int set_timer(CURLM* /*multi*/, long milliseconds, void* user) noexcept {
    static_cast<Multi*>(user)->timer =
        milliseconds < 0 ? Step::kNever : Clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }

  void act(curl_socket_t socket, int what) {
    int running = 0;
    const CURLMcode code = curl_multi_socket_action(handle.get(), socket, what, &running);
    if (code == CURLM_OUT_OF_MEMORY) out_of_memory = true;
  }

  void act_if_due() {
    if (timer > Clock::now()) return;
    timer = Step::kNever;
    act(CURL_SOCKET_TIMEOUT, 0);
  }

  void collect_ended() {
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(handle.get(), &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto* state =
          reinterpret_cast<Transfer::State*>(get_info<CURLINFO_PRIVATE>(message->easy_handle));
      state->finished = true;
      state->result = message->data.result;
      state->announce();
    }
  }

  Core& core;
  Clock::time_point timer = Step::kNever;  // when libcurl wants to be called
  bool out_of_memory = false;              // so that some transfer may never end
  MultiHandle handle;
};

struct Loop::Core {
  [[nodiscard]] Multi& multi_for(bool keeps_connection) {
    if (keeps_connection) return *shared;
    if (!separate) separate = std::make_unique<Multi>(*this, max_connections());
    return *separate;
  }

  [[nodiscard]] Clock::time_point timer() const {
    return separate ? std::min(shared->timer, separate->timer) : shared->timer;
  }

  void act_if_due() {
    shared->act_if_due();
    if (separate) separate->act_if_due();
  }

  void collect_ended() {
    shared->collect_ended();
    if (separate) separate->collect_ended();
  }

  [[nodiscard]] bool take_out_of_memory() {
    const bool is_shared = std::exchange(shared->out_of_memory, false);
    return (separate && std::exchange(separate->out_of_memory, false)) || is_shared;
  }

  std::unique_ptr<Waiter> waiter;  // before the multis, which stop watching when they end
  std::vector<Waiter::Ready> ready = {};
  std::vector<Transfer::State*> news = {};
  std::size_t transfers = 0;
  std::unordered_set<curl_socket_t> sockets_of_separate = {};
  std::unordered_map<std::string, bool> on_this_machine = {};  // by root_of(URL)
  std::unique_ptr<Multi> shared = {};
  // The requests that leave no connection behind. libcurl takes a host that answered one of these
  // with HTTP/1.1 for one that cannot multiplex, so they are kept apart.
  std::unique_ptr<Multi> separate = {};
};

int Loop::Multi::watch(CURL* /*easy*/, curl_socket_t socket, int what, void* user,
                       void* /*socket_data*/) noexcept {
  const bool read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  const bool write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  auto& multi = *static_cast<Multi*>(user);
  Core& core = multi.core;
  // No exception may pass through libcurl. It could not be used any more if this returned -1.
  try {
    if (&multi == core.separate.get() && (read || write)) {
      core.sockets_of_separate.insert(socket);
    } else {
      core.sockets_of_separate.erase(socket);
    }
    core.waiter->watch(socket, read, write);
  } catch (const std::exception&) {
    multi.out_of_memory = true;
  }
  return 0;
}

Loop::Loop(ConnectionOptions options)
    : options_(std::move(options)), authorities_(options_.authorities) {
  initialize_libcurl();
  if (!options_.proxy.empty()) check_proxy(options_.proxy, "--proxy");
  core_ = std::make_unique<Core>(Core{.waiter = make_waiter()});
  core_->shared = std::make_unique<Multi>(*core_, max_connections());
}

Loop::~Loop() = default;

Transfer Loop::open(const Request& request) {
  auto state = std::make_unique<Transfer::State>(request);
  CURL* handle = state->easy.get();
  set_option<CURLOPT_CONNECTTIMEOUT_MS>(handle,
                                        static_cast<long>(options_.connect_timeout.count()));
  set_option<CURLOPT_USERAGENT>(handle, options_.user_agent.c_str());
  set_option<CURLOPT_BUFFERSIZE>(handle, core_->transfers < kMany ? kReadBytes : kReadBytesOfMany);
  if (request.url.starts_with("https:") || !is_on_this_machine(request.url)) {
    authorities_.apply(handle);  // a proxy may want TLS even for plain http
  }
  choose_proxy(request, *state);
  if (options_.record) state->record(request);
  return Transfer(*this, std::move(state));
}

// A proxy from the environment is for other machines: it cannot reach this one. One that the user
// names is used for this machine too, but must not read what goes there in clear text, and never a
// token.
void Loop::choose_proxy(const Request& request, Transfer::State& state) {
  CURL* handle = state.easy.get();
  const bool is_encrypted = request.url.starts_with("https:");
  const bool has_secret = request.token != nullptr || request.gateway_header != nullptr;
  const bool exposes_secret = has_secret && !is_encrypted;
  const bool wants_proxy = is_encrypted && !options_.proxy.empty();
  if (options_.no_proxy || exposes_secret || (!wants_proxy && is_on_this_machine(request.url))) {
    set_option<CURLOPT_PROXY>(handle, "");
  } else if (!options_.proxy.empty()) {
    set_option<CURLOPT_PROXY>(handle, options_.proxy.c_str());
    state.has_tls_proxy = options_.proxy.starts_with("https:");
  } else {
    check_proxy_of_environment(request.url);
  }
}

// Parsing a URL takes longer than most of what is done with it, and there are few servers.
bool Loop::is_on_this_machine(const std::string& url) {
  const std::string root(root_of(url));
  if (const auto known = core_->on_this_machine.find(root); known != core_->on_this_machine.end()) {
    return known->second;
  }
  const auto parsed = parse_url(url);
  const bool is = parsed && parsed->is_loopback();
  if (core_->on_this_machine.size() < kMostRoots) core_->on_this_machine.emplace(root, is);
  return is;
}

void Loop::turn(Clock::time_point until) {
  Core& core = *core_;
  if (core.timer() > Clock::now()) {
    const auto limit = core.news.empty() ? std::min(until, core.timer()) : Clock::time_point::min();
    core.waiter->wait(limit, core.ready);
    for (const Waiter::Ready& ready : core.ready) {
      Multi& multi =
          core.sockets_of_separate.contains(ready.socket) ? *core.separate : *core.shared;
      multi.act(ready.socket,
                (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0));
    }
  }
  core.act_if_due();
  core.collect_ended();
  if (core.take_out_of_memory()) throw std::bad_alloc();
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
  core_->news.reserve(core_->transfers + 1);
  CURLM* multi = core_->multi_for(state.keeps_connection).handle.get();
  if (curl_multi_add_handle(multi, state.easy.get()) != CURLM_OK) throw std::bad_alloc();
  state.news = &core_->news;
  ++core_->transfers;
}

void Loop::detach(Transfer::State& state) noexcept {
  if (state.recorded) {
    state.finish_record();
    options_.record(*state.recorded);
  }
  curl_multi_remove_handle(core_->multi_for(state.keeps_connection).handle.get(), state.easy.get());
  if (state.has_news) std::erase(core_->news, &state);
  --core_->transfers;
}

}  // namespace rellama::http
