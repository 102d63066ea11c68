// What a recording keeps of a transfer.

#include <new>

#include "http/loop.hpp"
#include "http/transfer_state.hpp"

namespace rellama::http {

void Transfer::State::record(const Request& request) {
  recorded = std::make_unique<RecordedExchange>();
  recorded->method = request.method;
  recorded->url = request.url;
  recorded->request_headers = request.headers;
  recorded->accepted_compression = request.accepts_compression;
  recorded->request_body = request.body;
  opened = Clock::now();
}

// A file can be of any size, and is not kept in memory otherwise.
void Transfer::State::add_to_record(std::string_view bytes_now) {
  RecordedExchange& exchange = *recorded;
  if (exchange.body.size() + bytes_now.size() > Loop::kMaxBodyBytes) {
    exchange.is_body_left_out = true;
    std::string().swap(exchange.body);
  }
  if (!exchange.is_body_left_out) exchange.body.append(bytes_now);
}

void Transfer::State::finish_record() noexcept {
  recorded->end = how_it_ended();
  recorded->time = Clock::now() - opened;
  if (!head_complete) return;
  recorded->status = head.status;
  recorded->headers.swap(head.headers);
}

}  // namespace rellama::http
