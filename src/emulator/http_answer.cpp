// Replies out: what libmicrohttpd is told to send, and where that ends badly on purpose.

#include "emulator/http_answer.hpp"

#include <algorithm>
#include <cstring>

#include "emulator/body_stream.hpp"
#include "emulator/tcp.hpp"

namespace rellama::emulator {
namespace {

/// How soon a stream notices that its reader has gone.
constexpr std::chrono::milliseconds kPatience(250);

/// What is not chunked is read from its callback in blocks of this size.
constexpr std::size_t kBlockSize = 32 * 1024;

struct DestroyResponse {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Response = std::unique_ptr<MHD_Response, DestroyResponse>;

int socket_of(MHD_Connection* connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/// A connection that we keep waiting is not idle. Setting a time-out where there was none is what
/// starts libmicrohttpd's clock anew.
void restart_idle_clock(MHD_Connection* connection) {
  MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0U);
  MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, kIdleSeconds);
}

/// The body of a stream: what it says, in pieces as large as libmicrohttpd takes them.
class StreamBody {
 public:
  StreamBody(MHD_Connection* connection, std::shared_ptr<BodyStream> stream)
      : connection_(connection), stream_(std::move(stream)) {}

  /// As MHD_ContentReaderCallback.
  ssize_t read(char* to, std::size_t size) {
    if (sent_ == said_.size()) gather(size);
    if (sent_ == said_.size()) {
      return after_ == BodyStream::After::end ? MHD_CONTENT_READER_END_OF_STREAM
                                              : MHD_CONTENT_READER_END_WITH_ERROR;
    }
    const std::size_t count = std::min(stream_->byte_by_byte() ? 1 : size, said_.size() - sent_);
    std::memcpy(to, said_.data() + sent_, count);
    sent_ += count;
    return static_cast<ssize_t>(count);
  }

 private:
  /// Waits for something to say, then takes what else there is to say by now, until half of the
  /// room is filled: with more, what is left over would make a small write. Nothing is said only at
  /// the end.
  void gather(std::size_t room) {
    said_.clear();
    sent_ = 0;
    while (after_ == BodyStream::After::more && said_.size() < room / 2) {
      const BodyStream::Part part = stream_->next(said_.empty() ? kPatience : kPatience.zero());
      after_ = part.after;
      said_ += part.bytes;
      if (!part.bytes.empty() || after_ != BodyStream::After::more) continue;
      if (!said_.empty()) break;
      if (has_gone(socket_of(connection_))) after_ = BodyStream::After::broken;
    }
    restart_idle_clock(connection_);
  }

  MHD_Connection* connection_;
  std::shared_ptr<BodyStream> stream_;
  std::string said_;
  std::size_t sent_ = 0;  ///< of what was said
  BodyStream::After after_ = BodyStream::After::more;
};

/// A body that breaks off in the middle.
class HalfBody {
 public:
  explicit HalfBody(std::string first_half) : first_half_(std::move(first_half)) {}

  ssize_t read(char* to, std::size_t size) {
    const std::size_t count = std::min(size, first_half_.size() - sent_);
    if (count == 0) return MHD_CONTENT_READER_END_WITH_ERROR;
    std::memcpy(to, first_half_.data() + sent_, count);
    sent_ += count;
    return static_cast<ssize_t>(count);
  }

 private:
  std::string first_half_;
  std::size_t sent_ = 0;
};

/// A response whose body is what `Body::read` gives. It owns the body.
template <class Body>
Response response_from(std::unique_ptr<Body> body, std::uint64_t size) {
  const auto read = [](void* from, std::uint64_t, char* to, std::size_t most) noexcept -> ssize_t {
    try {
      return static_cast<Body*>(from)->read(to, most);
    } catch (...) {
      return MHD_CONTENT_READER_END_WITH_ERROR;
    }
  };
  const auto destroy = [](void* from) noexcept { delete static_cast<Body*>(from); };
  Response response(MHD_create_response_from_callback(size, kBlockSize, read, body.get(), destroy));
  if (response) static_cast<void>(body.release());
  return response;
}

Response make_response(MHD_Connection* connection, Reply& reply) {
  if (reply.stream) {
    return response_from(std::make_unique<StreamBody>(connection, reply.stream), MHD_SIZE_UNKNOWN);
  }
  if (reply.ending == Reply::Ending::truncated) {
    const std::size_t announced = reply.announced.value_or(2 * reply.body.size());
    return response_from(std::make_unique<HalfBody>(std::move(reply.body)), announced);
  }
  return Response(
      MHD_create_response_from_buffer(reply.body.size(), reply.body.data(), MHD_RESPMEM_MUST_COPY));
}

}  // namespace

MHD_Result send_answer(MHD_Connection* connection, Reply reply) {
  restart_idle_clock(connection);
  if (reply.ending == Reply::Ending::closed) return MHD_NO;
  if (reply.ending == Reply::Ending::reset) {
    reset_connection(socket_of(connection));
    return MHD_NO;
  }
  const Response response = make_response(connection, reply);
  if (!response) return MHD_NO;
  if (!reply.content_type.empty()) {
    MHD_add_response_header(response.get(), "Content-Type", reply.content_type.c_str());
  }
  for (const auto& [name, value] : reply.headers) {
    MHD_add_response_header(response.get(), name.c_str(), value.c_str());
  }
  return MHD_queue_response(connection, static_cast<unsigned int>(reply.status), response.get());
}

}  // namespace rellama::emulator
