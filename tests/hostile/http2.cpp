// As much of HTTP/2 (RFC 9113) as it takes to end it in every way.

#include <algorithm>
#include <map>

#include "hostile/wire.hpp"

namespace rellama::test {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum FrameType : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kResetStream = 3,
  kSettings = 4,
  kPing = 6,
  kGoAway = 7,
};
constexpr std::uint8_t kEndStream = 0x1;  // an acknowledgment, in SETTINGS and PING
constexpr std::uint8_t kEndHeaders = 0x4;
constexpr std::uint8_t kPadded = 0x8;
constexpr std::uint8_t kPriority = 0x20;

std::string big_endian(std::uint32_t number, int bytes = 4) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 0xFFU);
  return text;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

std::string frame(FrameType type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload) {
  std::string bytes = big_endian(static_cast<std::uint32_t>(payload.size()), 3);
  bytes += static_cast<char>(type);
  bytes += static_cast<char>(flags);
  return bytes.append(big_endian(stream)).append(payload);
}

class Http2 final : public Requests, public Wire {
 public:
  explicit Http2(Socket& socket) : Wire(socket) { raw(frame(kSettings, 0, 0, {})); }

  std::optional<HostileRequest> next() override {
    while (unread_.size() < kPreface.size() && !has_preface_) {
      if (!read_more()) return std::nullopt;
    }
    if (!std::exchange(has_preface_, true)) unread_.erase(0, kPreface.size());
    while (true) {
      std::size_t size = 0;
      while (unread_.size() < 9 || unread_.size() < (size = number_at(unread_, 0, 3)) + 9) {
        if (!read_more()) return std::nullopt;
      }
      const std::string head = unread_.substr(0, 9);
      const std::string payload = unread_.substr(9, size);
      unread_.erase(0, 9 + size);
      if (take_frame(static_cast<std::uint8_t>(head[3]), static_cast<std::uint8_t>(head[4]),
                     number_at(head, 5, 4), payload)) {
        HostileRequest request = std::move(open_.at(stream_));
        open_.erase(stream_);
        request.number = ++count_;
        return request;
      }
    }
  }
  Wire& wire() override { return *this; }

  void respond(int status, const std::string& type, const std::string& body,
               const Fields& more) override {
    Fields fields{{":status", std::to_string(status)}, {"content-type", type}};
    fields.insert(fields.end(), more.begin(), more.end());
    raw(frame(kHeaders, kEndHeaders, stream_, render_fields(fields)));
    raw(frame(kData, kEndStream, stream_, body));
  }
  void begin_stream() override {
    raw(frame(kHeaders, kEndHeaders, stream_,
              render_fields({{":status", "200"}, {"content-type", "text/event-stream"}})));
  }
  void send(std::string_view bytes) override { raw(frame(kData, 0, stream_, bytes)); }
  void finish() override { raw(frame(kData, kEndStream, stream_, {})); }
  void reset_stream(std::uint32_t error) override {
    raw(frame(kResetStream, 0, stream_, big_endian(error)));
  }
  void go_away(std::uint32_t error, std::uint32_t last_stream) override {
    raw(frame(kGoAway, 0, 0, big_endian(last_stream) + big_endian(error)));
  }
  [[nodiscard]] std::uint32_t stream() const override { return stream_; }

 private:
  // True if a request is complete, whose stream is then stream_.
  bool take_frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload) {
    if (type == kSettings && (flags & kEndStream) == 0) raw(frame(kSettings, kEndStream, 0, {}));
    if (type == kPing && (flags & kEndStream) == 0) raw(frame(kPing, kEndStream, 0, payload));
    if (type != kHeaders && type != kData) return false;
    if ((flags & kPadded) != 0) {
      const auto padding = static_cast<unsigned char>(payload.front());
      payload = payload.substr(1, payload.size() - 1 - padding);
    }
    HostileRequest& request = open_[stream];
    if (type == kData) {
      request.body += payload;
    } else {
      if ((flags & kPriority) != 0) payload.remove_prefix(5);
      read_head(payload, request);
    }
    stream_ = stream;
    return (flags & kEndStream) != 0;
  }

  void read_head(std::string_view block, HostileRequest& request) {
    request.is_http2 = true;
    for (auto& [name, value] : headers_.read(block)) {
      if (name == ":method") request.method = std::move(value);
      if (name == ":path") request.path = std::move(value);
      if (name == "last-event-id") request.last_event_id = std::move(value);
    }
  }

  bool read_more() {
    const std::string more = socket_.read_some();
    unread_ += more;
    return !more.empty();
  }

  std::string unread_;
  bool has_preface_ = false;
  HpackReader headers_;
  std::map<std::uint32_t, HostileRequest> open_;
  std::uint32_t stream_ = 0;
  int count_ = 0;
};

}  // namespace

std::unique_ptr<Requests> make_http2(Socket& socket) {
  return std::make_unique<Http2>(socket);
}

}  // namespace rellama::test
