#include "emulator/delivery.hpp"

#include <utility>

#include "emulator/body_stream.hpp"
#include "emulator/pending_reply.hpp"

namespace rellama::emulator {
namespace {

/// Parts are sent together up to this size, or a fast stream would become many small writes.
constexpr std::size_t kLargestWrite = 32 * 1024;

httpd::Head head_of(Reply& reply) {
  httpd::Head head{.status = reply.status};
  if (!reply.content_type.empty()) head.headers.emplace_back("Content-Type", reply.content_type);
  for (auto& header : reply.headers) head.headers.push_back(std::move(header));
  return head;
}

void send_parts(BodyStream& stream, const httpd::Exchange& exchange) {
  std::string bytes;
  BodyStream::Part part;
  do {
    part = stream.next();
    bytes += part.bytes;
  } while (part.after == BodyStream::After::more && !part.bytes.empty() &&
           bytes.size() < kLargestWrite);
  exchange.send(bytes);
  switch (part.after) {
    case BodyStream::After::more:
      if (part.again) exchange.wake_at(*part.again);
      break;
    case BodyStream::After::end: exchange.finish(); break;
    case BodyStream::After::broken: exchange.abort(); break;
    case BodyStream::After::reset: exchange.reset(); break;
  }
}

void deliver_stream(Reply& reply, const httpd::Exchange& exchange) {
  httpd::Head head = head_of(reply);
  head.length = reply.announced;
  if (reply.stream->byte_by_byte()) head.largest_chunk = 1;
  exchange.begin(std::move(head));
  reply.stream->on_change([exchange] { exchange.wake(); });
  exchange.on_ready([exchange, stream = reply.stream] { send_parts(*stream, exchange); });
}

void deliver_pending(Reply& reply, const httpd::Exchange& exchange, const ReplyObserver& observer) {
  reply.pending->on_change([exchange] { exchange.wake(); });
  exchange.on_ready([exchange, observer, pending = reply.pending, headers = reply.headers] {
    auto known = pending->take();
    if (!known) {
      exchange.wake_at(pending->again());
      return;
    }
    known->headers.insert(known->headers.end(), headers.begin(), headers.end());
    deliver(std::move(*known), exchange, observer);
  });
}

void deliver_later(Reply reply, const httpd::Exchange& exchange, const ReplyObserver& observer) {
  const Clock::time_point begin = Clock::now() + std::exchange(reply.delay, {});
  exchange.wake_at(begin);
  exchange.on_ready([exchange, observer, begin, reply = std::move(reply)] {
    if (Clock::now() >= begin) deliver(reply, exchange, observer);
  });
}

void deliver_truncated(Reply& reply, const httpd::Exchange& exchange) {
  httpd::Head head = head_of(reply);
  head.length = reply.announced.value_or(2 * reply.body.size());
  exchange.begin(std::move(head));
  exchange.send(reply.body);
  exchange.abort();
}

void deliver_whole(Reply& reply, const httpd::Exchange& exchange) {
  httpd::Head head = head_of(reply);
  exchange.reply(
      {.status = head.status, .headers = std::move(head.headers), .body = std::move(reply.body)});
}

}  // namespace

void deliver(Reply reply, const httpd::Exchange& exchange, const ReplyObserver& observer) {
  if (reply.delay.count() > 0) {
    deliver_later(std::move(reply), exchange, observer);
    return;
  }
  if (reply.pending) {
    deliver_pending(reply, exchange, observer);
    return;
  }
  observer(reply);
  if (reply.stream) {
    deliver_stream(reply, exchange);
    return;
  }
  switch (reply.ending) {
    case Reply::Ending::complete: deliver_whole(reply, exchange); break;
    case Reply::Ending::truncated: deliver_truncated(reply, exchange); break;
    case Reply::Ending::closed: exchange.abort(); break;
    case Reply::Ending::reset: exchange.reset(); break;
    // As long as there is a copy of it, the exchange stays open.
    case Reply::Ending::none: exchange.on_ready([exchange] {}); break;
  }
}

}  // namespace rellama::emulator
