#include "hostile/api.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <stdexcept>

#include "support/loopback.hpp"

namespace rellama::test {
namespace {

constexpr std::string_view kIdBegin = "hostile0000000000000000";
constexpr auto kPatience = std::chrono::seconds(60);

std::string quoted(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '\n') {
      json += "\\n";
    } else {
      json += c;
    }
  }
  return json + "\"";
}

std::string now_in_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

Asked kind_of(const HostileRequest& request) {
  const std::string path = request.path.substr(0, request.path.find('?'));
  if (request.method == "POST") {
    if (path.ends_with("/cancel")) return Asked::cancel;
    return path.ends_with("/predictions") ? Asked::create : Asked::other;
  }
  if (path.find("/streams/") != std::string::npos) return Asked::stream;
  if (path.ends_with("/predictions")) return Asked::list;
  return path.find("/predictions/") != std::string::npos ? Asked::get : Asked::other;
}

// The number of the prediction that a path names.
std::size_t number_in(const std::string& path) {
  return std::stoul(path.substr(path.find(kIdBegin) + kIdBegin.size()));
}

// The value of "input" in the body of a create request.
std::string input_in(const std::string& body) {
  const auto begin = body.find('{', body.find("\"input\":"));
  if (begin == std::string::npos) return "{}";
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = begin; i < body.size(); ++i) {
    if (in_string && body[i] == '\\') {
      ++i;
    } else if (body[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && body[i] == '{') {
      ++depth;
    } else if (!in_string && body[i] == '}' && --depth == 0) {
      return body.substr(begin, i + 1 - begin);
    }
  }
  return "{}";
}

}  // namespace

const std::vector<std::string>& pieces() {
  static const std::vector<std::string> all{
      "Once ", "upon ", "a ", "time ", "na\xC3\xAFve ", "ha", "ha", "ha", "\n\n", "The ", "end."};
  return all;
}

std::string text_of(std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += pieces().at(i);
  return text;
}

std::string whole_text() {
  return text_of(0, pieces().size());
}

std::string output_of(std::size_t count) {
  std::string json = "[";
  for (std::size_t i = 0; i < count; ++i) json += (i > 0 ? "," : "") + quoted(pieces().at(i));
  return json + "]";
}

std::string render_event(const std::string& type, const std::string& id, const std::string& data) {
  std::string event = "event: " + type + "\n";
  if (!id.empty()) event += "id: " + id + "\n";
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = data.find('\n', begin);
    event += "data: " + data.substr(begin, end - begin) + "\n";
    if (end == std::string::npos) return event + "\n";
    begin = end + 1;
  }
}

std::string piece_event(const std::string& id, std::size_t piece) {
  return render_event("output", id, pieces().at(piece));
}

HostileApi::HostileApi(SSL_CTX* tls) : tls_(tls) {
  const LoopbackListener listening = listen_on_loopback();
  listener_ = listening.socket;
  port_ = listening.port;
  acceptor_ = std::thread([this] { accept_all(); });
}

HostileApi::~HostileApi() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (const auto& socket : sockets_) socket->interrupt();
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

std::string HostileApi::url() const {
  return (tls_ != nullptr ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

int HostileApi::count(Asked what) const {
  const std::lock_guard lock(mutex_);
  return counts_.at(static_cast<std::size_t>(what));
}

void HostileApi::wait_for(Asked what, int count) const {
  std::unique_lock lock(mutex_);
  const bool came = changed_.wait_for(
      lock, kPatience, [&] { return counts_.at(static_cast<std::size_t>(what)) >= count; });
  if (!came) throw std::runtime_error("the program did not ask for what was expected");
}

std::string HostileApi::object(const std::string& status, const std::string& output,
                               const std::string& more) const {
  return object_of(static_cast<std::size_t>(std::max(count(Asked::create), 1)), status, output,
                   more);
}

std::string HostileApi::object_of(std::size_t number, const std::string& status,
                                  const std::string& output, const std::string& more) const {
  std::string input = "{}";
  {
    const std::lock_guard lock(mutex_);
    if (number <= inputs_.size()) input = inputs_[number - 1];
  }
  const std::string id = std::string(kIdBegin) + std::to_string(number);
  const std::string self = url() + "/v1/predictions/" + id;
  return "{\"id\":\"" + id +
         "\",\"model\":\"meta/llama-2-70b-chat\",\"version\":\"hidden\",\"input\":" + input +
         ",\"logs\":\"\",\"error\":null,\"status\":\"" + status + "\",\"output\":" + output +
         ",\"created_at\":\"" + now_in_utc() + "\",\"metrics\":{},\"urls\":{\"get\":\"" + self +
         "\",\"cancel\":\"" + self + "/cancel\",\"stream\":\"" + url() + "/v1/streams/" + id +
         "\"}" + more + "}";
}

std::string HostileApi::page(const std::string& objects) {
  return "{\"next\":null,\"previous\":null,\"results\":[" + objects + "]}";
}

void HostileApi::stream(Wire& wire) {
  wire.begin_stream();
  for (std::size_t i = 0; i < pieces().size(); ++i) {
    wire.send(piece_event("1:" + std::to_string(i), i));
  }
  wire.send(render_event("done", "2:0", "{}"));
  wire.finish();
}

void HostileApi::accept_all() {
  while (true) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopped_) {
      if (fd >= 0) ::close(fd);
      return;
    }
    if (fd < 0) continue;
    Socket& socket = *sockets_.emplace_back(std::make_unique<Socket>(fd));
    threads_.emplace_back([this, &socket] { serve(socket); });
  }
}

void HostileApi::serve(Socket& socket) {
  if (tls_ != nullptr) socket.accept_tls(*tls_);
  const auto requests = socket.chose_http2() ? make_http2(socket) : make_http1(socket);
  while (const auto request = requests->next()) answer(*request, requests->wire());
  socket.close();
}

void HostileApi::answer(const HostileRequest& request, Wire& wire) {
  const Asked kind = kind_of(request);
  {
    const std::lock_guard lock(mutex_);
    ++counts_.at(static_cast<std::size_t>(kind));
    if (kind == Asked::create) {
      inputs_.push_back(input_in(request.body));
      created_by_http2_ = created_by_http2_ || request.is_http2;
    }
    changed_.notify_all();
  }
  if (const Handler& handler = handlers_.at(static_cast<std::size_t>(kind))) {
    handler(request, wire);
    return;
  }
  switch (kind) {
    case Asked::create: wire.respond(201, starting()); break;
    case Asked::get:
      wire.respond(200,
                   object_of(number_in(request.path), "succeeded", output_of(pieces().size())));
      break;
    case Asked::stream: stream(wire); break;
    case Asked::list: wire.respond(200, page(object("processing", "null"))); break;
    case Asked::cancel:
      wire.respond(200, object_of(number_in(request.path), "canceled", "null"));
      break;
    case Asked::other: wire.respond(404, "{\"detail\":\"Not found.\"}"); break;
  }
}

}  // namespace rellama::test
