#include <algorithm>
#include <cctype>

#include "hostile/wire.hpp"

namespace rellama::test {
namespace {

class Http1 final : public Requests, public Wire {
 public:
  explicit Http1(Socket& socket) : Wire(socket) {}

  std::optional<HostileRequest> next() override {
    std::size_t end = 0;
    while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    const std::string head = unread_.substr(0, end + 2);
    unread_.erase(0, end + 4);
    const std::string length = header(head, "content-length");
    const std::size_t size = length.empty() ? 0 : std::stoul(length);
    while (unread_.size() < size) {
      if (!read_more()) return std::nullopt;
    }
    HostileRequest request;
    request.method = head.substr(0, head.find(' '));
    const std::size_t path = request.method.size() + 1;
    request.path = head.substr(path, head.find(' ', path) - path);
    request.body = unread_.substr(0, size);
    request.last_event_id = header(head, "last-event-id");
    request.number = ++count_;
    unread_.erase(0, size);
    return request;
  }
  Wire& wire() override { return *this; }

  void respond(int status, const std::string& type, const std::string& body,
               const Fields& more) override {
    raw(render_http1(status, type, body, more));
  }
  void begin_stream() override {
    raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
  }
  void send(std::string_view bytes) override { raw(bytes); }
  void finish() override { close(); }

 private:
  static std::string header(const std::string& head, const std::string& name) {
    std::string lower(head);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto at = lower.find("\r\n" + name + ":");
    if (at == std::string::npos) return {};
    const auto begin = head.find_first_not_of(' ', at + name.size() + 3);
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }

  bool read_more() {
    const std::string more = socket_.read_some();
    unread_ += more;
    return !more.empty();
  }

  std::string unread_;
  int count_ = 0;
};

}  // namespace

std::unique_ptr<Requests> make_http1(Socket& socket) {
  return std::make_unique<Http1>(socket);
}

std::string render_http1(int status, const std::string& type, const std::string& body,
                         const Fields& more) {
  std::string bytes = "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n";
  for (const auto& [name, value] : more) bytes += name + ": " + value + "\r\n";
  return bytes + "Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

}  // namespace rellama::test
